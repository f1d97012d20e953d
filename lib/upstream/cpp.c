/* SPDX-License-Identifier: MIT */
#include "upstream/cpp.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "upstream/expr.h"
#include "upstream/macro.h"
#include "upstream/nest.h"

/* What the lines mean: comments become a blank, and split lines are one. */
static void
clean(const char *s, struct buf *out)
{
	const char *end;
	size_t n;

	while (*s != '\0') {
		if (s[0] == '\\' && (s[1] == '\n' || (s[1] == '\r' &&
		    s[2] == '\n'))) {
			s += s[1] == '\n' ? 2 : 3;
		} else if (s[0] == '/' && s[1] == '*') {
			end = strstr(s + 2, "*/");
			s = end != NULL ? end + 2 : s + strlen(s);
			buf_addc(out, ' ');
		} else if (s[0] == '/' && s[1] == '/') {
			while (*s != '\0' && *s != '\n')
				s += s[0] == '\\' && s[1] != '\0' ? 2 : 1;
		} else {
			n = *s == '"' || *s == '\'' ? macro_quoted(s) : 1;
			buf_add(out, s, n);
			s += n;
		}
	}
}

/* "defined X" and "defined(X)" become 1 or 0, before anything is expanded. */
static void
ask_defined(const struct cpp *c, const char *s, struct buf *out)
{
	static const char keyword[] = "defined";
	const char *name;
	size_t n;
	bool in_parens;

	while (*s != '\0') {
		n = macro_word(s);
		if (n != sizeof(keyword) - 1 || memcmp(s, keyword, n) != 0) {
			n = n > 0 ? n : 1;
			buf_add(out, s, n);
			s += n;
			continue;
		}
		name = macro_blanks(s + n);
		in_parens = *name == '(';
		name = macro_blanks(name + in_parens);
		n = macro_word(name);
		buf_adds(out, n > 0 && vars_get(c->macros, name, n) != NULL ?
		    " 1 " : " 0 ");
		s = name + n;
		if (in_parens && *macro_blanks(s) == ')')
			s = macro_blanks(s) + 1;
	}
}

static bool
condition(const struct cpp *c, const char *text)
{
	struct buf asked = BUF_INIT, whole = BUF_MAX(MACRO_BYTES);
	int64_t v = 0;

	ask_defined(c, text, &asked);
	if (macro_expand(c->macros, asked.data, &whole) == -1 ||
	    !expr_eval(whole.data, &v))
		v = 0;
	buf_release(&asked);
	buf_release(&whole);
	return v != 0;
}

/* --- directives --- */

static int	include(struct cpp *c, const char *path, const char *text,
		    struct err *e);

/* Beside the file that asks for it, then in each of the folders. */
static int
find_include(struct cpp *c, const char *from, const char *s, struct err *e)
{
	const char end = *s == '<' ? '>' : '"';
	const size_t n = strcspn(s + 1, (const char[]){ end, '\0' });
	char *name, *path, *dir = source_dir(from);
	const char *text;
	size_t len;
	int r = 0;

	name = mem_printf("%.*s", (int)n, s + 1);
	text = end == '"' ? source_read(c->src, dir, name, &path, &len) : NULL;
	for (size_t i = 0; text == NULL && c->dirs[i] != NULL; i++)
		text = source_read(c->src, c->dirs[i], name, &path, &len);
	if (text != NULL) {
		r = include(c, path, text, e);
		free(path);
	} else if (end == '"') {
		source_miss(c->src, name);
	}
	free(name);
	free(dir);
	return r;
}

static int
conditional(struct cpp *c, struct nest *w, const char *name, size_t n,
    const char *rest, struct err *e)
{
	const bool is = nest_live(w);
	bool defined;

	if (n == 2 && memcmp(name, "if", n) == 0)
		return nest_begin(w, is && condition(c, rest), e);
	if ((n == 5 && memcmp(name, "ifdef", n) == 0) ||
	    (n == 6 && memcmp(name, "ifndef", n) == 0)) {
		defined = vars_get(c->macros, rest, macro_word(rest)) != NULL;
		return nest_begin(w, defined == (n == 5), e);
	}
	if (n == 4 && memcmp(name, "elif", n) == 0)
		return nest_branch(w, nest_open(w) && condition(c, rest),
		    false, e);
	if (n == 4 && memcmp(name, "else", n) == 0)
		return nest_branch(w, true, true, e);
	if (n == 5 && memcmp(name, "endif", n) == 0)
		return nest_end(w, e);
	return 0;
}

static int
directive(struct cpp *c, struct nest *w, const char *path, const char *s,
    struct err *e)
{
	const char *name = macro_blanks(s);
	const size_t n = macro_word(name);
	const char *rest = macro_blanks(name + n);

	if (conditional(c, w, name, n, rest, e) == -1)
		return -1;
	if (!nest_live(w))
		return 0;
	if (n == 6 && memcmp(name, "define", n) == 0)
		macro_define(c->macros, rest);
	else if (n == 5 && memcmp(name, "undef", n) == 0)
		vars_drop(c->macros, rest, macro_word(rest));
	else if (n == 7 && memcmp(name, "include", n) == 0 &&
	    (*rest == '"' || *rest == '<'))
		return find_include(c, path, rest, e);
	return 0;
}

static int
include(struct cpp *c, const char *path, const char *text, struct err *e)
{
	struct buf whole = BUF_INIT;
	struct nest w = { .n = 0 };
	char *line, *rest;
	int r = 0;

	if (c->depth == SOURCE_DEPTH)
		return err_set(e, ERR_INPUT, "more than %u files that "
		    "include each other", SOURCE_DEPTH);
	c->depth++;
	clean(text, &whole);
	rest = whole.len > 0 ? whole.data : NULL;
	while (r == 0 && (line = strsep(&rest, "\n")) != NULL) {
		line += strspn(line, " \t\r\f\v");
		if (*line == '#')
			r = directive(c, &w, path, line + 1, e);
	}
	if (r == 0)
		r = nest_done(&w, e);
	if (r == -1 && !c->placed) {
		err_wrap(e, "%s", path);
		c->placed = true;
	}
	buf_release(&whole);
	c->depth--;
	return r;
}

/* --- what is asked of it --- */

void
cpp_init(struct cpp *c, struct source *src, const char *const *dirs)
{
	*c = (struct cpp){ .macros = vars_new(), .src = src, .dirs = dirs };
}

void
cpp_release(struct cpp *c)
{
	vars_free(c->macros);
}

void
cpp_define(struct cpp *c, const char *definition)
{
	const size_t n = macro_word(definition);

	if (n > 0 && definition[n] == '=')
		vars_set(c->macros, definition, n, definition + n + 1);
	else if (n > 0 && definition[n] == '\0')
		vars_set(c->macros, definition, n, "1");
}

int
cpp_file(struct cpp *c, const char *path, struct err *e)
{
	char *at;
	const char *text;
	size_t len;
	int r;

	text = source_read(c->src, NULL, path, &at, &len);
	if (text == NULL)
		return err_set(e, ERR_NOT_FOUND, "%s: not in the tree", path);
	r = include(c, at, text, e);
	free(at);
	return r;
}

bool
cpp_defined(const struct cpp *c, const char *name)
{
	return vars_gets(c->macros, name) != NULL;
}

bool
cpp_string(const struct cpp *c, const char *name, struct buf *out)
{
	return macro_string(c->macros, name, out);
}

bool
cpp_number(const struct cpp *c, const char *name, int64_t *out)
{
	return macro_number(c->macros, name, out);
}
