/* SPDX-License-Identifier: MIT */
#include "tool/run.h"

#include <locale.h>
#include <stdlib.h>
#include <string.h>

#include "tap.h"

static void
cuts(const char *s, size_t width, const char *want, const char *want_front)
{
	char *got = layout_cut(s, width, "..."),
	    *front = layout_cut_front(s, width, "...");

	IS_STR(got, want);
	IS_STR(front, want_front);
	free(got);
	free(front);
}

static void
test_cut(void)
{
	cuts("", 0, "", "");
	cuts("abcdef", 6, "abcdef", "abcdef");
	cuts("abcdef", 5, "ab...", "...ef");
	cuts("abcdef", 3, "...", "...");
	cuts("abcdef", 0, "...", "...");
	cuts("ab cdef", 6, "ab...", "...def");	/* no blank before the dots */
}

/* Letters of several bytes, and of two cells. */
static void
test_letters(void)
{
	cuts("\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9", 4, "\xc3\xa9...",
	    "...\xc3\xa9");
	cuts("\xe4\xb8\xad\xe6\x96\x87\xe4\xb8\xad", 5, "\xe4\xb8\xad...",
	    "...\xe4\xb8\xad");
	cuts("\xe4\xb8\xad\xe6\x96\x87\xe4\xb8\xad", 4, "...", "...");
	OK(layout_width("\xc3\xa9") == 1);
	OK(layout_width("\xe4\xb8\xad") == 2);
}

static void
test_width(void)
{
	OK(layout_width("") == 0 && layout_width("abc") == 3);
	OK(layout_width("\xff") == 1);	/* another locale's */
}

/* s becomes these lines, behind used cells of the first one. */
static void
wraps(const char *s, size_t used, size_t room, const char *want)
{
	struct buf out = BUF_INIT;

	layout_wrap(&out, s, used, 2, room);
	IS_STR(out.data, want);
	buf_release(&out);
}

static void
test_wrap(void)
{
	wraps("", 0, 9, "");
	wraps("one two three", 0, 0, "one two three");
	wraps("one two three", 0, 13, "one two three");
	wraps("one two three", 0, 12, "one two\n  three");
	wraps("one two three", 6, 12, "one\n  two three");
	wraps("one two three", 6, 9, "one\n  two\n  three");
	/* Too long for any line. */
	wraps("a four-letters b", 0, 8, "a\n  four-letters\n  b");
	wraps("four-letters", 4, 8, "four-letters");
	wraps("a  b ", 0, 9, "a  b");
}

/* c is fitted; -1 stands for a column that is gone. */
static void
fits(struct layout *c, size_t room, int a, int b, int third)
{
	const int want[] = { a, b, third };

	layout_fit(c, 3, room);
	for (int i = 0; i < 3; i++)
		OK(want[i] == -1 ? c[i].gone :
		    !c[i].gone && c[i].width == (size_t)want[i]);
}

#define COLUMNS(a, ya, b, yb, c, yc) (struct layout[]){ \
	{ a, LAYOUT_##ya, false }, { b, LAYOUT_##yb, false }, \
	{ c, LAYOUT_##yc, false } }

static void
test_fit(void)
{
	fits(COLUMNS(9, KEEP, 9, CUT, 9, CUT), 31, 9, 9, 9);
	/* The widest text gives way, as far as it has to. */
	fits(COLUMNS(9, KEEP, 40, CUT, 30, CUT), 73, 9, 30, 30);
	fits(COLUMNS(9, KEEP, 40, CUT, 30, CUT), 63, 9, 25, 25);
	/* Then what matters less goes, and its gap; then texts get short. */
	fits(COLUMNS(9, KEEP, 9, GOES, 40, CUT), 46, 9, 9, 24);
	fits(COLUMNS(9, KEEP, 9, GOES, 40, CUT), 45, 9, -1, 34);
	fits(COLUMNS(9, KEEP, 9, GOES, 40, CUT), 20, 9, -1, 9);
	/* At last names, but never what is to be kept. */
	fits(COLUMNS(9, KEEP, 40, CUT_LAST, 40, CUT), 40, 9, 19, 8);
	fits(COLUMNS(50, KEEP, 40, CUT_LAST, 40, CUT), 40, 50, 8, 8);
	/* One that is empty takes no room. */
	{
		struct layout *c = COLUMNS(9, KEEP, 9, CUT, 9, CUT);

		c[1].gone = true;
		fits(c, 20, 9, -1, 9);
	}
}

int
main(void)
{
	if (setlocale(LC_CTYPE, "C.UTF-8") != NULL)
		test_letters();
	test_width();
	test_cut();
	test_fit();
	test_wrap();
	return tap_done();
}
