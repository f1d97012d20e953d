/* SPDX-License-Identifier: MIT */
#include "upstream/cmake.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "upstream/cmake_if.h"
#include "upstream/cmake_lex.h"
#include "upstream/nest.h"

#define N(a)		(sizeof(a) / sizeof((a)[0]))

/* Commands that begin a block, and the ones that end it. */
static const struct {
	const char *begin, *end;
} blocks[] = {
	{ "function", "endfunction" }, { "macro", "endmacro" },
	{ "foreach", "endforeach" }, { "while", "endwhile" },
};

/* Where in a file we are. */
struct where {
	const char	*path;
	const char	*until;		/* passed over until this; NULL */
	bool		 returned;
	struct nest	 nest;
};

/* --- arguments --- */

/* Adds what is between the semicolons; "\;" is none. */
static void
split(struct cmake_command *out, const char *s)
{
	struct buf item = BUF_INIT;

	for (;; s++) {
		if (*s == '\0' || *s == ';') {
			if (item.len > 0)
				cmake_command_add(out, item.data, item.len,
				    CMAKE_BARE);
			buf_clear(&item);
			if (*s == '\0')
				break;
		} else if (s[0] != '\\' || s[1] != ';') {
			buf_addc(&item, *s);
		}
	}
	buf_release(&item);
}

/* The arguments as a command sees them, in another list. */
static int
expand_all(const struct cmake *c, const struct cmake_command *in,
    struct cmake_command *out, struct err *e)
{
	struct buf text = BUF_MAX(CMAKE_BYTES);
	int r = 0;

	memset(out, 0, sizeof(*out));
	for (size_t i = 0; r == 0 && i < in->n; i++) {
		const struct cmake_arg *a = &in->arg[i];

		buf_clear(&text);
		if (a->kind == CMAKE_BRACKET)
			cmake_command_add(out, a->text, strlen(a->text),
			    a->kind);
		else if ((r = cmake_expand(c->vars, a->text, &text,
		    e)) == 0 && a->kind == CMAKE_QUOTED)
			cmake_command_add(out, text.data, text.len, a->kind);
		else if (r == 0)
			split(out, text.data);
		if (out->n > CMAKE_ARGS)
			r = err_set(e, ERR_INPUT, "more than %u arguments",
			    CMAKE_ARGS);
	}
	buf_release(&text);
	if (r == -1)
		cmake_command_release(out);
	return r;
}

/* --- commands --- */

/* Adds the arguments from the i-th on to out, as a list. */
static int
join(const struct cmake_command *cmd, size_t i, size_t end, struct buf *out,
    struct err *e)
{
	for (; i < end; i++)
		if ((out->len > 0 && buf_addc(out, ';') == -1) ||
		    buf_adds(out, cmd->arg[i].text) == -1)
			return err_set(e, ERR_INPUT, "a list of more than "
			    "%u bytes", CMAKE_BYTES);
	return 0;
}

/* set(NAME value ... [CACHE type text] [PARENT_SCOPE]); no value: unset. */
static int
set(struct cmake *c, const struct cmake_command *cmd, struct err *e)
{
	struct buf text = BUF_MAX(CMAKE_BYTES);
	size_t end = cmd->n;
	int r;

	for (size_t i = 1; i < cmd->n && end == cmd->n; i++)
		if (strcmp(cmd->arg[i].text, "CACHE") == 0 ||
		    strcmp(cmd->arg[i].text, "PARENT_SCOPE") == 0)
			end = i;
	if (cmd->n == 0)
		return 0;
	r = join(cmd, 1, end, &text, e);
	if (r == 0 && end == 1)
		vars_drop(c->vars, cmd->arg[0].text,
		    strlen(cmd->arg[0].text));
	else if (r == 0)
		vars_puts(c->vars, cmd->arg[0].text, text.data);
	buf_release(&text);
	return r;
}

/* A list without the items that equal one of the arguments. */
static void
remove_items(const struct cmake_command *cmd, const char *list,
    struct buf *out)
{
	struct cmake_command items = { .n = 0 };

	split(&items, list);
	for (size_t i = 0, k; i < items.n; i++) {
		for (k = 2; k < cmd->n && strcmp(cmd->arg[k].text,
		    items.arg[i].text) != 0; k++)
			;
		if (k < cmd->n)
			continue;
		buf_adds(out, out->len > 0 ? ";" : "");
		buf_adds(out, items.arg[i].text);
	}
	cmake_command_release(&items);
}

/* list(APPEND|PREPEND|REMOVE_ITEM NAME item ...). */
static int
list(struct cmake *c, const struct cmake_command *cmd, struct err *e)
{
	struct buf text = BUF_MAX(CMAKE_BYTES);
	const char *how = cmd->n > 1 ? cmd->arg[0].text : "", *name, *old;
	int r = 0;

	if (cmd->n < 2)
		return 0;
	name = cmd->arg[1].text;
	old = vars_gets(c->vars, name);
	old = old != NULL ? old : "";
	if (strcmp(how, "APPEND") == 0) {
		buf_adds(&text, old);
		r = join(cmd, 2, cmd->n, &text, e);
	} else if (strcmp(how, "PREPEND") == 0) {
		r = join(cmd, 2, cmd->n, &text, e);
		if (r == 0 && old[0] != '\0')
			r = buf_addf(&text, "%s%s", text.len > 0 ? ";" : "",
			    old) == 0 ? 0 : err_set(e, ERR_INPUT,
			    "a list of more than %u bytes", CMAKE_BYTES);
	} else if (strcmp(how, "REMOVE_ITEM") == 0) {
		remove_items(cmd, old, &text);
	} else {
		goto out;
	}
	if (r == 0)
		vars_puts(c->vars, name, text.data);
out:
	buf_release(&text);
	return r;
}

static int	run(struct cmake *c, const char *path, const char *text,
		    struct err *e);

/* include(FILE ...), where FILE is a path, and no name of a module. */
static int
include(struct cmake *c, const struct cmake_command *cmd, struct err *e)
{
	const char *text, *name = cmd->n > 0 ? cmd->arg[0].text : "";
	size_t len;
	char *path;
	int r;

	if (strchr(name, '/') == NULL && strchr(name, '.') == NULL)
		return 0;
	text = source_read(c->src, c->dir, name, &path, &len);
	if (text == NULL) {
		source_miss(c->src, name);
		return 0;
	}
	r = run(c, path, text, e);
	free(path);
	return r;
}

static int
command(struct cmake *c, struct where *w, const struct cmake_command *raw,
    struct err *e)
{
	struct cmake_command cmd;
	int r = 0;

	if (expand_all(c, raw, &cmd, e) == -1)
		return -1;
	if (strcmp(raw->name, "set") == 0)
		r = set(c, &cmd, e);
	else if (strcmp(raw->name, "unset") == 0 && cmd.n > 0)
		vars_drop(c->vars, cmd.arg[0].text, strlen(cmd.arg[0].text));
	else if (strcmp(raw->name, "list") == 0)
		r = list(c, &cmd, e);
	else if (strcmp(raw->name, "include") == 0)
		r = include(c, &cmd, e);
	else if (strcmp(raw->name, "return") == 0)
		w->returned = true;
	cmake_command_release(&cmd);
	return r;
}

static int
condition(const struct cmake *c, const struct cmake_command *raw, bool *is,
    struct err *e)
{
	struct cmake_command cmd;

	if (expand_all(c, raw, &cmd, e) == -1)
		return -1;
	*is = cmake_if(c->vars, cmd.arg, cmd.n);
	cmake_command_release(&cmd);
	return 0;
}

/* elseif() and else(). */
static int
branch(const struct cmake *c, struct where *w,
    const struct cmake_command *raw, struct err *e)
{
	const bool last = strcmp(raw->name, "else") == 0;
	bool is = last;

	if (!last && nest_open(&w->nest) && condition(c, raw, &is, e) == -1)
		return -1;
	return nest_branch(&w->nest, is, last, e);
}

/* What changes which commands count, else the command itself. */
static int
step(struct cmake *c, struct where *w, const struct cmake_command *cmd,
    struct err *e)
{
	bool is = false;

	if (w->until != NULL) {
		if (strcmp(cmd->name, w->until) == 0)
			w->until = NULL;
		return 0;
	}
	for (size_t i = 0; i < N(blocks); i++)
		if (strcmp(cmd->name, blocks[i].begin) == 0) {
			w->until = blocks[i].end;
			return 0;
		}
	if (strcmp(cmd->name, "if") == 0)
		return nest_live(&w->nest) &&
		    condition(c, cmd, &is, e) == -1 ? -1 :
		    nest_begin(&w->nest, is, e);
	if (strcmp(cmd->name, "elseif") == 0 || strcmp(cmd->name, "else") == 0)
		return branch(c, w, cmd, e);
	if (strcmp(cmd->name, "endif") == 0)
		return nest_end(&w->nest, e);
	return nest_live(&w->nest) ? command(c, w, cmd, e) : 0;
}

/* The folder of the file, where files look for others. */
static void
set_list_dir(struct cmake *c, const char *path)
{
	char *dir = source_dir(path), *absolute = mem_printf("/%s", dir);

	vars_puts(c->vars, "CMAKE_CURRENT_LIST_DIR", absolute);
	free(absolute);
	free(dir);
}

static int
run(struct cmake *c, const char *path, const char *text, struct err *e)
{
	const char *dir = vars_gets(c->vars, "CMAKE_CURRENT_LIST_DIR");
	char *before = mem_str(dir != NULL ? dir : "");
	struct where w = { .path = path };
	struct cmake_command cmd;
	int r = 1;

	if (c->depth == SOURCE_DEPTH) {
		free(before);
		return err_set(e, ERR_INPUT, "more than %u files that "
		    "include each other", SOURCE_DEPTH);
	}
	c->depth++;
	set_list_dir(c, path);
	while (r == 1 && !w.returned && (r = cmake_next(&text, &cmd, e)) == 1) {
		r = step(c, &w, &cmd, e) == 0 ? 1 : -1;
		cmake_command_release(&cmd);
	}
	if (r == 0 && w.until != NULL)
		r = err_set(e, ERR_INPUT, "no %s()", w.until);
	if (r == 0)
		r = nest_done(&w.nest, e);
	if (r == -1 && !c->placed) {
		err_wrap(e, "%s", path);
		c->placed = true;
	}
	vars_puts(c->vars, "CMAKE_CURRENT_LIST_DIR", before);
	free(before);
	c->depth--;
	return r == -1 ? -1 : 0;
}

void
cmake_init(struct cmake *c, struct source *src, const char *dir)
{
	*c = (struct cmake){ .vars = vars_new(), .src = src, .dir = dir };
}

void
cmake_release(struct cmake *c)
{
	vars_free(c->vars);
}

int
cmake_file(struct cmake *c, const char *path, struct err *e)
{
	const char *text;
	size_t len;
	char *at;
	int r;

	text = source_read(c->src, NULL, path, &at, &len);
	if (text == NULL)
		return err_set(e, ERR_NOT_FOUND, "%s: not in the tree", path);
	r = run(c, at, text, e);
	free(at);
	return r;
}
