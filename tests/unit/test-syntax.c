/* SPDX-License-Identifier: MIT */
#include "stream/syntax.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "tap.h"

static const struct {
	const char	*text;
	enum syntax	 want;
} cases[] = {
	{ "{}", SYNTAX_JSON }, { "[]", SYNTAX_JSON }, { "\"\"", SYNTAX_JSON },
	{ " [ 1 , -0 , 0.5 , 1e400 , -1.5E-7 , 2E+9 ]\r", SYNTAX_JSON },
	{ "[true,false,null,[],{}]", SYNTAX_JSON },
	{ "123456789012345678901234567890", SYNTAX_JSON },
	{ "[\"\\ud800\",\"\\u0000\",\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"]",
	  SYNTAX_JSON },
	{ "{\"a\\u0000b\":1,\"a\":{\"mpf\":1},\"a\":2}", SYNTAX_JSON },
	{ "[{\"mpf\":1}]", SYNTAX_JSON },
	{ "{\"mpf\":null}", SYNTAX_JSON }, { "{\"mpfx\":1}", SYNTAX_JSON },
	{ "{\"mp\":1,\"x\":\"mpf\"}", SYNTAX_JSON },
	{ "{\"mpf\":1}", SYNTAX_RECORD },
	{ "{\"a\":[1],\"mpf\":false,\"b\":1e999}", SYNTAX_RECORD },
	{ "{\"\\u006d\\u0070f\" : {}}", SYNTAX_RECORD },

	{ "", SYNTAX_NONE }, { " ", SYNTAX_NONE }, { "x", SYNTAX_NONE },
	{ "{} {}", SYNTAX_NONE }, { "1,2", SYNTAX_NONE },
	{ "[1", SYNTAX_NONE }, { "[1,]", SYNTAX_NONE },
	{ "[,1]", SYNTAX_NONE }, { "[1 2]", SYNTAX_NONE },
	{ "[1}", SYNTAX_NONE }, { "]", SYNTAX_NONE },
	{ "{\"a\"}", SYNTAX_NONE }, { "{\"a\":}", SYNTAX_NONE },
	{ "{\"a\":1,}", SYNTAX_NONE }, { "{1:1}", SYNTAX_NONE },
	{ "{\"a\":1]", SYNTAX_NONE }, { "{\"mpf\":1", SYNTAX_NONE },
	{ "01", SYNTAX_NONE }, { "+1", SYNTAX_NONE }, { ".5", SYNTAX_NONE },
	{ "1.", SYNTAX_NONE }, { "1e", SYNTAX_NONE }, { "-", SYNTAX_NONE },
	{ "-true", SYNTAX_NONE }, { "nul", SYNTAX_NONE },
	{ "NaN", SYNTAX_NONE }, { "'a'", SYNTAX_NONE },
	{ "\"a", SYNTAX_NONE }, { "\"\\", SYNTAX_NONE },
	{ "\"\\x41\"", SYNTAX_NONE }, { "\"\\u00g0\"", SYNTAX_NONE },
	{ "\"\\u00\"", SYNTAX_NONE }, { "\"a\tb\"", SYNTAX_NONE },
	{ "\"\xc3\x28\"", SYNTAX_NONE }, { "\"\xed\xa0\x80\"", SYNTAX_NONE },
};

static void
test_check(void)
{
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const enum syntax got = syntax_check(cases[i].text,
		    strlen(cases[i].text));

		OK(got == cases[i].want);
		if (got != cases[i].want)
			printf("#  got %d of: %s\n", got, cases[i].text);
	}
	OK(syntax_check("\"\0\"", 3) == SYNTAX_NONE);
	OK(syntax_check("1\0", 2) == SYNTAX_NONE);
	OK(syntax_check("{\"\\", 3) == SYNTAX_NONE);
}

/* As deep as a line can be. */
static void
test_deep(void)
{
	const size_t n = 1 << 20;
	char *s = mem_alloc(n);

	memset(s, '[', n / 2);
	memset(s + n / 2, ']', n / 2);
	OK(syntax_check(s, n) == SYNTAX_JSON);
	OK(syntax_check(s, n - 1) == SYNTAX_NONE);
	free(s);
}

static void
test_plain(void)
{
	static const char text[] = "{\"mpf\":1,\"a 1e9\":[1e400,-12,"
	    "12345678901234567890,0.25],\"s\":\"\\ud800x\\ud83d\\ude00"
	    "\\udc00\\u0000\\\"1e9\"}";
	struct buf out = BUF_INIT;

	syntax_plain(text, strlen(text), &out);
	IS_STR(out.data, "{\"mpf\":1,\"a 1e9\":[0,-12,0,0.25],"
	    "\"s\":\"\\ufffdx\\ud83d\\ude00\\ufffd\\ufffd\\\"1e9\"}");
	buf_release(&out);
}

int
main(void)
{
	test_check();
	test_deep();
	test_plain();
	return tap_done();
}
