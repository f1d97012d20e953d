/* SPDX-License-Identifier: MIT */
#include "toml/toml.h"

#include <stdlib.h>

#include "../tests/unit/tap.h"

static struct toml *
parse(const char *text, struct err *e)
{
	return toml_parse(text, strlen(text), "t", e);
}

/* n times unit, between front and back. */
static char *
repeated(const char *front, const char *unit, unsigned n, const char *back)
{
	struct buf b = BUF_INIT;

	buf_adds(&b, front);
	for (unsigned i = 0; i < n; i++)
		buf_adds(&b, unit);
	buf_adds(&b, back);
	return buf_steal(&b);
}

static void
check_depth(void)
{
	static const struct {
		const char	*front, *unit, *back;
		unsigned	 fits;
	} deep[] = {
		{ "a=", "[", "", TOML_DEPTH_MAX - 1 },
		{ "a=", "{a=", "", TOML_DEPTH_MAX - 1 },
		{ "", "a.", "b=1", TOML_DEPTH_MAX - 1 },
		{ "[", "a.", "b]", TOML_DEPTH_MAX - 2 },
		{ "[[", "a.", "b]]", TOML_DEPTH_MAX - 3 },
	};

	for (size_t i = 0; i < sizeof(deep) / sizeof(deep[0]); i++) {
		struct err e = ERR_INIT;
		char *text = repeated(deep[i].front, deep[i].unit,
		    deep[i].fits + 1, deep[i].back);

		OK(parse(text, &e) == NULL);
		OK(strstr(e.msg, "more than 64 tables and arrays") != NULL);
		free(text);
		text = repeated(deep[i].front, deep[i].unit, deep[i].fits,
		    deep[i].back);
		e = (struct err)ERR_INIT;
		toml_free(parse(text, &e));
		OK(strstr(e.msg, "more than") == NULL);
		free(text);
	}
	for (unsigned n = 1000; n <= 100000; n *= 100) {
		struct err e = ERR_INIT;
		char *text = repeated("a=", "[", n, "");

		OK(parse(text, &e) == NULL);
		free(text);
	}
}

static void
check_size(void)
{
	struct err e = ERR_INIT;
	char *text = repeated("", " ", TOML_TEXT_MAX, "");
	struct toml *t = parse(text, &e);

	OK(t != NULL);
	toml_free(t);
	free(text);
	text = repeated("", " ", TOML_TEXT_MAX, " ");
	OK(parse(text, &e) == NULL);
	IS_STR(e.msg, "t: TOML of 262145 bytes; at most 262144 are read");
	free(text);
}

static void
check_nul(void)
{
	struct err e = ERR_INIT;
	struct toml *t = toml_parse("a = 1\0", 6, "t", &e);

	OK(t == NULL);
	IS_STR(e.msg, "t: line 1, column 6: control character 0x00");
	t = parse("a = \"x\\u0000y\"\nb = 'x'", &e);
	OK(toml_str(toml_get(t, "a")) == NULL);
	OK(toml_len(toml_get(t, "a")) == 3);
	IS_STR(toml_str(toml_get(t, "b")), "x");
	toml_free(t);
}

static void
check_get(void)
{
	struct err e = ERR_INIT;
	struct toml *t = parse("s='x'\ni=7\nb=true\nd=2026-11-20\na=[1,2]\n"
	    "[t]\nu.v=3", &e);
	int64_t i = 0;
	bool b = false;

	IS_STR(toml_str(toml_get(t, "s")), "x");
	OK(toml_int(toml_get(t, "i"), &i) && i == 7);
	OK(toml_bool(toml_get(t, "b"), &b) && b);
	IS_STR(toml_date_text(toml_get(t, "d")), "2026-11-20");
	OK(toml_int(toml_get(t, "t.u.v"), &i) && i == 3);
	OK(toml_get(t, "t.u.w") == NULL && toml_get(t, "s.x") == NULL);
	OK(toml_get(t, "") == NULL && toml_get(t, "t.") == NULL);
	OK(toml_get(t, "nowhere.at.all") == NULL);

	/* the wrong type is a no, and so is nothing */
	OK(!toml_int(toml_get(t, "s"), &i) && !toml_int(NULL, &i));
	OK(!toml_bool(toml_get(t, "i"), &b) && !toml_bool(NULL, &b));
	OK(toml_str(toml_get(t, "i")) == NULL && toml_str(NULL) == NULL);
	OK(toml_date_text(toml_get(t, "s")) == NULL);
	OK(toml_date_text(NULL) == NULL);

	OK(toml_type(t) == TOML_TABLE && toml_len(t) == 6);
	OK(toml_type(toml_get(t, "d")) == TOML_DATE_LOCAL);
	OK(toml_len(toml_get(t, "a")) == 2 && toml_len(toml_get(t, "i")) == 0);
	IS_STR(toml_key(t, 1), "i");
	OK(toml_int(toml_at(toml_get(t, "a"), 1), &i) && i == 2);
	OK(toml_at(t, 6) == NULL && toml_key(t, 6) == NULL);
	OK(toml_key(toml_get(t, "a"), 0) == NULL);
	OK(toml_at(toml_get(t, "s"), 0) == NULL);
	toml_free(t);
}

static void
check_put(void)
{
	struct toml *t = toml_new(TOML_TABLE), *list = toml_new(TOML_ARRAY);
	struct buf out = BUF_INIT;

	OK(toml_put_str(t, "a.b.c", "one") == 0);
	OK(toml_put_str(t, "a.b.c", "two\xff") == 0);
	OK(toml_put_int(t, "a.n", -5) == 0);
	OK(toml_put_bool(t, "yes", true) == 0);
	OK(toml_put_datetime(t, "a.at", "2026-11-20t12:00:00z") == 0);
	OK(toml_put_datetime(t, "a.at", "yesterday") == -1);
	OK(toml_put_datetime(t, "a.at", "") == -1);
	OK(toml_put_str(t, "yes.no", "x") == -1);
	OK(toml_put_str(t, "a.n.m.o", "x") == -1);
	OK(toml_add(list, toml_new(TOML_TABLE)) == 0);
	OK(toml_add(t, toml_new(TOML_TABLE)) == -1);
	OK(toml_put(t, "list", list) == 0);
	toml_write(t, &out);
	IS_STR(out.data, "yes = true\n\n"
	    "[a]\nn = -5\nat = 2026-11-20T12:00:00Z\n"
	    "\n[a.b]\nc = \"two\xef\xbf\xbd\"\n\n[[list]]\n");

	buf_clear(&out);
	toml_remove(t, "a.n");
	toml_remove(t, "a.b.c");
	toml_remove(t, "list");
	toml_remove(t, "nowhere");
	toml_remove(t, "no.where");
	toml_remove(t, "yes.no.where");
	toml_write(t, &out);
	IS_STR(out.data,
	    "yes = true\n\n[a]\nat = 2026-11-20T12:00:00Z\n\n[a.b]\n");
	buf_release(&out);
	toml_free(t);
}

static void
check_equal(void)
{
	static const struct {
		const char	*a, *b;
		bool		 same;
	} pairs[] = {
		{ "a=1\nb=2", "b=2\na=1", true },
		{ "a=[1,2]", "a=[2,1]", false },
		{ "a=[1,2]", "a=[1]", false },
		{ "a=1", "a=1.0", false },
		{ "a=1", "a=2", false },
		{ "a=1", "b=1", false },
		{ "a=nan", "a=-nan", true },
		{ "a=1.5", "a=nan", false },
		{ "a=true", "a=false", false },
		{ "a='x'", "a=\"\"\"x\"\"\"", true },
		{ "a='x'", "a='xy'", false },
		{ "a=07:00:00", "a='07:00:00'", false },
		{ "a.b=1", "[a]\nb=1", true },
		{ "a={b=1}", "[a]\nb=1\nc=1", false },
		{ "a=[{b=1}]", "[[a]]\nb=1", true },
	};

	for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++) {
		struct err e = ERR_INIT;
		struct toml *a = parse(pairs[i].a, &e);
		struct toml *b = parse(pairs[i].b, &e), *b_copy;

		OK(toml_equal(a, b) == pairs[i].same);
		OK(toml_equal(b, a) == pairs[i].same);
		b_copy = toml_copy(b);
		OK(toml_equal(b, b_copy));
		toml_free(b_copy);
		toml_free(a);
		toml_free(b);
	}
}

/* A key shown in a message is escaped and cut. */
static void
check_message(void)
{
	struct err e = ERR_INIT;
	char *text = repeated("\"\\u001b", "k", 300, "\" = 1\n");
	char *twice = repeated("", text, 2, "");

	OK(parse(twice, &e) == NULL);
	OK(strstr(e.msg, "line 2, column 1: key '\\x1bkkk") != NULL);
	OK(strstr(e.msg, "' is given twice") != NULL);
	free(text);
	free(twice);
}

int
main(void)
{
	check_depth();
	check_size();
	check_nul();
	check_get();
	check_put();
	check_equal();
	check_message();
	return tap_done();
}
