/* SPDX-License-Identifier: MIT */
#include "stream/json.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"

#define FLAGS		(JSON_DECODE_ANY | JSON_ALLOW_NUL)
#define PLAIN_DIGITS	2	/* 99e99: any double holds it */

/* What the library found, in words; anything else is "not JSON". */
static const char *
reason(enum json_error_code code)
{
	switch (code) {
	case json_error_stack_overflow:
		return "nested too deep";
	case json_error_invalid_utf8:
		return "not UTF-8";
	case json_error_duplicate_key:
		return "a key for the second time";
	case json_error_numeric_overflow:
		return "a number too large";
	case json_error_null_byte_in_key:
		return "a NUL in a key";
	case json_error_premature_end_of_input:
		return "not JSON, or only a part of it";
	default:
		return "not JSON";
	}
}

json_t *
json_line(const char *p, size_t n, struct err *e)
{
	json_error_t je;
	json_t *v;

	v = json_loadb(p, n, FLAGS | JSON_REJECT_DUPLICATES, &je);
	if (v != NULL)
		return v;
	if (je.line > 1)		/* a file of many lines */
		err_set(e, ERR_INPUT, "%s at line %d, column %d",
		    reason(json_error_code(&je)), je.line, je.column);
	else
		err_set(e, ERR_INPUT, "%s at column %d",
		    reason(json_error_code(&je)), je.column);
	return NULL;
}

/* The value of the four digits in \uXXXX at p; -1: that is not there. */
static int32_t
escaped_unit(const char *p, size_t n)
{
	uint8_t b[2];

	return n < 6 || p[0] != '\\' || p[1] != 'u' ||
	    text_unhex(b, 2, p + 2, 4) == -1 ? -1 : b[0] << 8 | b[1];
}

/* Adds the escape at p in a form that the library reads; its length. */
static size_t
add_plain_escape(const char *p, size_t n, struct buf *out)
{
	const int32_t c = escaped_unit(p, n);
	size_t len = c != -1 ? 6 : n < 2 ? n : 2;
	int32_t low;

	if (c >= 0xd800 && c < 0xdc00) {
		low = escaped_unit(p + 6, n - 6);
		len = low >= 0xdc00 && low < 0xe000 ? 12 : 6;
	}
	if (len == 6 && (c == 0 || (c >= 0xd800 && c < 0xe000)))
		buf_adds(out, "\\ufffd");
	else
		buf_add(out, p, len);
	return len;
}

/*
 * Adds a text that is JSON if, and only if, the one at p is, and that the
 * library can read: with two digits at most in a row, and with U+FFFD for half
 * a surrogate pair and for NUL.
 */
static void
add_plain_text(const char *p, size_t n, struct buf *out)
{
	bool quoted = false;
	unsigned digits = 0;
	size_t len;

	for (size_t i = 0; i < n; i += len) {
		len = 1;
		if (p[i] == '\\') {
			len = add_plain_escape(p + i, n - i, out);
			continue;
		}
		if (p[i] == '"')
			quoted = !quoted;
		digits = !quoted && p[i] >= '0' && p[i] <= '9' ? digits + 1 : 0;
		if (digits <= PLAIN_DIGITS)
			buf_addc(out, p[i]);
	}
}

json_t *
json_plain(const char *p, size_t n)
{
	struct buf plain = BUF_INIT;
	json_t *v;

	add_plain_text(p, n, &plain);
	v = json_loadb(plain.data, plain.len, FLAGS, NULL);
	buf_release(&plain);
	return v;
}

/* How many digits, of 15 to 17, does it take to read d back the same? */
static size_t
count_digits(double d)
{
	char text[40];

	for (int n = 15; n < 17; n++) {
		snprintf(text, sizeof(text), "%.*g", n, d);
		if (strtod(text, NULL) >= d && strtod(text, NULL) <= d)
			return (size_t)n;
	}
	return 17;
}

static size_t
digits_in(const json_t *v)
{
	size_t most = 15, n, i;
	const char *key;
	json_t *item;

	if (json_is_real(v))
		return count_digits(json_real_value(v));
	/* The library's macro wants an object that may change. */
	json_object_foreach((json_t *)(uintptr_t)v, key, item)
		if ((n = digits_in(item)) > most)
			most = n;
	json_array_foreach(v, i, item)
		if ((n = digits_in(item)) > most)
			most = n;
	return most;
}

static int
add_to_buf(const char *p, size_t n, void *out)
{
	return buf_add(out, p, n);
}

void
json_text(const json_t *v, struct buf *out)
{
	json_dump_callback(v, add_to_buf, out, JSON_COMPACT | JSON_ENCODE_ANY |
	    JSON_REAL_PRECISION(digits_in(v)));
}

json_t *
json_text_string(const char *s, size_t n)
{
	struct buf clean = BUF_INIT;
	json_t *v = json_stringn(s, n);

	if (v != NULL)
		return v;
	text_clean(&clean, s, n);
	v = json_stringn(clean.data, clean.len);
	buf_release(&clean);
	return v;
}

void
json_strip(json_t *v)
{
	const char *key;
	json_t *item;
	size_t i;
	void *tmp;

	json_object_foreach_safe(v, tmp, key, item) {
		if (json_is_null(item))
			json_object_del(v, key);
		else
			json_strip(item);
	}
	for (i = json_array_size(v); i-- > 0;) {
		item = json_array_get(v, i);
		if (json_is_null(item))
			json_array_remove(v, i);
		else
			json_strip(item);
	}
}
