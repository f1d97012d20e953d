/* SPDX-License-Identifier: MIT */
#include "stream/stream.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "tap.h"

static struct record *
parse(const char *text)
{
	struct record *rec = NULL;
	struct err e = ERR_INIT;

	OK(record_parse(text, strlen(text), &rec, &e) == 0);
	return rec;
}

static void
same(const struct record *rec, const char *want)
{
	struct buf got = BUF_INIT;

	record_dump(rec, &got);
	IS_STR(got.data, want);
	buf_release(&got);
}

static const char all[] = "{ \"mpf\": 1, \"s\": \"x\", \"i\": -3, "
    "\"t\": true, \"f\": false, \"n\": null, \"l\": [\"a\", \"b\"], "
    "\"o\": {\"s\": \"y\", \"o\": {}}, \"z\": \"a\\u0000b\" }";

static void
test_get(void)
{
	struct record *rec = parse(all);
	struct err e = ERR_INIT;
	const char *s;
	int64_t i;

	OK(record_get_str(rec, "s", &s, &e) == 0 && strcmp(s, "x") == 0);
	OK(record_get_str(rec, "o.s", &s, &e) == 0 && strcmp(s, "y") == 0);
	OK(record_get_int(rec, "i", &i, &e) == 0 && i == -3);
	OK(record_get_str(rec, "o.none", &s, &e) == -1);
	IS_STR(e.msg, "o.none: missing");
	OK(record_get_str(rec, "n", &s, &e) == -1);
	IS_STR(e.msg, "n: missing");
	OK(record_get_str(rec, "z", &s, &e) == -1);
	IS_STR(e.msg, "z: holds a NUL");
	OK(record_get_str(rec, "s.deeper", &s, &e) == -1);
	IS_STR(e.msg, "s.deeper: what should hold it is not an object");
	OK(record_get_int(rec, "s", &i, &e) == -1);
	IS_STR(e.msg, "s: not a whole number");
	OK(record_get_int(rec, "none", &i, &e) == -1);
	record_free(rec);
	rec = parse("[1]");
	OK(record_get_str(rec, "s", &s, &e) == -1);
	IS_STR(e.msg, "s: the record is not an object");
	record_free(rec);
}

static void
test_opt(void)
{
	struct record *rec = parse(all);
	struct err e = ERR_INIT;
	const char *s = "", *list[3];
	int64_t i;
	int b;

	OK(record_opt_str(rec, "none.none", &s, &e) == 0 && s == NULL);
	OK(record_opt_str(rec, "i", &s, &e) == -1);
	OK(record_opt_int(rec, "none", &i, &e) == 0 && i == -1);
	OK(record_opt_int(rec, "i", &i, &e) == 0 && i == -3);
	OK(record_opt_bool(rec, "none", &b, &e) == 0 && b == -1);
	OK(record_opt_bool(rec, "t", &b, &e) == 0 && b == 1);
	OK(record_opt_bool(rec, "f", &b, &e) == 0 && b == 0);
	OK(record_opt_list(rec, "none", list, 2, &e) == 0 && list[0] == NULL);
	OK(record_opt_list(rec, "l", list, 2, &e) == 0 && list[2] == NULL);
	IS_STR(list[1], "b");
	OK(record_opt_list(rec, "l", list, 1, &e) == -1);
	IS_STR(e.msg, "l: 2 items, more than 1");
	OK(record_opt_list(rec, "s", list, 2, &e) == -1);
	OK(record_opt_list(rec, "s.x", list, 2, &e) == -1);
	OK(record_opt_int(rec, "s.x", &i, &e) == -1);
	OK(record_opt_bool(rec, "s.x", &b, &e) == -1);
	OK(record_opt_bool(rec, "i", &b, &e) == -1 && e.code == ERR_INPUT);
	IS_STR(e.msg, "i: not true or false");
	OK(record_has(rec, "o.o") && !record_has(rec, "n"));
	OK(!record_has(rec, "s.x"));
	record_free(rec);
}

/* What is there already does not make the line anew. */
static void
test_look(void)
{
	struct record *rec = parse(all);

	IS_STR(record_str(rec, "s"), "x");
	OK(record_str(rec, "none") == NULL && record_str(rec, "i") == NULL);
	OK(record_int(rec, "i") == -3 && record_int(rec, "none") == -1);
	OK(record_int(rec, "s") == -1);
	OK(record_true(rec, "t") && !record_true(rec, "f"));
	OK(!record_true(rec, "none") && !record_true(rec, "i"));
	record_free(rec);
}

static void
test_put_same(void)
{
	static const char *const list[] = { "a", "b", NULL };
	struct record *rec = parse(all);
	struct err e = ERR_INIT;

	record_put_str(rec, "s", "x");
	record_put_int(rec, "i", -3);
	record_put_bool(rec, "t", true);
	record_put_list(rec, "l", list);
	OK(record_put_json(rec, "o", "{\"o\":{},\"s\":\"y\"}", &e) == 0);
	record_drop(rec, "none");
	record_drop(rec, "none.none");
	record_clear(rec, "o.o");
	record_clear(rec, "none");
	same(rec, all);
	record_free(rec);
}

static void
test_put(void)
{
	struct record *rec = parse("{\"mpf\":1,\"a\":{\"b\":1},\"c\":2}");
	struct record *copy;
	struct err e = ERR_INIT;

	record_attach(rec, &e);
	record_put_str(rec, "a.b.d", "over a number");
	record_put_str(rec, "c", "\xff\xc3");
	OK(record_put_json(rec, "j", "[null,{\"n\":null,\"r\":1.5}]", &e) == 0);
	copy = record_copy(rec);
	OK(record_attached(rec) == &e && record_attached(copy) == NULL);
	record_clear(rec, "a");
	record_put_int(rec, "a.x", INT64_MAX);
	OK(record_put_json(rec, "j", "null", &e) == 0);
	same(rec, "{\"mpf\":1,\"a\":{\"x\":9223372036854775807},"
	    "\"c\":\"\xef\xbf\xbd\xef\xbf\xbd\"}");
	same(copy, "{\"mpf\":1,\"a\":{\"b\":{\"d\":\"over a number\"}},"
	    "\"c\":\"\xef\xbf\xbd\xef\xbf\xbd\",\"j\":[{\"r\":1.5}]}");
	OK(record_put_json(rec, "j", "{", &e) == -1);
	OK(strncmp(e.msg, "j: not JSON", 11) == 0);
	record_free(copy);
	record_free(rec);
	record_free(NULL);
}

/* Numbers that nobody touched keep their value, and look as people wrote. */
static void
test_reals(void)
{
	struct record *rec = parse("{\"a\":[0.1,3.3,1e300],\"b\":{\"c\":2.0}}");

	record_put_int(rec, "d", 1);
	same(rec, "{\"a\":[0.1,3.3,1e300],\"b\":{\"c\":2.0},\"d\":1}");
	record_free(rec);
	rec = parse("{\"a\":0.1,\"b\":0.30000000000000004}");
	record_put_int(rec, "d", 1);
	same(rec, "{\"a\":0.10000000000000001,"
	    "\"b\":0.30000000000000004,\"d\":1}");
	record_free(rec);
}

static void
test_text(void)
{
	static const char *const paths[] = {
		"s", "i", "t", "n", "none", "l", "o"
	};
	struct record *rec = parse(all);
	struct buf out = BUF_INIT;

	for (size_t i = 0; i < 7; i++) {
		record_text(rec, paths[i], &out);
		buf_addc(&out, '|');
	}
	IS_STR(out.data, "x|-3|true|||a, b|{\"s\":\"y\",\"o\":{}}|");
	buf_clear(&out);
	record_text(rec, "z", &out);
	OK(out.len == 3);
	buf_release(&out);
	record_free(rec);
}

static void
test_fail(void)
{
	struct record *rec = record_new();
	struct err e = ERR_INIT;

	OK(record_ours(rec) && !record_failed(rec));
	err_set(&e, ERR_BUSY, "m");
	err_hint(&e, "h");
	record_fail(rec, "flash", &e);
	same(rec, "{\"mpf\":1,\"error\":{\"stage\":\"flash\",\"code\":"
	    "\"busy\",\"message\":\"m\",\"hint\":\"h\","
	    "\"next\":\"close_holder\",\"retry\":true}}");
	err_set(&e, ERR_IO, "n");
	record_fail(rec, "record", &e);
	OK(record_failed(rec));
	same(rec, "{\"mpf\":1,\"error\":{\"stage\":\"record\",\"code\":"
	    "\"io\",\"message\":\"n\",\"retry\":false}}");
	record_free(rec);
	rec = parse("{\"mpf\":1,\"error\":null}");
	OK(!record_failed(rec));
	record_free(rec);
}

/* One that has grown too long is not written at all. */
static void
test_too_long(void)
{
	struct record *rec = record_new();
	char *text = mem_alloc(STREAM_LINE_MAX + 1);
	struct err e = ERR_INIT;

	memset(text, 'x', STREAM_LINE_MAX);
	record_put_str(rec, "a", text);
	OK(stream_write(-1, rec, &e) == -1 && e.code == ERR_INPUT);
	IS_STR(e.msg, "record of 1048592 bytes: longer than 1048576");
	record_put_str(rec, "a", "");
	OK(stream_write(-1, rec, &e) == -1 && e.code == ERR_IO);
	free(text);
	record_free(rec);
}

int
main(void)
{
	test_get();
	test_opt();
	test_look();
	test_put_same();
	test_put();
	test_reals();
	test_text();
	test_fail();
	test_too_long();
	return tap_done();
}
