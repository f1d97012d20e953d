/* SPDX-License-Identifier: MIT */
#include "upstream/cmake_lex.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "upstream/cmake.h"

/* The "=" between the brackets of "[==[", plus one; 0: it is no bracket. */
static size_t
bracket(const char *s)
{
	const size_t n = *s == '[' ? strspn(s + 1, "=") : 0;

	return *s == '[' && s[n + 1] == '[' ? n + 1 : 0;
}

/* Behind "]==]", which ends what "[==[" began; NULL: nothing does. */
static const char *
bracket_end(const char *s, size_t n)
{
	for (; (s = strchr(s, ']')) != NULL; s++)
		if (strspn(s + 1, "=") == n - 1 && s[n] == ']')
			return s + n + 1;
	return NULL;
}

/* Behind blanks and comments. */
static const char *
skip(const char *s)
{
	const char *end;
	size_t n;

	for (;;) {
		s += strspn(s, " \t\r\n");
		if (*s != '#')
			return s;
		n = bracket(s + 1);
		end = n > 0 ? bracket_end(s + 1 + n, n) : NULL;
		s = end != NULL ? end : s + strcspn(s, "\n");
	}
}

static int
unfinished(struct err *e)
{
	return err_set(e, ERR_INPUT, "it ends in the middle of a command");
}

void
cmake_command_add(struct cmake_command *c, const char *p, size_t n,
    enum cmake_kind kind)
{
	c->arg = mem_grow(c->arg, c->n + 1, sizeof(*c->arg));
	c->arg[c->n].text = mem_alloc(n + 1);
	memcpy(c->arg[c->n].text, p, n);
	c->arg[c->n++].kind = kind;
}

static size_t
quoted(const char *s)
{
	size_t n = 1;

	while (s[n] != '\0' && s[n] != '"')
		n += s[n] == '\\' && s[n + 1] != '\0' ? 2 : 1;
	return s[n] == '"' ? n + 1 : 0;
}

/* Bare words may hold quoted parts: NAME="a b" is one, quotes included. */
static size_t
bare(const char *s)
{
	size_t n = 0, m;

	while (s[n] != '\0' && strchr(" \t\r\n()#", s[n]) == NULL) {
		m = s[n] == '"' ? quoted(s + n) : 1;
		if (m == 0)
			return 0;
		n += s[n] == '\\' && s[n + 1] != '\0' ? 2 : m;
	}
	return n;
}

/* One argument at *s; parentheses inside are arguments of their own. */
static int
argument(const char **s, struct cmake_command *c, struct err *e)
{
	const char *p = *s, *end;
	size_t n = bracket(p);

	if (c->n == CMAKE_ARGS)
		return err_set(e, ERR_INPUT, "%s() of more than %u arguments",
		    c->name, CMAKE_ARGS);
	if (n > 0) {
		end = bracket_end(p + n + 1, n);
		if (end == NULL)
			return unfinished(e);
		cmake_command_add(c, p + n + 1,
		    (size_t)(end - p) - 2 * (n + 1), CMAKE_BRACKET);
		*s = end;
		return 0;
	}
	n = *p == '(' || *p == ')' ? 1 : *p == '"' ? quoted(p) : bare(p);
	if (n == 0)
		return unfinished(e);
	if (*p == '"')
		cmake_command_add(c, p + 1, n - 2, CMAKE_QUOTED);
	else
		cmake_command_add(c, p, n, CMAKE_BARE);
	*s = p + n;
	return 0;
}

static int
arguments(const char **s, struct cmake_command *c, struct err *e)
{
	unsigned depth = 0;

	for (;;) {
		*s = skip(*s);
		if (**s == ')' && depth == 0) {
			++*s;
			return 0;
		}
		depth += **s == '(' ? 1 : **s == ')' ? (unsigned)-1 : 0;
		if (argument(s, c, e) == -1)
			return -1;
	}
}

int
cmake_next(const char **text, struct cmake_command *out, struct err *e)
{
	const char *s = skip(*text);
	size_t n = 0;

	memset(out, 0, sizeof(*out));
	if (*s == '\0')
		return 0;
	while (isalnum((unsigned char)s[n]) || s[n] == '_')
		n++;
	out->name = mem_alloc(n + 1);
	for (size_t i = 0; i < n; i++)
		out->name[i] = (char)tolower((unsigned char)s[i]);
	s = skip(s + n);
	if (n == 0 || *s != '(') {
		err_set(e, ERR_INPUT, "no command of CMake: \"%.20s\"", *text +
		    strspn(*text, " \t\r\n"));
	} else {
		s++;
		if (arguments(&s, out, e) == 0) {
			*text = s;
			return 1;
		}
	}
	cmake_command_release(out);
	return -1;
}

void
cmake_command_release(struct cmake_command *c)
{
	for (size_t i = 0; i < c->n; i++)
		free(c->arg[i].text);
	free(c->arg);
	free(c->name);
	memset(c, 0, sizeof(*c));
}

/* --- what an argument means --- */

static int
too_much(struct err *e)
{
	return err_set(e, ERR_INPUT, "a value of more than %u bytes, or of "
	    "${} in each other more than %u deep", CMAKE_BYTES, CMAKE_DEPTH);
}

static const char *
escape(const char *s, struct buf *out)
{
	static const char from[] = "ntr", to[] = "\n\t\r";
	const char *at = strchr(from, s[1]);

	if (s[1] == '\0')
		return s + 1;
	if (s[1] == ';')		/* one that does not split a list */
		buf_addc(out, '\\');
	if (s[1] != '\n')
		buf_addc(out, at != NULL ? to[at - from] : s[1]);
	return s + 2;
}

static int	part(const struct vars *vars, const char **s, bool inside,
		    unsigned depth, struct buf *out, struct err *e);

/* "${NAME}" at *s, whose name may be made of others. */
static int
reference(const struct vars *vars, const char **s, unsigned depth,
    struct buf *out, struct err *e)
{
	struct buf name = BUF_MAX(CMAKE_BYTES);
	const char *value;
	int r;

	*s += 2;
	r = part(vars, s, true, depth + 1, &name, e);
	if (r == 0 && **s == '}') {
		++*s;
		value = vars_gets(vars, name.data);
		if (value != NULL && buf_adds(out, value) == -1)
			r = too_much(e);
	}
	buf_release(&name);
	return r;
}

/* Until the end, or the "}" of the reference that it is inside of. */
static int
part(const struct vars *vars, const char **s, bool inside, unsigned depth,
    struct buf *out, struct err *e)
{
	if (depth > CMAKE_DEPTH)
		return too_much(e);
	while (**s != '\0' && !(inside && **s == '}')) {
		if (**s == '\\') {
			*s = escape(*s, out);
		} else if (strncmp(*s, "${", 2) == 0) {
			if (reference(vars, s, depth, out, e) == -1)
				return -1;
		} else if (buf_addc(out, *(*s)++) == -1) {
			return too_much(e);
		}
	}
	return 0;
}

int
cmake_expand(const struct vars *vars, const char *s, struct buf *out,
    struct err *e)
{
	return part(vars, &s, false, 0, out, e);
}
