/* SPDX-License-Identifier: MIT */
#include "toml/toml.h"

#include "../tests/unit/tap.h"

/* A document and what it says, as JSON. */
static const struct {
	const char	*text, *json;
} valid[] = {
	/* nothing at all, comments, line ends */
	{ "", "{}" },
	{ "\n\n", "{}" },
	{ "# only a comment", "{}" },
	{ "# tab\tand \xc3\xa9 in a comment\n\t# another\r\n", "{}" },
	{ "\xef\xbb\xbf" "a = 1", "{\"a\":1}" },
	{ "a = 1\r\nb = 2\r\n", "{\"a\":1,\"b\":2}" },
	{ "a=1# close\nb = 2 # far", "{\"a\":1,\"b\":2}" },
	{ "  \t a \t = \t 1 \t ", "{\"a\":1}" },

	/* keys */
	{ "a-b_C9 = 1", "{\"a-b_C9\":1}" },
	{ "1234 = 1\n-1 = 2\n_ = 3", "{\"1234\":1,\"-1\":2,\"_\":3}" },
	{ "\"a b\" = 1\n'c d' = 2", "{\"a b\":1,\"c d\":2}" },
	{ "'' = 1", "{\"\":1}" },
	{ "\"\\u00e9\\n\" = 1", "{\"\xc3\xa9\\u000a\":1}" },
	{ "a.b.c = 1\na.b.d = 2\na.e = 3",
	  "{\"a\":{\"b\":{\"c\":1,\"d\":2},\"e\":3}}" },
	{ "a . \"b.c\" . 'd' = 1", "{\"a\":{\"b.c\":{\"d\":1}}}" },
	{ "3.14 = 1", "{\"3\":{\"14\":1}}" },
	{ "true = 1\ninf = 2\n1979-05-27 = 3",
	  "{\"true\":1,\"inf\":2,\"1979-05-27\":3}" },
	{ "a.x = 1\nb.x = 2\na.y = 3", "{\"a\":{\"x\":1,\"y\":3},"
	  "\"b\":{\"x\":2}}" },

	/* strings */
	{ "a = \"\"\nb = ''", "{\"a\":\"\",\"b\":\"\"}" },
	{ "a = \"\\b\\t\\n\\f\\r\\\"\\\\\"",
	  "{\"a\":\"\\u0008\\u0009\\u000a\\u000c\\u000d\\\"\\\\\"}" },
	{ "a = \"\\u0041\\u00e9\\u20AC\\U0001F600\"",
	  "{\"a\":\"A\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80\"}" },
	{ "a = \"\\u0000\\u007f\"", "{\"a\":\"\xef\xbf\xbd\x7f\"}" },
	{ "a = \"tab\there # no comment\"",
	  "{\"a\":\"tab\\u0009here # no comment\"}" },
	{ "a = 'C:\\new\\u0041'", "{\"a\":\"C:\\\\new\\\\u0041\"}" },
	{ "a = 'say \"hi\"'\nb = \"it's\"",
	  "{\"a\":\"say \\\"hi\\\"\",\"b\":\"it's\"}" },
	{ "a = \"\"\"\none\ntwo\"\"\"", "{\"a\":\"one\\u000atwo\"}" },
	{ "a = \"\"\"\r\none\r\ntwo\"\"\"", "{\"a\":\"one\\u000atwo\"}" },
	{ "a = \"\"\"\n\n\"\"\"", "{\"a\":\"\\u000a\"}" },
	{ "a = \"\"\"one \\\n   \n\t two\\   \n\"\"\"", "{\"a\":\"one two\"}" },
	{ "a = \"\"\"one \\\r\n \r\n two\"\"\"", "{\"a\":\"one two\"}" },
	{ "a = \"\"\"two \"\"in\"\" it\"\"\"",
	  "{\"a\":\"two \\\"\\\"in\\\"\\\" it\"}" },
	{ "a = \"\"\"\"\"\"\nb = ''''''", "{\"a\":\"\",\"b\":\"\"}" },
	{ "a = \"\"\"\"q\"\"\"\"\"", "{\"a\":\"\\\"q\\\"\\\"\"}" },
	{ "a = '''\n'q'''''", "{\"a\":\"'q''\"}" },
	{ "a = \"\"\"\\\"\"\"\\\"\"\"\"", "{\"a\":\"\\\"\\\"\\\"\\\"\"}" },
	{ "a = '''\n\\n \\\n'''", "{\"a\":\"\\\\n \\\\\\u000a\"}" },

	/* integers */
	{ "a = 0\nb = +0\nc = -0", "{\"a\":0,\"b\":0,\"c\":0}" },
	{ "a = +99\nb = -17\nc = 1_000\nd = 5_3_4",
	  "{\"a\":99,\"b\":-17,\"c\":1000,\"d\":534}" },
	{ "a = 9223372036854775807\nb = -9223372036854775808",
	  "{\"a\":9223372036854775807,\"b\":-9223372036854775808}" },
	{ "a = 0xDEAD_beef\nb = 0o755\nc = 0b1101_0110\nd = 0x00",
	  "{\"a\":3735928559,\"b\":493,\"c\":214,\"d\":0}" },
	{ "a = 0x7fffffffffffffff", "{\"a\":9223372036854775807}" },

	/* floats */
	{ "a = 1.0\nb = -0.01\nc = +3.1415",
	  "{\"a\":1.0,\"b\":-0.01,\"c\":3.1415}" },
	{ "a = 5e+22\nb = 1e06\nc = -2E-2\nd = 6.626e-34",
	  "{\"a\":5e+22,\"b\":1000000.0,\"c\":-0.02,\"d\":6.626e-34}" },
	{ "a = 224_617.445_991_228\nb = 1_0e1_0",
	  "{\"a\":224617.445991228,\"b\":100000000000.0}" },
	{ "a = 0.0\nb = -0.0\nc = 0e0", "{\"a\":0.0,\"b\":-0.0,\"c\":0.0}" },
	{ "a = 0.1\nb = 0.30000000000000004",
	  "{\"a\":0.1,\"b\":0.30000000000000004}" },
	{ "a = 1.7976931348623157e308\nb = 5e-324",
	  "{\"a\":1.7976931348623157e+308,\"b\":4.94065645841247e-324}" },
	{ "a = inf\nb = +inf\nc = -inf",
	  "{\"a\":\"inf\",\"b\":\"inf\",\"c\":\"-inf\"}" },
	{ "a = nan\nb = +nan\nc = -nan",
	  "{\"a\":\"nan\",\"b\":\"nan\",\"c\":\"nan\"}" },

	{ "a = true\nb = false", "{\"a\":true,\"b\":false}" },

	/* dates and times */
	{ "a = 1979-05-27T07:32:00Z", "{\"a\":\"1979-05-27T07:32:00Z\"}" },
	{ "a = 1979-05-27t07:32:00z", "{\"a\":\"1979-05-27T07:32:00Z\"}" },
	{ "a = 1979-05-27 07:32:00.5-07:00 # a blank for the T",
	  "{\"a\":\"1979-05-27T07:32:00.5-07:00\"}" },
	{ "a = 1979-05-27T00:32:00.999999", "{\"a\":"
	  "\"1979-05-27T00:32:00.999999\"}" },
	{ "a = 1979-05-27\nb = 1979-05-27 # day",
	  "{\"a\":\"1979-05-27\",\"b\":\"1979-05-27\"}" },
	{ "a = 07:32:00\nb = 00:32:00.5", "{\"a\":\"07:32:00\","
	  "\"b\":\"00:32:00.5\"}" },
	{ "a = 2024-02-29\nb = 2000-02-29\nc = 0000-01-01\nd = 9999-12-31",
	  "{\"a\":\"2024-02-29\",\"b\":\"2000-02-29\",\"c\":\"0000-01-01\","
	  "\"d\":\"9999-12-31\"}" },
	{ "a = 2016-12-31T23:59:60Z", "{\"a\":\"2016-12-31T23:59:60Z\"}" },
	{ "a = 2020-01-01T00:00:00+23:59",
	  "{\"a\":\"2020-01-01T00:00:00+23:59\"}" },
	{ "a = [1979-05-27,07:32:00]", "{\"a\":[\"1979-05-27\","
	  "\"07:32:00\"]}" },

	/* arrays */
	{ "a = []\nb = [ ]\nc = [ # none\n\n]",
	  "{\"a\":[],\"b\":[],\"c\":[]}" },
	{ "a = [1,2 , 3,]", "{\"a\":[1,2,3]}" },
	{ "a = [ # c\n 1, # one\n\n 2 # two\n , 3\n]", "{\"a\":[1,2,3]}" },
	{ "a = [1, \"x\", [true, []], {b = 1}, 1.5]",
	  "{\"a\":[1,\"x\",[true,[]],{\"b\":1},1.5]}" },
	{ "a = ['''\n]''', \"]\"]", "{\"a\":[\"]\",\"]\"]}" },

	/* inline tables */
	{ "a = {}\nb = { }", "{\"a\":{},\"b\":{}}" },
	{ "a = {b=1,c = 2 ,\"d e\"= {f=[1,\n2]}}",
	  "{\"a\":{\"b\":1,\"c\":2,\"d e\":{\"f\":[1,2]}}}" },
	{ "a = {b.c = 1, b.d = 2}", "{\"a\":{\"b\":{\"c\":1,\"d\":2}}}" },
	{ "a = [{b=1},{b=2}]", "{\"a\":[{\"b\":1},{\"b\":2}]}" },

	/* tables */
	{ "[a]\n[b]\nx=1", "{\"a\":{},\"b\":{\"x\":1}}" },
	{ "[ a . \"b c\" .'d' ]\nx=1", "{\"a\":{\"b c\":{\"d\":{\"x\":1}}}}" },
	{ "[a.b.c]\nx=1\n[a]\ny=2\n[a.b]\nz=3",
	  "{\"a\":{\"b\":{\"c\":{\"x\":1},\"z\":3},\"y\":2}}" },
	{ "[a]\nb.c = 1\n[a.b.d]\nx = 2",
	  "{\"a\":{\"b\":{\"c\":1,\"d\":{\"x\":2}}}}" },
	{ "[a.b.c]\nx = 1\n[a]\nb.d = 2",
	  "{\"a\":{\"b\":{\"c\":{\"x\":1},\"d\":2}}}" },
	{ "[a.b]\n[c]\n[a.d]", "{\"a\":{\"b\":{},\"d\":{}},\"c\":{}}" },
	{ "x=1\n[''.'']\n", "{\"x\":1,\"\":{\"\":{}}}" },

	/* arrays of tables */
	{ "[[a]]\nx=1\n[[a]]\n[[a]]\nx=3", "{\"a\":[{\"x\":1},{},{\"x\":3}]}" },
	{ "[[ a . b ]]\nx=1\n[[a.b]]\n[a]\ny=2",
	  "{\"a\":{\"b\":[{\"x\":1},{}],\"y\":2}}" },
	{ "[[a]]\n[a.b]\nx=1\n[[a.c]]\ny=1\n[[a.c]]\n[[a]]\n[a.b]\nx=2",
	  "{\"a\":[{\"b\":{\"x\":1},\"c\":[{\"y\":1},{}]},"
	  "{\"b\":{\"x\":2}}]}" },
	{ "[[a]]\nb.c=1\n[[a]]\nb.c=2",
	  "{\"a\":[{\"b\":{\"c\":1}},{\"b\":{\"c\":2}}]}" },
};

/* A document that is none, and where and why. */
static const struct {
	const char	*text, *msg;
} invalid[] = {
	/* bytes and characters */
	{ "a = \"\xff\"", "line 1, column 6: byte 0xff is not UTF-8" },
	{ "# \xc3\xa9\xc3\n", "line 1, column 4: byte 0xc3 is not UTF-8" },
	{ "a = '\xed\xa0\x80'", "line 1, column 6: byte 0xed is not UTF-8" },
	{ "a = 1 # \x01", "line 1, column 9: control character 0x01" },
	{ "a = \"\x7f\"", "line 1, column 6: control character 0x7f" },
	{ "a = '''\x0b'''", "line 1, column 8: control character 0x0b" },
	{ "a = 1\rb = 2", "line 1, column 6: control character 0x0d" },
	{ "a = '''\r'''", "line 1, column 8: control character 0x0d" },
	{ "\xff\xfe" "a", "line 1, column 1: byte 0xff is not UTF-8" },
	{ "a=1\n\xef\xbb\xbf" "b=1",
	  "line 2, column 1: '\xef\xbb\xbf' where a key should be" },

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
	{ "a = +true", "'+true' is no value" },
	{ "a = True", "'True' is no value" },
	{ "a = bare", "line 1, column 5: 'bare' is no value" },
	{ "a = 1 2", "line 1, column 7: '2' where the end of the line" },

	/* dates and times */
	{ "a = 2026-02-30", "line 1, column 5: day is not one of that month" },
	{ "a = 2023-02-29", "day is not one of that month" },
	{ "a = 1900-02-29", "day is not one of that month" },
	{ "a = 2026-04-31", "day is not one of that month" },
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
	{ "a = {", "line 1, column 6: the end where a key should be" },
	{ "a = {b=1", "the end where ',' or '}' should be" },
	{ "a = {b=1,}", "line 1, column 10: '}' where a key should be" },
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

static struct toml *
parse(const char *text, struct err *e)
{
	return toml_parse(text, strlen(text), "t", e);
}

/* Written and read again it is the same, and so is its JSON. */
static void
is_stable(const char *text, const struct toml *t)
{
	struct buf out = BUF_INIT, again = BUF_INIT;
	struct err e = ERR_INIT;
	struct toml *back;

	toml_write(t, &out);
	back = toml_parse(out.data, out.len, "again", &e);
	OK(back != NULL && toml_equal(t, back) && toml_equal(back, t));
	if (back == NULL || !toml_equal(t, back))
		printf("# %s\n# %s\n# %s\n", e.msg, text, out.data);
	if (back != NULL) {
		toml_write(back, &again);
		IS_STR(again.data, out.data);
	}
	toml_free(back);
	buf_release(&out);
	buf_release(&again);
}

static void
check_valid(void)
{
	for (size_t i = 0; i < sizeof(valid) / sizeof(valid[0]); i++) {
		struct buf json = BUF_INIT;
		struct err e = ERR_INIT;
		struct toml *t = parse(valid[i].text, &e);

		if (t == NULL) {
			printf("# %s\n", valid[i].text);
			IS_STR(e.msg, "");
			continue;
		}
		toml_json(t, &json);
		IS_STR(json.data, valid[i].json);
		is_stable(valid[i].text, t);
		toml_free(t);
		buf_release(&json);
	}
}

static void
check_invalid(void)
{
	for (size_t i = 0; i < sizeof(invalid) / sizeof(invalid[0]); i++) {
		struct err e = ERR_INIT;
		struct toml *t = parse(invalid[i].text, &e);

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
	check_valid();
	check_invalid();
	return tap_done();
}
