/* SPDX-License-Identifier: MIT */
#include "toml/lex.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"

/* The place in lines and in characters, counted only when it is needed. */
int
lex_fail(const struct lex *l, const char *at, const char *fmt, ...)
{
	unsigned long line = 1, column = 1;
	char what[200];
	va_list ap;

	for (const char *p = l->start; p < at; p++) {
		if (*p == '\n') {
			line++;
			column = 1;
		} else if (((uint8_t)*p & 0xc0) != 0x80) {
			column++;
		}
	}
	va_start(ap, fmt);
	vsnprintf(what, sizeof(what), fmt, ap);
	va_end(ap);
	return err_set(l->e, ERR_INPUT, "%s: line %lu, column %lu: %s",
	    l->name, line, column, what);
}

int
lex_wanted(const struct lex *l, const char *what)
{
	struct buf shown = BUF_INIT;

	if (l->p == l->end)
		return lex_fail(l, l->p, "the end where %s should be", what);
	if (lex_is(l, "\n") || lex_is(l, "\r"))
		return lex_fail(l, l->p, "line ends where %s should be", what);
	text_show(&shown, l->p, text_utf8(l->p, (size_t)(l->end - l->p)));
	lex_fail(l, l->p, "'%s' where %s should be", shown.data, what);
	buf_release(&shown);
	return -1;
}

int
lex_fail_key(const struct lex *l, const char *at, const struct buf *key,
    const char *what)
{
	struct buf shown = BUF_INIT;

	text_show(&shown, key->data, key->len);
	lex_fail(l, at, "key '%.80s' %s", shown.data, what);
	buf_release(&shown);
	return -1;
}

int
lex_check(struct lex *l)
{
	size_t len;

	if (lex_take(l, "\xef\xbb\xbf"))	/* Windows' editors add it */
		l->start = l->p;
	for (const char *p = l->p; p < l->end; p += len) {
		const uint8_t c = (uint8_t)*p;

		len = text_utf8(p, (size_t)(l->end - p));
		if (len == 0)
			return lex_fail(l, p, "byte 0x%02x is not UTF-8", c);
		if (c == '\r' && p + 1 < l->end && p[1] == '\n')
			continue;
		if ((c < 0x20 && c != '\t' && c != '\n') || c == 0x7f)
			return lex_fail(l, p, "control character 0x%02x", c);
	}
	return 0;
}

bool
lex_is(const struct lex *l, const char *s)
{
	const size_t n = strlen(s);

	return (size_t)(l->end - l->p) >= n && memcmp(l->p, s, n) == 0;
}

bool
lex_take(struct lex *l, const char *s)
{
	if (!lex_is(l, s))
		return false;
	l->p += strlen(s);
	return true;
}

void
lex_blank(struct lex *l)
{
	while (l->p < l->end && (*l->p == ' ' || *l->p == '\t'))
		l->p++;
}

static void
comment(struct lex *l)
{
	if (l->p < l->end && *l->p == '#')
		while (l->p < l->end && *l->p != '\n' && *l->p != '\r')
			l->p++;
}

static bool
newline(struct lex *l)
{
	return lex_take(l, "\n") || lex_take(l, "\r\n");
}

void
lex_lines(struct lex *l)
{
	do {
		lex_blank(l);
		comment(l);
	} while (newline(l));
}

int
lex_line_end(struct lex *l)
{
	lex_blank(l);
	comment(l);
	if (l->p == l->end || newline(l))
		return 0;
	return lex_wanted(l, "the end of the line");
}

static bool
is_bare(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	    (c >= '0' && c <= '9') || c == '_' || c == '-';
}

int
lex_key(struct lex *l, struct buf *out)
{
	const char *from = l->p;

	buf_clear(out);
	if (lex_is(l, "\"") || lex_is(l, "'"))
		return lex_string(l, false, out);
	while (l->p < l->end && is_bare(*l->p))
		l->p++;
	if (l->p == from)
		return lex_wanted(l, "a key");
	buf_add(out, from, (size_t)(l->p - from));
	return 0;
}
