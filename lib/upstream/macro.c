/* SPDX-License-Identifier: MIT */
#include "upstream/macro.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "upstream/expr.h"

/* In the place of the text of a macro with arguments. */
#define WITH_ARGUMENTS	"\001"

size_t
macro_word(const char *s)
{
	size_t n = 0;

	if (!isdigit((unsigned char)s[0]))
		while (isalnum((unsigned char)s[n]) || s[n] == '_')
			n++;
	return n;
}

const char *
macro_blanks(const char *s)
{
	return s + strspn(s, " \t\r\f\v");
}

/* A literal in quotes, from its first to behind its last. */
size_t
macro_quoted(const char *s)
{
	size_t n = 1;

	while (s[n] != '\0' && s[n] != '\n' && s[n] != s[0])
		n += s[n] == '\\' && s[n + 1] != '\0' ? 2 : 1;
	return s[n] == s[0] ? n + 1 : n;
}

void
macro_define(struct vars *macros, const char *s)
{
	const size_t n = macro_word(s);
	const char *text = macro_blanks(s + n);
	size_t len = strlen(text);
	char *copy;

	if (n == 0)
		return;
	if (s[n] == '(') {
		vars_set(macros, s, n, WITH_ARGUMENTS);
		return;
	}
	while (len > 0 && strchr(" \t\r\f\v", text[len - 1]) != NULL)
		len--;
	copy = mem_copy(text, len + 1);
	copy[len] = '\0';
	vars_set(macros, s, n, copy);
	free(copy);
}

/* The names that are being expanded, which are not expanded in themselves. */
struct busy {
	const struct busy *around;
	const char	*name;
	size_t		 len;
	unsigned	 depth;
	size_t		*steps;		/* how many are left */
};

static bool
is_busy(const struct busy *b, const char *name, size_t len)
{
	while (b != NULL && (b->len != len || memcmp(b->name, name, len) != 0))
		b = b->around;
	return b != NULL;
}

/* A number takes its letters along; anything else is one byte. */
static size_t
number(const char *s)
{
	size_t n = 1;

	while (isdigit((unsigned char)s[0]) &&
	    (isalnum((unsigned char)s[n]) || s[n] == '_'))
		n++;
	return n;
}

static int
expand(const struct vars *macros, const char *s, struct busy b,
    struct buf *out)
{
	const struct busy *around = b.around;
	const char *text;
	bool quote;
	size_t n;
	int r = b.depth > MACRO_DEPTH ? -1 : 0;

	for (; r == 0 && *s != '\0'; s += n) {
		if ((*b.steps)-- == 0)
			return -1;
		quote = *s == '"' || *s == '\'';
		n = quote ? macro_quoted(s) : macro_word(s);
		text = quote || n == 0 || is_busy(around, s, n) ? NULL :
		    vars_get(macros, s, n);
		b.name = s;
		b.len = n;
		if (n == 0)
			n = number(s);
		if (text != NULL && strcmp(text, WITH_ARGUMENTS) != 0)
			r = expand(macros, text, (struct busy){ .around = &b,
			    .depth = b.depth + 1, .steps = b.steps }, out);
		else
			r = buf_add(out, s, n);
	}
	return r;
}

int
macro_expand(const struct vars *macros, const char *text, struct buf *out)
{
	size_t steps = MACRO_STEPS;

	return expand(macros, text, (struct busy){ .steps = &steps }, out);
}

/* Adds the literals in a row that s is made of; false: it is more than that. */
static bool
literals(const char *s, struct buf *out)
{
	const char *end;
	bool any = false;

	for (s = macro_blanks(s); *s == '"'; s = macro_blanks(end)) {
		end = s + macro_quoted(s);
		if (end - s < 2 || end[-1] != '"')
			return false;
		for (s++; s < end - 1; s++) {
			if (*s == '\\' && strchr("\"\\'?", *++s) == NULL)
				return false;
			buf_addc(out, *s);
		}
		any = true;
	}
	return any && *s == '\0';
}

bool
macro_string(const struct vars *macros, const char *name, struct buf *out)
{
	struct buf whole = BUF_MAX(MACRO_BYTES), text = BUF_INIT;
	const bool is = vars_gets(macros, name) != NULL &&
	    macro_expand(macros, name, &whole) == 0 &&
	    literals(whole.data, &text);

	if (is)
		buf_add(out, text.data, text.len);
	buf_release(&whole);
	buf_release(&text);
	return is;
}

bool
macro_number(const struct vars *macros, const char *name, int64_t *out)
{
	struct buf whole = BUF_MAX(MACRO_BYTES);
	const bool is = vars_gets(macros, name) != NULL &&
	    macro_expand(macros, name, &whole) == 0 &&
	    expr_eval(whole.data, out);

	buf_release(&whole);
	return is;
}
