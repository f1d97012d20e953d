/* SPDX-License-Identifier: MIT */
#include "upstream/check.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "store/tsv.h"

#define COLUMNS		5u

struct rename {
	unsigned	 line;
	const char	*port, *old, *new;	/* in the text */
	long		 since;			/* among the versions; -1 */
};

struct run {
	const struct catalog *tree;
	const struct check *check;
	struct rename	*rename;
	size_t		 n;
};

static bool
holds(const struct row *r, size_t version)
{
	return version >= r->first && version <= r->last;
}

/*
 * Does a pattern name this id?  "*-dp" is the variant dp of any board, and
 * anything else is an id.
 */
static bool
names(const char *pattern, const struct row *r)
{
	struct buf id = BUF_INIT;
	bool is;

	if (strncmp(pattern, "*-", 2) == 0)
		return strcmp(pattern + 2, r->variant) == 0;
	catalog_id(r, &id);
	is = strcmp(pattern, id.data) == 0;
	buf_release(&id);
	return is;
}

/* Is there such a board, in that version? */
static bool
there(const struct run *r, const char *port, const char *id, size_t version)
{
	for (size_t i = 0; i < r->tree->n_rows; i++)
		if (holds(&r->tree->row[i], version) &&
		    strcmp(r->tree->row[i].port, port) == 0 &&
		    names(id, &r->tree->row[i]))
			return true;
	return false;
}

/* --- what is said --- */

static void
say(const struct run *r, const struct row *row, long version,
    const char *text)
{
	const struct difference d = {
		.port = row != NULL ? row->port : "",
		.board = row != NULL ? row->board : "",
		.variant = row != NULL ? row->variant : "",
		.version = version >= 0 ?
		    r->tree->version[version].name : "",
		.text = text,
	};

	r->check->say(r->check->ctx, &d);
}

static void
say_line(const struct run *r, const struct rename *re, const char *what)
{
	char *text = mem_printf("renames.tsv, line %u: %s %s: %s", re->line,
	    re->port, re->old, what);

	say(r, NULL, re->since, text);
	free(text);
}

/* --- each row holds --- */

static int
bad_line(const struct tsv *in, struct err *e)
{
	return err_set(e, ERR_INPUT, "%s, line %u: not port, old, new, since "
	    "and how", in->name, in->line);
}

static int
parse(struct run *r, struct tsv *in, struct err *e)
{
	struct rename *re;
	int x = tsv_line(in, e);

	if (x == -1)
		return -1;
	if (x == 0 || in->n != COLUMNS || strcmp(in->field[0], "port") != 0)
		return bad_line(in, e);
	while ((x = tsv_line(in, e)) == 1) {
		if (in->n != COLUMNS)
			return bad_line(in, e);
		r->rename = mem_grow(r->rename, r->n + 1, sizeof(*re));
		re = &r->rename[r->n++];
		*re = (struct rename){ .line = in->line,
		    .port = in->field[0], .old = in->field[1],
		    .new = in->field[2],
		    .since = catalog_version(r->tree, in->field[3]) };
	}
	return x;
}

/* Of a pattern: each board that it names has its new variant afterwards. */
static void
check_pattern(const struct run *r, const struct rename *re)
{
	const size_t since = (size_t)re->since;

	for (size_t i = 0; i < r->tree->n_rows; i++) {
		const struct row *row = &r->tree->row[i];
		char *id, *what;

		if (strcmp(row->port, re->port) != 0 ||
		    !names(re->old, row) || !holds(row, since - 1))
			continue;
		id = mem_printf("%s%s", row->board, re->new + 1);
		what = mem_printf("no %s in %s", id,
		    r->tree->version[since].name);
		if (!there(r, re->port, id, since))
			say_line(r, re, what);
		free(id);
		free(what);
	}
}

static void
check_row(const struct run *r, const struct rename *re)
{
	const bool pattern = re->old[0] == '*' && re->new[0] == '*';
	const size_t since = (size_t)re->since;
	char *what = NULL;

	if (re->since < 1)
		what = mem_printf("its \"since\" is no version after the "
		    "first");
	else if (there(r, re->port, re->old, since))
		what = mem_printf("%s still has it",
		    r->tree->version[since].name);
	else if (!there(r, re->port, re->old, since - 1))
		what = mem_printf("%s does not have it",
		    r->tree->version[since - 1].name);
	else if (!pattern && !there(r, re->port, re->new, since))
		what = mem_printf("no %s in %s", re->new,
		    r->tree->version[since].name);
	if (what != NULL)
		say_line(r, re, what);
	else if (pattern)
		check_pattern(r, re);
	free(what);
}

/* As git shows changes best, and so that no row is there twice. */
static void
check_order(const struct run *r)
{
	int order;

	for (size_t i = 1; i < r->n; i++) {
		const struct rename *a = &r->rename[i - 1], *b = a + 1;

		order = strcmp(a->port, b->port);
		if (order == 0)
			order = strcmp(a->old, b->old);
		if (order == 0)
			order = a->since < b->since ? -1 : 1;
		if (order > 0)
			say_line(r, b, "not in order of port, old and since");
	}
}

/* --- no id is gone without a row --- */

static bool
explained(const struct run *r, const struct row *gone, size_t since)
{
	struct buf id = BUF_INIT;
	bool is = false;

	for (size_t i = 0; !is && i < r->n; i++)
		is = r->rename[i].since == (long)since &&
		    strcmp(r->rename[i].port, gone->port) == 0 &&
		    names(r->rename[i].old, gone);
	buf_addf(&id, "%s ", gone->port);
	catalog_id(gone, &id);
	for (size_t i = 0; !is && i < r->tree->n_given_up; i++)
		is = strcmp(r->tree->given_up[i], id.data) == 0;
	buf_release(&id);
	return is;
}

/* Adds new ids that may be what this one is now called. */
static void
suggest(const struct run *r, const struct row *gone, size_t since,
    struct buf *out)
{
	struct buf id = BUF_INIT;
	bool any = false;

	for (size_t i = 0; i < r->tree->n_rows; i++) {
		const struct row *row = &r->tree->row[i];

		if (row->first != since ||
		    strcmp(row->port, gone->port) != 0 ||
		    (strcmp(row->f[FACT_NAME], gone->f[FACT_NAME]) != 0 &&
		    (gone->f[FACT_PRODUCT][0] == '\0' ||
		    strcmp(row->f[FACT_PRODUCT],
		    gone->f[FACT_PRODUCT]) != 0)))
			continue;
		buf_clear(&id);
		catalog_id(row, &id);
		if (there(r, gone->port, id.data, since - 1))
			continue;
		buf_addf(out, "%s%s", any ? ", " : "; may be: ", id.data);
		any = true;
	}
	buf_release(&id);
}

static void
check_gone(const struct run *r)
{
	struct buf id = BUF_INIT, text = BUF_INIT;

	for (size_t i = 0; i < r->tree->n_rows; i++) {
		const struct row *row = &r->tree->row[i];
		const size_t since = row->last + 1;

		buf_clear(&id);
		catalog_id(row, &id);
		if (since == r->tree->n_versions ||
		    there(r, row->port, id.data, since) ||
		    explained(r, row, since))
			continue;
		buf_clear(&text);
		buf_addf(&text, "%s %s: gone since %s, and renames.tsv has "
		    "no row for it", row->port, id.data,
		    r->tree->version[since].name);
		suggest(r, row, since, &text);
		say(r, row, (long)since, text.data);
	}
	buf_release(&id);
	buf_release(&text);
}

int
check_renames(char *text, size_t len, const struct catalog *tree,
    const struct check *c, struct err *e)
{
	struct tsv in = { .text = text, .len = len, .name = "renames.tsv" };
	struct run r = { .tree = tree, .check = c };
	const int x = parse(&r, &in, e);

	if (x == 0) {
		for (size_t i = 0; i < r.n; i++)
			check_row(&r, &r.rename[i]);
		check_order(&r);
		check_gone(&r);
	}
	free(r.rename);
	return x;
}
