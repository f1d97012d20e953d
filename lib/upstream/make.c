/* SPDX-License-Identifier: MIT */
#include "upstream/make.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "upstream/make_expand.h"
#include "upstream/make_if.h"
#include "upstream/nest.h"

#define BLANKS		" \t\r"

/* Where in a file we are. */
struct where {
	bool		 recipe;	/* lines with a tab belong to a rule */
	unsigned	 define;	/* in so many of them */
	struct nest	 nest;
};

/*
 * The next line of *s into out: split ones as one, without a comment.
 * False: there are no more.
 */
static bool
next_line(const char **s, struct buf *out)
{
	const char *p = *s;
	bool comment = false;

	buf_clear(out);
	if (*p == '\0')
		return false;
	for (; *p != '\0' && *p != '\n'; p++) {
		if (p[0] == '\\' && (p[1] == '\n' ||
		    (p[1] == '\r' && p[2] == '\n'))) {
			p += p[1] == '\n' ? 1 : 2;
			p += strspn(p + 1, BLANKS);
			if (!comment)
				buf_addc(out, ' ');
		} else if (p[0] == '\\' && p[1] == '#') {
			p++;
			if (!comment)
				buf_addc(out, '#');
		} else if (*p == '#') {
			comment = true;
		} else if (!comment) {
			buf_addc(out, *p);
		}
	}
	*s = *p == '\n' ? p + 1 : p;
	return true;
}

/* --- assignments --- */

static void
put(struct make *m, const char *name, char kind, const char *text)
{
	const char *old = vars_gets(m->vars, name);
	char *v;

	if (old != NULL && old[0] == MAKE_FIXED)
		return;
	v = mem_printf("%c%s", kind, text);
	vars_puts(m->vars, name, v);
	free(v);
}

/* NAME = text, NAME := text, NAME += text, NAME ?= text, NAME != text. */
static int
assign(struct make *m, const char *name, char how, const char *text,
    struct err *e)
{
	const char *old = vars_gets(m->vars, name);
	const char kind = how == ':' || (how == '+' && old != NULL &&
	    old[0] != MAKE_LATER) ? MAKE_NOW : MAKE_LATER;
	struct buf v = BUF_MAX(MAKE_BYTES);
	int r = 0;

	if (how == '?' && old != NULL)
		return 0;
	if (how == '+' && old != NULL)
		buf_addf(&v, "%s ", old + 1);
	if (how == '!')
		buf_addc(&v, MAKE_UNKNOWN);
	else if (kind == MAKE_NOW)
		r = make_expand(m->vars, text, &v, e);
	else if (buf_adds(&v, text) == -1)
		r = err_set(e, ERR_INPUT, "%.40s: more than %u bytes", name,
		    MAKE_BYTES);
	if (r == 0)
		put(m, name, kind, v.data);
	buf_release(&v);
	return r;
}

/* Where the operator is in a line; its end in *end.  NULL: there is none. */
static const char *
operator(const char *s, const char **end)
{
	unsigned depth = 0;

	for (const char *p = s; *p != '\0'; p++) {
		depth += *p == '(' || *p == '{' ? 1 : 0;
		depth -= (*p == ')' || *p == '}') && depth > 0 ? 1 : 0;
		if (depth > 0 || strchr("=:+?!", *p) == NULL)
			continue;
		*end = p + strspn(p, ":+?!") + 1;
		if ((*end)[-1] == '=' && (*p != ':' || *end - p <= 3))
			return p;
		if (*p == ':')
			return NULL;	/* a rule */
	}
	return NULL;
}

/* A line that is no directive: an assignment, or else nothing to us. */
static int
plain(struct make *m, struct where *w, const char *s, struct err *e)
{
	struct buf name = BUF_MAX(MAKE_BYTES);
	const char *end, *op = operator(s, &end);
	size_t n;
	char *text;
	int r;

	w->recipe = op == NULL && *s != '$' && strchr(s, ':') != NULL;
	if (op == NULL)
		return 0;
	n = (size_t)(op - s);
	s = make_strip(s, &n);
	text = mem_printf("%.*s", (int)n, s);
	r = make_expand(m->vars, text, &name, e);
	if (r == 0)
		r = assign(m, name.data, *op, end + strspn(end, BLANKS), e);
	free(text);
	buf_release(&name);
	return r;
}

/* --- conditions --- */

/* 1: s changes which lines count; 0: it does not; or -1. */
static int
conditional(const struct make *m, struct nest *w, const char *s,
    struct err *e)
{
	const char *rest;
	bool is;
	int r;

	if (make_after(s, "endif") != NULL)
		return nest_end(w, e) == -1 ? -1 : 1;
	if ((rest = make_after(s, "else")) != NULL) {
		r = make_if(m->vars, rest, nest_open(w), &is, e);
		return r == -1 || nest_branch(w, is || r == 0, r == 0,
		    e) == -1 ? -1 : 1;
	}
	r = make_if(m->vars, s, nest_live(w), &is, e);
	return r == 1 && nest_begin(w, is, e) == -1 ? -1 : r;
}

/* --- files --- */

static int	run(struct make *m, const char *path, const char *text,
		    struct err *e);

static int
include_one(struct make *m, const char *name, struct err *e)
{
	const char *text;
	size_t len;
	char *path;
	int r;

	text = source_read(m->src, m->dir, name, &path, &len);
	if (text == NULL) {
		source_miss(m->src, name);
		return 0;
	}
	r = run(m, path, text, e);
	free(path);
	return r;
}

static int
include(struct make *m, const char *names, struct err *e)
{
	struct buf all = BUF_MAX(MAKE_BYTES);
	char *name, *rest;
	int r = make_expand(m->vars, names, &all, e);

	rest = all.len > 0 ? all.data : NULL;
	while (r == 0 && (name = strsep(&rest, BLANKS)) != NULL)
		if (name[0] != '\0')
			r = include_one(m, name, e);
	buf_release(&all);
	return r;
}

static int
line(struct make *m, struct where *w, const char *s, struct err *e)
{
	static const char *const includes[] = {
		"include", "-include", "sinclude"
	};
	const char *rest;
	int r;

	if (*s == '\t' && w->recipe)
		return 0;
	s += strspn(s, BLANKS);
	if (w->define > 0 || make_after(s, "define") != NULL) {
		w->define += make_after(s, "define") != NULL ? 1 : 0;
		w->define -= make_after(s, "endef") != NULL ? 1 : 0;
		return 0;
	}
	r = conditional(m, &w->nest, s, e);
	if (r != 0 || !nest_live(&w->nest) || *s == '\0')
		return r == -1 ? -1 : 0;
	while ((rest = make_after(s, "export")) != NULL ||
	    (rest = make_after(s, "override")) != NULL)
		s = rest;
	for (size_t i = 0; i < 3; i++)
		if ((rest = make_after(s, includes[i])) != NULL)
			return include(m, rest, e);
	return plain(m, w, s, e);
}

static int
run(struct make *m, const char *path, const char *text, struct err *e)
{
	struct where w = { .recipe = false };
	struct buf whole = BUF_INIT;
	int r = 0;

	if (m->depth == SOURCE_DEPTH)
		return err_set(e, ERR_INPUT, "more than %u files that "
		    "include each other", SOURCE_DEPTH);
	m->depth++;
	while (r == 0 && next_line(&text, &whole))
		r = line(m, &w, whole.data, e);
	if (r == 0)
		r = nest_done(&w.nest, e);
	if (r == -1 && !m->placed) {
		err_wrap(e, "%s", path);
		m->placed = true;
	}
	buf_release(&whole);
	m->depth--;
	return r;
}

/* --- what is asked of it --- */

void
make_init(struct make *m, struct source *src, const char *dir)
{
	*m = (struct make){ .vars = vars_new(), .src = src, .dir = dir };
}

void
make_release(struct make *m)
{
	vars_free(m->vars);
}

void
make_override(struct make *m, const char *name, const char *text)
{
	put(m, name, MAKE_FIXED, text);
}

int
make_file(struct make *m, const char *path, struct err *e)
{
	const char *text;
	size_t len;
	char *at;
	int r;

	text = source_read(m->src, NULL, path, &at, &len);
	if (text == NULL)
		return err_set(e, ERR_NOT_FOUND, "%s: not in the tree", path);
	r = run(m, at, text, e);
	free(at);
	return r;
}

int
make_get(const struct make *m, const char *name, struct buf *out,
    struct err *e)
{
	char *text = mem_printf("$(%s)", name);
	const int r = make_expand(m->vars, text, out, e);

	free(text);
	return r;
}

/* One word as a shell reads it, without its quotes. */
static bool
shell_word(const char **s, struct buf *out)
{
	const char *p = *s + strspn(*s, BLANKS "\n");
	char quote = '\0';

	buf_clear(out);
	if (*p == '\0')
		return false;
	for (; *p != '\0' && (quote != '\0' ||
	    strchr(BLANKS "\n", *p) == NULL); p++) {
		if (*p == quote) {
			quote = '\0';
		} else if (quote == '\0' && (*p == '\'' || *p == '"')) {
			quote = *p;
		} else {
			if (*p == '\\' && quote != '\'' && p[1] != '\0')
				p++;
			buf_addc(out, *p);
		}
	}
	*s = p;
	return true;
}

bool
make_next_define(const char **flags, struct buf *out)
{
	while (shell_word(flags, out)) {
		if (strcmp(out->data, "-D") == 0)
			return shell_word(flags, out);
		if (strncmp(out->data, "-D", 2) == 0) {
			buf_drop(out, 2);
			return true;
		}
	}
	return false;
}
