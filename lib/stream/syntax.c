/* SPDX-License-Identifier: MIT */
#include "stream/syntax.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "base/text.h"

#define DIGITS_MAX	15		/* that any double holds */

enum want {				/* what has to come next */
	WANT_VALUE,
	WANT_FIRST_VALUE,		/* or the end of the list */
	WANT_KEY,
	WANT_FIRST_KEY,			/* or the end of the object */
	WANT_NEXT			/* a comma, or the end */
};

struct scan {
	const char	*p, *end;
	struct buf	 open;		/* '{' or '[' for each that is open */
	enum want	 want;
	bool		 mpf;		/* the value of "mpf" is next */
	bool		 record;
};

static size_t
left(const struct scan *s)
{
	return (size_t)(s->end - s->p);
}

/* The next character; 0 at the end, where a NUL is as wrong. */
static char
peek(const struct scan *s)
{
	return s->p < s->end ? *s->p : '\0';
}

static void
skip_blanks(struct scan *s)
{
	while (s->p < s->end && memchr(" \t\r\n", *s->p, 4) != NULL)
		s->p++;
}

static bool
word(struct scan *s, const char *w)
{
	const size_t n = strlen(w);

	if (left(s) < n || memcmp(s->p, w, n) != 0)
		return false;
	s->p += n;
	return true;
}

static bool
digits(struct scan *s)
{
	const char *from = s->p;

	while (peek(s) >= '0' && peek(s) <= '9')
		s->p++;
	return s->p > from;
}

static bool
number(struct scan *s)
{
	if (peek(s) == '-')
		s->p++;
	if (peek(s) == '0')
		s->p++;
	else if (!digits(s))
		return false;
	if (peek(s) == '.') {
		s->p++;
		if (!digits(s))
			return false;
	}
	if (peek(s) != 'e' && peek(s) != 'E')
		return true;
	s->p++;
	if (peek(s) == '+' || peek(s) == '-')
		s->p++;
	return digits(s);
}

/* The four digits of \uXXXX at p; -1: there are none. */
static int32_t
unit(const char *p, size_t n)
{
	uint8_t b[2];

	return n < 6 || p[0] != '\\' || p[1] != 'u' ||
	    text_unhex(b, 2, p + 2, 4) == -1 ? -1 : b[0] << 8 | b[1];
}

static bool
string(struct scan *s)
{
	size_t n;

	if (peek(s) != '"')
		return false;
	for (s->p++; peek(s) != '"'; s->p += n) {
		n = text_utf8(s->p, left(s));
		if (n == 0 || (unsigned char)*s->p < 0x20)
			return false;
		if (*s->p != '\\')
			continue;
		n = unit(s->p, left(s)) != -1 ? 6 : 2;
		if (n == 2 && (left(s) < 2 || s->p[1] == '\0' ||
		    strchr("\"\\/bfnrt", s->p[1]) == NULL))
			return false;
	}
	s->p++;
	return true;
}

static bool
scalar(struct scan *s)
{
	switch (peek(s)) {
	case '"':
		return string(s);
	case 't':
		return word(s, "true");
	case 'f':
		return word(s, "false");
	case 'n':
		return word(s, "null");
	default:
		return number(s);
	}
}

/* Is this string, with its quotes, "mpf", however it is written? */
static bool
is_mpf(const char *p, size_t n)
{
	static const char name[] = "mpf\"";
	const char *end = p + n;
	size_t i = 0;
	int32_t c;

	for (p++; p < end && i < 4; i++) {
		c = unit(p, (size_t)(end - p));
		if ((c == -1 ? *p : c) != name[i])
			return false;
		p += c == -1 ? 1 : 6;
	}
	return p == end && i == 4;
}

static bool
key(struct scan *s)
{
	const char *from = s->p;

	if (!string(s))
		return false;
	s->mpf = s->open.len == 1 && is_mpf(from, (size_t)(s->p - from));
	skip_blanks(s);
	s->want = WANT_VALUE;
	return word(s, ":");
}

static bool
value(struct scan *s)
{
	const char c = peek(s);

	if (s->mpf && c != 'n')		/* null counts as absent */
		s->record = true;
	s->mpf = false;
	s->want = WANT_NEXT;
	if (c != '{' && c != '[')
		return scalar(s);
	s->p++;
	buf_addc(&s->open, c);
	s->want = c == '{' ? WANT_FIRST_KEY : WANT_FIRST_VALUE;
	return true;
}

static bool
next(struct scan *s)
{
	const char open = s->open.len > 0 ?
	    s->open.data[s->open.len - 1] : '\0';
	const char c = peek(s);

	if (open == '\0')
		return false;		/* more than one value */
	s->p++;
	if (c == ',') {
		s->want = open == '{' ? WANT_KEY : WANT_VALUE;
		return true;
	}
	s->open.len--;
	s->want = WANT_NEXT;
	return c == (open == '{' ? '}' : ']');
}

static bool
step(struct scan *s)
{
	const char c = peek(s);

	switch (s->want) {
	case WANT_FIRST_VALUE:
		return c == ']' ? next(s) : value(s);
	case WANT_VALUE:
		return value(s);
	case WANT_FIRST_KEY:
		return c == '}' ? next(s) : key(s);
	case WANT_KEY:
		return key(s);
	case WANT_NEXT:
		return next(s);
	}
	return false;
}

enum syntax
syntax_check(const char *p, size_t n)
{
	struct scan s = { .p = p, .end = p + n, .open = BUF_INIT };
	bool ok = true;

	skip_blanks(&s);
	while (ok && s.p < s.end) {
		ok = step(&s);
		skip_blanks(&s);
	}
	ok = ok && s.want == WANT_NEXT && s.open.len == 0;
	buf_release(&s.open);
	return !ok ? SYNTAX_NONE : s.record ? SYNTAX_RECORD : SYNTAX_JSON;
}

/* The characters at p that go out as they are, or as U+FFFD: one or two. */
static size_t
plain_escape(const char *p, size_t n, struct buf *out)
{
	const int32_t c = unit(p, n);
	size_t len = c == -1 ? 2 : 6;
	int32_t low;

	if (c >= 0xd800 && c < 0xdc00) {
		low = unit(p + 6, n - 6);
		len = low >= 0xdc00 && low < 0xe000 ? 12 : 6;
	}
	if (len == 6 && (c == 0 || (c >= 0xd800 && c < 0xe000)))
		buf_adds(out, "\\ufffd");
	else
		buf_add(out, p, len);
	return len;
}

/* The length of the number at p. */
static size_t
number_length(const char *p, size_t n)
{
	size_t len = 0;

	while (len < n && strchr("-+.eE0123456789", p[len]) != NULL)
		len++;
	return len;
}

static bool
is_small(const char *number, size_t n)
{
	return n <= DIGITS_MAX && memchr(number, 'e', n) == NULL &&
	    memchr(number, 'E', n) == NULL;
}

void
syntax_plain(const char *p, size_t n, struct buf *out)
{
	bool quoted = false;
	size_t len;

	for (size_t i = 0; i < n; i += len) {
		len = 1;
		if (quoted && p[i] == '\\') {
			len = plain_escape(p + i, n - i, out);
			continue;
		}
		if (p[i] == '"')
			quoted = !quoted;
		else if (!quoted && strchr("-0123456789", p[i]) != NULL)
			len = number_length(p + i, n - i);
		if (len == 1 || is_small(p + i, len))
			buf_add(out, p + i, len);
		else
			buf_addc(out, '0');
	}
}
