/* SPDX-License-Identifier: MIT */
#include "toml/lex.h"

#include <string.h>

#include "base/text.h"

static void
add_utf8(struct buf *out, uint32_t v)
{
	if (v < 0x80) {
		buf_addc(out, (char)v);
		return;
	}
	if (v < 0x800) {
		buf_addc(out, (char)(0xc0 | v >> 6));
	} else {
		if (v < 0x10000) {
			buf_addc(out, (char)(0xe0 | v >> 12));
		} else {
			buf_addc(out, (char)(0xf0 | v >> 18));
			buf_addc(out, (char)(0x80 | (v >> 12 & 0x3f)));
		}
		buf_addc(out, (char)(0x80 | (v >> 6 & 0x3f)));
	}
	buf_addc(out, (char)(0x80 | (v & 0x3f)));
}

/* The digits of \uXXXX or \UXXXXXXXX; at is where the backslash stands. */
static int
take_code_point(struct lex *l, const char *at, size_t digits, struct buf *out)
{
	uint8_t raw[4];
	uint32_t v = 0;
	int n;

	if ((size_t)(l->end - l->p) < digits ||
	    (n = text_unhex(raw, sizeof(raw), l->p, digits)) == -1)
		return lex_fail(l, at, "escape needs %zu hex digits", digits);
	for (int i = 0; i < n; i++)
		v = v << 8 | raw[i];
	if (v > 0x10ffff || (v >= 0xd800 && v <= 0xdfff))
		return lex_fail(l, at, "escape U+%04X is no character",
		    (unsigned)v);
	l->p += digits;
	add_utf8(out, v);
	return 0;
}

/* A backslash at the end of a line takes all white space after it away. */
static bool
line_joins(struct lex *l)
{
	const char *p = l->p;

	while (p < l->end && (*p == ' ' || *p == '\t'))
		p++;
	if (p == l->end || (*p != '\n' && *p != '\r'))
		return false;
	while (p < l->end && strchr(" \t\r\n", *p) != NULL)
		p++;
	l->p = p;
	return true;
}

/* What follows a backslash. */
static int
take_escape(struct lex *l, bool multi, struct buf *out)
{
	static const char from[] = "btnfr\"\\", to[] = "\b\t\n\f\r\"\\";
	const char *at = l->p - 1, *k;

	if (multi && line_joins(l))
		return 0;
	if (lex_take(l, "u"))
		return take_code_point(l, at, 4, out);
	if (lex_take(l, "U"))
		return take_code_point(l, at, 8, out);
	k = l->p < l->end && *l->p != '\0' ? strchr(from, *l->p) : NULL;
	if (k == NULL)
		return lex_fail(l, at, "no such escape");
	l->p++;
	buf_addc(out, to[k - from]);
	return 0;
}

/* Three quotes end it, and one or two more before them belong to it. */
static bool
multi_ends(struct lex *l, const char *three, struct buf *out)
{
	if (!lex_take(l, three))
		return false;
	for (int i = 0; i < 2 && l->p < l->end && *l->p == *three; i++)
		buf_addc(out, *l->p++);
	return true;
}

static int
multi_line(struct lex *l, const char *three, struct buf *out)
{
	const char *at = l->p - 3;

	if (!lex_take(l, "\n"))		/* the first line end is not part */
		lex_take(l, "\r\n");
	while (l->p < l->end) {
		if (multi_ends(l, three, out))
			return 0;
		if (*l->p == '\\' && *three == '"') {
			l->p++;
			if (take_escape(l, true, out) == -1)
				return -1;
		} else {
			if (*l->p != '\r')	/* line ends are LF here */
				buf_addc(out, *l->p);
			l->p++;
		}
	}
	return lex_fail(l, at, "string has no end");
}

static int
one_line(struct lex *l, char quote, struct buf *out)
{
	const char *at = l->p - 1;

	while (l->p < l->end && *l->p != '\n' && *l->p != '\r') {
		const char c = *l->p++;

		if (c == quote)
			return 0;
		if (c == '\\' && quote == '"') {
			if (take_escape(l, false, out) == -1)
				return -1;
		} else {
			buf_addc(out, c);
		}
	}
	return lex_fail(l, at, "string has no end on its line");
}

int
lex_string(struct lex *l, bool multi, struct buf *out)
{
	if (multi && lex_take(l, "\"\"\""))
		return multi_line(l, "\"\"\"", out);
	if (multi && lex_take(l, "'''"))
		return multi_line(l, "'''", out);
	l->p++;
	return one_line(l, l->p[-1], out);
}
