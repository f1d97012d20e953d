/* SPDX-License-Identifier: MIT */
#include "toml/toml.h"

#include "../tests/unit/tap.h"

/* A document that is none, and where and why. */
static const struct {
	const char	*text, *msg;
} invalid[] = {
	/* bytes and characters */
	{ "a = \"\xff\"", "line 1, column 6: byte 0xff is not UTF-8" },
	{ "# \xc3\xa9\xc3\n", "line 1, column 4: byte 0xc3 is not UTF-8" },
	{ "a = '\xed\xa0\x80'", "line 1, column 6: byte 0xed is not UTF-8" },
	{ "a = 1 # \x01", "line 1, column 9: control character 0x01" },
	{ "a = \"\x1f\"", "line 1, column 6: control character 0x1f" },
	{ "a = \"\x7f\"", "line 1, column 6: control character 0x7f" },
	{ "a = '''\x0b'''", "line 1, column 8: control character 0x0b" },
	{ "a = 1\rb = 2", "line 1, column 6: control character 0x0d" },
	{ "a = '''\r'''", "line 1, column 8: control character 0x0d" },
	{ "\xff\xfe" "a", "line 1, column 1: byte 0xff is not UTF-8" },
	{ "a=1\n\xef\xbb\xbf" "b=1",
	  "line 2, column 1: '\\ufeff' where a key should be" },

	/* keys and pairs */
	{ "a", "line 1, column 2: the end where '=' should be" },
	{ "a\n= 1", "line 1, column 2: line ends where '=' should be" },
	{ "a =", "line 1, column 4: the end where a value should be" },
	{ "a =\n1", "line 1, column 4: line ends where a value should be" },
	{ "= 1", "line 1, column 1: '=' where a key should be" },
	{ "a = 1 b = 2",
	  "line 1, column 7: 'b' where the end of the line should be" },
	{ "a b = 1", "line 1, column 3: 'b' where '=' should be" },
	{ "a. = 1", "line 1, column 4: '=' where a key should be" },
	{ ".a = 1", "line 1, column 1: '.' where a key should be" },
	{ "a..b = 1", "line 1, column 3: '.' where a key should be" },
	{ "\xc3\xa9 = 1", "line 1, column 1: '\xc3\xa9' where a key" },
	{ "\"\"\"a\"\"\" = 1", "line 1, column 3: '\"' where '=' should be" },
	{ "\"a\nb\" = 1", "line 1, column 1: string has no end on its line" },
	{ "a = 1\na = 2", "line 2, column 1: key 'a' is given twice" },
	{ "a = 1\n\"a\" = 2", "line 2, column 1: key 'a' is given twice" },
	{ "a.b = 1\na.b = 2", "line 2, column 3: key 'b' is given twice" },
	{ "a = 1\na.b = 2", "line 2, column 1: key 'a' has a value already" },
	{ "a.b = 1\na = 2", "line 2, column 1: key 'a' is given twice" },
	{ "a = [1]\na.b = 2", "line 2, column 1: key 'a' has a value" },

	/* strings */
	{ "a = \"x", "line 1, column 5: string has no end on its line" },
	{ "a = \"x\ny\"", "line 1, column 5: string has no end on its line" },
	{ "a = 'x\r\n'", "line 1, column 5: string has no end on its line" },
	{ "a = \"\"\"x\n\n", "line 1, column 5: string has no end" },
	{ "a = '''x''", "line 1, column 5: string has no end" },
	{ "a = \"\"\"x\"\"\"\"\"\"",
	  "line 1, column 14: '\"' where the end of the line should be" },
	{ "a = \"\\x41\"", "line 1, column 6: no such escape" },
	{ "a = \"\\e\"", "line 1, column 6: no such escape" },
	{ "a = \"\\", "line 1, column 6: no such escape" },
	{ "a = \"\\ \n\"", "line 1, column 6: no such escape" },
	{ "a = \"\"\"\\ x\n\"\"\"", "line 1, column 8: no such escape" },
	{ "a = \"\\u12\"", "line 1, column 6: escape needs 4 hex digits" },
	{ "a = \"\\U0000000g\"", "escape needs 8 hex digits" },
	{ "a = \"\\uD800\"", "escape U+D800 is no character" },
	{ "a = \"\\U00110000\"", "escape U+110000 is no character" },
	{ "a = \"\\Uffffffff\"", "escape U+FFFFFFFF is no character" },
	{ "a = \"\"b", "line 1, column 7: 'b' where the end of the line" },

	/* numbers */
	{ "a = 01", "line 1, column 5: number begins with 0" },
	{ "a = -007", "number begins with 0" },
	{ "a = 00.5", "number begins with 0" },
	{ "a = 1__0", "'1__0' is no value" },
	{ "a = _1", "'_1' is no value" },
	{ "a = 1_", "'1_' is no value" },
	{ "a = ++1", "'++1' is no value" },
	{ "a = +", "'+' is no value" },
	{ "a = 9223372036854775808", "integer does not fit into 64 bits" },
	{ "a = -9223372036854775809", "integer does not fit into 64 bits" },
	{ "a = 99999999999999999999999", "does not fit into 64 bits" },
	{ "a = 0x8000000000000000", "integer does not fit into 64 bits" },
	{ "a = 0xg", "'0xg' is no number of base 16" },
	{ "a = 0o8", "'0o8' is no number of base 8" },
	{ "a = 0b2", "'0b2' is no number of base 2" },
	{ "a = 0x", "'0x' is no number of base 16" },
	{ "a = 0x_1", "'0x_1' is no number of base 16" },
	{ "a = 0x1_", "'0x1_' is no number of base 16" },
	{ "a = +0x1", "'+0x1' is no number" },
	{ "a = 0X1", "'0X1' is no number" },
	{ "a = 1.", "'1.' is no number" },
	{ "a = .1", "'.1' is no value" },
	{ "a = 1.e1", "'1.e1' is no number" },
	{ "a = 1e", "'1e' is no number" },
	{ "a = 1e1.0", "'1e1.0' is no number" },
	{ "a = 1._5", "'1._5' is no number" },
	{ "a = 1_.5", "'1_.5' is no value" },
	{ "a = 1.5_", "'1.5_' is no number" },
	{ "a = 1e_5", "'1e_5' is no number" },
	{ "a = 1.2.3", "'1.2.3' is no number" },
	{ "a = 1e999", "number does not fit into a 64-bit float" },
	{ "a = Inf", "'Inf' is no value" },
	{ "a = infinity", "'infinity' is no value" },
	{ "a = +true", "'+true' is no value" },
	{ "a = True", "'True' is no value" },
	{ "a = truer", "'truer' is no value" },
	{ "a = bare", "line 1, column 5: 'bare' is no value" },
	{ "a = 1 2", "line 1, column 7: '2' where the end of the line" },

	/* dates and times */
	{ "a = 2026-02-30", "line 1, column 5: day is not one of that month" },
	{ "a = 2023-02-29", "day is not one of that month" },
	{ "a = 1900-02-29", "day is not one of that month" },
	{ "a = 2026-04-31", "day is not one of that month" },
	{ "a = 2026-01-00", "day is not one of that month" },
	{ "a = 2026-13-01", "month is not 01 to 12" },
	{ "a = 2026-00-01", "month is not 01 to 12" },
	{ "a = 2026-1-01", "of another form" },
	{ "a = 2026-01-1", "of another form" },
	{ "a = 20260-01-01", "is no number" },
	{ "a = 2026-01-01T", "of another form" },
	{ "a = 2026-01-01T1:00:00", "of another form" },
	{ "a = 2026-01-01T10:00", "of another form" },
	{ "a = 2026-01-01T24:00:00", "hour is not 00 to 23" },
	{ "a = 2026-01-01T00:60:00", "minute is not 00 to 59" },
	{ "a = 2026-01-01T00:00:61", "second is not 00 to 60" },
	{ "a = 2026-01-01T00:00:00.", "of another form" },
	{ "a = 2026-01-01T00:00:00+24:00", "offset is not" },
	{ "a = 2026-01-01T00:00:00+01:60", "offset is not" },
	{ "a = 2026-01-01T00:00:00+0100", "of another form" },
	{ "a = 2026-01-01T00:00:00Zx", "something behind it" },
	{ "a = 2026-01-01Z", "something behind it" },
	{ "a = 2026-01-01  00:00:00", "line 1, column 17: '0' where the end" },
	{ "a = 2026-01-01 1", "of another form" },
	{ "a = 07:32", "of another form" },
	{ "a = 7:32:00", "'7:32:00' is no number" },
	{ "a = 25:00:00", "hour is not 00 to 23" },
	{ "a = 07:32:00Z", "something behind it" },

	/* arrays and inline tables */
	{ "a = [", "line 1, column 6: the end where a value should be" },
	{ "a = [1", "line 1, column 7: the end where ',' or ']' should be" },
	{ "a = [1 2]", "line 1, column 8: '2' where ',' or ']' should be" },
	{ "a = [,]", "line 1, column 6: ',' where a value should be" },
	{ "a = [1,,2]", "line 1, column 8: ',' where a value should be" },
	{ "a = [1}", "'}' where ',' or ']' should be" },
	{ "a = ]", "']' where a value should be" },
	{ "a = {", "line 1, column 6: the end where a key should be" },
	{ "a = {b=1", "the end where ',' or '}' should be" },
	{ "a = {b=1,}", "line 1, column 10: '}' where a key should be" },
	{ "a = {,b=1}", "',' where a key should be" },
	{ "a = {b=1 c=2}", "'c' where ',' or '}' should be" },
	{ "a = {b=1,\nc=2}", "line ends where a key should be" },
	{ "a = {b=1 # c\n}", "'#' where ',' or '}' should be" },
	{ "a = {b=1, b=2}", "key 'b' is given twice" },
	{ "a = {b=1, b.c=2}", "key 'b' has a value already" },
	{ "a = {b={c=1}, b.d=2}", "key 'b' is a table that was complete" },
	{ "a = {b.c=1, b=2}", "key 'b' is given twice" },
	{ "a = {b=1}\na.c = 2", "line 2, column 1: key 'a' is a table that" },
	{ "a = {}\n[a.b]", "line 2, column 2: key 'a' is an inline table" },
	{ "a = {}\n[a]", "line 2, column 2: key 'a' is a table already" },
	{ "a = {b.c = 1}\n[a.b.d]", "key 'a' is an inline table" },
	{ "a = {b=1}}", "'}' where the end of the line should be" },

	/* tables */
	{ "[", "line 1, column 2: the end where a key should be" },
	{ "[]", "line 1, column 2: ']' where a key should be" },
	{ "[a", "line 1, column 3: the end where ']' should be" },
	{ "[a.]", "']' where a key should be" },
	{ "[a b]", "'b' where ']' should be" },
	{ "[a]]", "']' where the end of the line should be" },
	{ "[a\n]", "line ends where ']' should be" },
	{ "[a] b = 1", "'b' where the end of the line should be" },
	{ "a = 1 [b]", "'[' where the end of the line should be" },
	{ "[a]\n[a]", "line 2, column 2: key 'a' is a table already" },
	{ "[a]\nb=1\n[a.b]", "line 3, column 4: key 'b' has a value already" },
	{ "[a]\nb=1\n[a.b.c]", "line 3, column 4: key 'b' has a value" },
	{ "a.b = 1\n[a]", "line 2, column 2: key 'a' is a table already" },
	{ "[a]\nb.c=1\n[a.b]", "key 'b' is a table already" },
	{ "[a.b.c]\nx=1\n[a]\nb.c.y=1", "key 'c' is a table that was" },
	{ "[a.b.c]\n[a]\nb.d=1\n[a.b]", "key 'b' is a table already" },
	{ "[a.b]\n[a]\nb=1", "line 3, column 1: key 'b' is given twice" },

	/* arrays of tables */
	{ "[[a]", "line 1, column 4: ']' where ']]' should be" },
	{ "[ [a]]", "line 1, column 3: '[' where a key should be" },
	{ "[[a] ]", "']' where ']]' should be" },
	{ "[[]]", "']' where a key should be" },
	{ "[a]\n[[a]]", "line 2, column 3: key 'a' is no array of tables" },
	{ "[a.b]\n[[a]]", "key 'a' is no array of tables" },
	{ "[[a]]\n[a]", "line 2, column 2: key 'a' is an array of tables" },
	{ "a = []\n[[a]]", "line 2, column 3: key 'a' is no array of tables" },
	{ "a = [{}]\n[[a]]", "key 'a' is no array of tables" },
	{ "a = [{b=1}]\n[a.c]", "line 2, column 2: key 'a' has a value" },
	{ "[[a.b]]\n[a]\nb.c=1", "line 3, column 1: key 'b' has a value" },
	{ "[[a]]\nb.c=1\n[a.b]", "key 'b' is a table already" },
};

static void
check_invalid(void)
{
	for (size_t i = 0; i < sizeof(invalid) / sizeof(invalid[0]); i++) {
		struct err e = ERR_INIT;
		struct toml *t = toml_parse(invalid[i].text,
		    strlen(invalid[i].text), "t", &e);

		OK(t == NULL && e.code == ERR_INPUT);
		OK(strstr(e.msg, invalid[i].msg) != NULL &&
		    strncmp(e.msg, "t: line ", 8) == 0);
		if (strstr(e.msg, invalid[i].msg) == NULL)
			printf("# %s\n#  got: %s\n# want: %s\n",
			    invalid[i].text, e.msg, invalid[i].msg);
		toml_free(t);
	}
}

int
main(void)
{
	check_invalid();
	return tap_done();
}
