/* SPDX-License-Identifier: MIT */
#include "tool/run.h"

#include <locale.h>
#include <stdlib.h>
#include <string.h>

#include "tap.h"

static void
wraps(const char *s, size_t width, const char *want)
{
	char *got = layout_wrap(s, width);

	IS_STR(got, want);
	free(got);
}

static void
test_wrap(void)
{
	wraps("", 8, "");
	wraps("one two", 7, "one two");
	wraps("one two", 6, "one\ntwo");
	wraps("one two three", 8, "one two\nthree");
	wraps("/a/bcd/e", 6, "/a/\nbcd/e");
	wraps("abcdefgh", 3, "abc\ndef\ngh");
	wraps("abc", 0, "a\nb\nc");
}

/* Letters of several bytes, and of two cells. */
static void
test_letters(void)
{
	wraps("\xc3\xa9\xc3\xa9\xc3\xa9", 2, "\xc3\xa9\xc3\xa9\n\xc3\xa9");
	wraps("\xe4\xb8\xad\xe6\x96\x87", 3, "\xe4\xb8\xad\n\xe6\x96\x87");
	OK(layout_width("\xc3\xa9") == 1);
	OK(layout_width("\xe4\xb8\xad") == 2);
}

static void
test_width(void)
{
	OK(layout_width("") == 0 && layout_width("abc") == 3);
	OK(layout_width("\xff") == 1);	/* another locale's */
	OK(layout_word("one three five") == 5);
	OK(layout_word("/home/me") == 5);
	OK(layout_word("") == 0);
}

static void
fits(struct layout a, struct layout b, size_t room, size_t want_a,
    size_t want_b)
{
	struct layout c[] = { a, b };

	layout_fit(c, 2, room);
	OK(c[0].width == want_a && c[1].width == want_b);
}

static void
test_fit(void)
{
	const struct layout prose = { 40, 6 }, name = { 30, 30 };

	fits(prose, name, 71, 40, 30);	/* with the blank, all of it */
	fits(prose, name, 61, 30, 30);
	fits(prose, name, 41, 10, 30);	/* the name stays whole */
	fits(prose, name, 31, 6, 24);	/* as long as that is possible */
	fits(prose, name, 3, 6, 8);	/* and then it is too wide */
}

int
main(void)
{
	test_wrap();
	test_width();
	/* This system's locales are of no use to another's processor. */
	if (setlocale(LC_CTYPE, "C.UTF-8") != NULL)
		test_letters();
	test_fit();
	return tap_done();
}
