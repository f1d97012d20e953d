/* SPDX-License-Identifier: MIT */
#include "base/text.h"

#include <stdlib.h>

#include "tap.h"

/* RFC 3629, 3 and 4: what is a character, and what only looks like one. */
static const struct {
	const char	*s;
	size_t		 n, len;
} sequences[] = {
	{ "", 0, 0 },
	{ "a", 1, 1 },
	{ "\0", 1, 1 },
	{ "\xc3\xa9", 2, 2 },
	{ "\xc3\xa9", 1, 0 },			/* cut */
	{ "\xc3\x28", 2, 0 },			/* no continuation */
	{ "\x80", 1, 0 },			/* only a continuation */
	{ "\xc0\xaf", 2, 0 },			/* overlong "/" */
	{ "\xc1\xbf", 2, 0 },
	{ "\xc2\x80", 2, 2 },			/* the least of two */
	{ "\xe0\x9f\xbf", 3, 0 },		/* overlong */
	{ "\xe0\xa0\x80", 3, 3 },
	{ "\xe2\x82\xac", 3, 3 },
	{ "\xe2\x82\xac", 2, 0 },
	{ "\xed\x9f\xbf", 3, 3 },
	{ "\xed\xa0\x80", 3, 0 },		/* surrogate */
	{ "\xed\xbf\xbf", 3, 0 },
	{ "\xee\x80\x80", 3, 3 },
	{ "\xf0\x8f\xbf\xbf", 4, 0 },		/* overlong */
	{ "\xf0\x90\x80\x80", 4, 4 },
	{ "\xf4\x8f\xbf\xbf", 4, 4 },		/* U+10FFFF */
	{ "\xf4\x90\x80\x80", 4, 0 },
	{ "\xf5\x80\x80\x80", 4, 0 },
	{ "\xff", 1, 0 },
};

/* In, out by text_clean, out by text_show. */
static const struct {
	const char	*in;
	size_t		 n;
	const char	*clean, *show;
} samples[] = {
	{ "plain", 5, "plain", "plain" },
	{ "\xc3\xa9t\xc3\xa9", 5, "\xc3\xa9t\xc3\xa9", "\xc3\xa9t\xc3\xa9" },
	{ "a\0b", 3, "a\xef\xbf\xbd" "b", "a\\x00b" },
	{ "\xff" "a\xe2\x82", 4, "\xef\xbf\xbd" "a\xef\xbf\xbd\xef\xbf\xbd",
	    "\\xffa\\xe2\\x82" },
	{ "\x1b[2J\n\t\r\x7f", 8, "\x1b[2J\n\t\r\x7f",
	    "\\x1b[2J\\n\\t\\x0d\\x7f" },
	{ "\xc2\x9b" "31m\xc2\xa0", 7, "\xc2\x9b" "31m\xc2\xa0",
	    "\\xc2\\x9b" "31m\xc2\xa0" },		/* C1: an 8-bit CSI */
	/* U+202E, a tag and a zero width space; letters that only look odd */
	{ "a\xe2\x80\xae" "b", 5, "a\xe2\x80\xae" "b", "a\\u202e" "b" },
	{ "\xf3\xa0\x81\x81", 4, "\xf3\xa0\x81\x81", "\\U000e0041" },
	{ "\xe2\x80\x8b", 3, "\xe2\x80\x8b", "\\u200b" },
	{ "\xef\xbb\xbf", 3, "\xef\xbb\xbf", "\\ufeff" },
	{ "\xd8\x9c\xc2\xad", 4, "\xd8\x9c\xc2\xad", "\\u061c\\u00ad" },
	{ "\xe2\x81\xa6\xe2\x81\xa9", 6, "\xe2\x81\xa6\xe2\x81\xa9",
	    "\\u2066\\u2069" },
	{ "\xd7\x90\xe0\xa4\x95\xf0\x9f\x98\x80", 9,
	    "\xd7\x90\xe0\xa4\x95\xf0\x9f\x98\x80",
	    "\xd7\x90\xe0\xa4\x95\xf0\x9f\x98\x80" },
	{ "\xe2\x80\xa7\xe2\x80\xaf\xe2\x81\xb0", 9,
	    "\xe2\x80\xa7\xe2\x80\xaf\xe2\x81\xb0",
	    "\xe2\x80\xa7\xe2\x80\xaf\xe2\x81\xb0" },
	{ "\xc2", 1, "\xef\xbf\xbd", "\\xc2" },
};

static void
test_samples(void)
{
	for (size_t i = 0; i < sizeof(samples) / sizeof(samples[0]); i++) {
		struct buf clean = BUF_INIT, show = BUF_INIT;

		text_clean(&clean, samples[i].in, samples[i].n);
		text_show(&show, samples[i].in, samples[i].n);
		IS_STR(clean.data, samples[i].clean);
		IS_STR(show.data, samples[i].show);
		buf_release(&clean);
		buf_release(&show);
	}
}

static void
test_hex(void)
{
	uint8_t raw[4] = { 0x00, 0x1f, 0xa5, 0xff };
	char hex[9];

	text_hex(hex, raw, 4);
	IS_STR(hex, "001fa5ff");
	text_hex(hex, raw, 0);
	IS_STR(hex, "");
	memset(raw, 0, sizeof(raw));
	OK(text_unhex(raw, 4, "001Fa5fF", 8) == 4);
	OK(raw[1] == 0x1f && raw[2] == 0xa5 && raw[3] == 0xff);
	OK(text_unhex(raw, 4, "", 0) == 0);
	OK(text_unhex(raw, 4, "0011", 3) == -1);
	OK(text_unhex(raw, 4, "0011223344", 10) == -1);
	OK(text_unhex(raw, 4, "0g", 2) == -1);
	OK(text_unhex(raw, 4, " 1", 2) == -1);
	OK(text_unhex(raw, 4, "1\x01", 2) == -1);	/* 0x01 | 0x20 is '!' */
	OK(text_unhex(raw, 4, "@1", 2) == -1);
}

static void
test_match(void)
{
	static const char *const list[] = { "/dev/ttyACM*", "COM[1-3]", NULL };
	static const char *const none[] = { NULL };

	OK(text_match("/dev/ttyACM0", list));
	OK(text_match("COM3", list));
	OK(!text_match("COM4", list));
	OK(!text_match("/dev/ttyACM0", none));
	OK(!text_match("/dev/ttyACM0", NULL));
}

static void
test_equal(void)
{
	const char *const same = "a", *const null = NULL;
	const struct {
		const char	*a, *b;
		bool		 same, equal, alike, agrees;
	} pairs[] = {
		{ "a", same, true, true, true, true },
		{ "a", "b", false, false, false, false },
		{ "a", null, false, false, false, true },
		{ "", null, false, false, true, true },
		{ null, "a", false, false, false, true },
		{ null, "", false, false, true, true },
		{ null, null, false, true, true, true },
	};

	for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++) {
		const char *a = pairs[i].a, *b = pairs[i].b;

		OK(text_same(a, b) == pairs[i].same);
		OK(text_equal(a, b) == pairs[i].equal);
		OK(text_alike(a, b) == pairs[i].alike);
		OK(text_agrees(a, b) == pairs[i].agrees);
	}
	OK(text_compare("a", "b") < 0 && text_compare("b", "a") > 0);
	OK(text_compare(NULL, "a") < 0 && text_compare("a", NULL) > 0);
}

static void
test_lists(void)
{
	static const char *const list[] = { "uf2", "dfu", NULL };
	const char *names[] = { "b", "a", "c" };

	OK(text_in("uf2", list) && text_in("dfu", list));
	OK(!text_in("uf", list) && !text_in("uf2", list + 2));
	qsort(names, 3, sizeof(names[0]), text_order);
	IS_STR(names[0], "a");
	IS_STR(names[1], "b");
	IS_STR(names[2], "c");
}

static void
test_parts(void)
{
	IS_STR(text_url_host("https://me:a@b@host/x"), "host/x");
	IS_STR(text_url_host("https://me@host?a"), "host?a");
	OK(text_url_host("https://host/a@b") == NULL);
	OK(text_url_host("https://host?a@b") == NULL);
	OK(text_url_host("github:acme/fw@v1#*.uf2") == NULL);
	OK(text_url_host("/home/me@host/x") == NULL);
	IS_STR(text_base_name("/a/b.uf2"), "b.uf2");
	IS_STR(text_base_name("b.uf2"), "b.uf2");
	IS_STR(text_base_name("a/"), "");
	OK(text_base_name(NULL) == NULL);
	IS_STR(text_without_name("ttyACM0: in use", "ttyACM0"), "in use");
	IS_STR(text_without_name("ttyACM0: in use", "ttyACM"),
	    "ttyACM0: in use");
	IS_STR(text_without_name("x:y", "x"), "x:y");
	IS_STR(text_without_name(": in use", ""), ": in use");
	IS_STR(text_without_name("in use", NULL), "in use");
}

int
main(void)
{
	for (size_t i = 0; i < sizeof(sequences) / sizeof(sequences[0]); i++) {
		const size_t len = text_utf8(sequences[i].s, sequences[i].n);

		OK(len == sequences[i].len);
		if (len != sequences[i].len)
			printf("# sequence %zu: %zu\n", i, len);
	}
	test_samples();
	test_hex();
	test_match();
	test_equal();
	test_lists();
	test_parts();
	return tap_done();
}
