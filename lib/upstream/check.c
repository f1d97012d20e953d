/* SPDX-License-Identifier: MIT */
#include "upstream/check.h"

#include <string.h>

/* The rows of one board or variant, in a catalog; n 0: it has none. */
struct slice {
	const struct row *row;
	size_t		 n;
};

struct run {
	const struct catalog *share, *tree;
	const struct check *check;
};

/* A difference that began in a version, and what it is. */
struct open {
	size_t		 first, last;	/* of the tree's versions */
	struct buf	 what;		/* "": there is none */
};

static void
say(const struct run *r, const char *version, const char *text)
{
	r->check->say(r->check->ctx, &(struct difference){ .port = "",
	    .board = "", .variant = "", .version = version, .text = text });
}

/* --- versions --- */

static void
check_versions(const struct run *r)
{
	struct buf text = BUF_INIT;

	for (size_t i = 0; i < r->tree->n_versions; i++) {
		const char *name = r->tree->version[i].name;

		if (catalog_version(r->share, name) != -1)
			continue;
		buf_clear(&text);
		buf_addf(&text, "%s: the tree has it, boards.tsv does not",
		    name);
		say(r, name, text.data);
	}
	for (size_t i = 0; i < r->share->n_versions; i++) {
		const char *name = r->share->version[i].name;

		if (catalog_version(r->tree, name) != -1)
			continue;
		buf_clear(&text);
		buf_addf(&text, "%s: boards.tsv has it, the tree does not",
		    name);
		say(r, name, text.data);
	}
	if (strcmp(r->share->tip, r->tree->tip) != 0) {
		buf_clear(&text);
		buf_addf(&text, "the tip: boards.tsv is of %s, the tree is "
		    "at %s", r->share->tip, r->tree->tip);
		say(r, "", text.data);
	}
	buf_release(&text);
}

/* --- rows --- */

static struct slice
slice(const struct catalog *t, size_t from)
{
	struct slice s = { .row = t->row + from, .n = 0 };

	while (from + s.n < t->n_rows &&
	    catalog_compare(s.row, s.row + s.n) == 0)
		s.n++;
	return s;
}

/* The row that holds in a version; NULL: none does. */
static const struct row *
row_in(const struct slice *s, long version)
{
	for (size_t i = 0; i < s->n; i++)
		if (version >= (long)s->row[i].first &&
		    version <= (long)s->row[i].last)
			return &s->row[i];
	return NULL;
}

/* Adds what differs between the two, either of which may be NULL. */
static void
compare(const struct row *share, const struct row *tree, struct buf *out)
{
	if (share == NULL && tree == NULL)
		return;
	if (share == NULL || tree == NULL) {
		buf_adds(out, tree != NULL ?
		    "the tree has it, boards.tsv does not" :
		    "boards.tsv has it, the tree does not");
		return;
	}
	for (size_t i = 0; i < FACT_COUNT; i++)
		if (strcmp(share->f[i], tree->f[i]) != 0)
			buf_addf(out, "%s%s is \"%s\" in boards.tsv, \"%s\" "
			    "in the tree", out->len > 0 ? "; " : "",
			    catalog_facts[i], share->f[i], tree->f[i]);
}

/* Says what was open, in the versions that it holds in. */
static void
conclude(const struct run *r, const struct row *key, struct open *o)
{
	const struct catalog_version *v = r->tree->version;
	struct buf text = BUF_INIT;
	struct difference d = {
		.port = key->port, .board = key->board,
		.variant = key->variant, .version = v[o->first].name
	};

	if (o->what.len == 0)
		return;
	buf_addf(&text, "%s ", key->port);
	catalog_id(key, &text);
	buf_addf(&text, ", %s", v[o->first].name);
	if (o->last != o->first)
		buf_addf(&text, " to %s", v[o->last].name);
	buf_addf(&text, ": %s", o->what.data);
	d.text = text.data;
	r->check->say(r->check->ctx, &d);
	buf_clear(&o->what);
	buf_release(&text);
}

/*
 * Which of the share's versions answers for one of the tree's: its own, and
 * for one that is newer than all, the newest.  -1: none does.
 */
static long
answers(const struct run *r, size_t i)
{
	const struct catalog_version *v = &r->tree->version[i];
	const long last = (long)r->share->n_versions - 1;
	const long own = catalog_version(r->share, v->name);

	return own == -1 && version_compare(&v->v,
	    &r->share->version[last].v) > 0 ? last : own;
}

/* One board in all versions that boards.tsv has an answer for. */
static void
check_key(const struct run *r, const struct row *key,
    const struct slice *share, const struct slice *tree)
{
	struct open o = { .what = BUF_INIT };
	struct buf now = BUF_INIT;

	for (size_t i = 0; i < r->tree->n_versions; i++) {
		const long there = answers(r, i);

		if (there == -1)
			continue;
		buf_clear(&now);
		compare(row_in(share, there), row_in(tree, (long)i), &now);
		if (strcmp(now.data, o.what.data) != 0) {
			conclude(r, key, &o);
			buf_adds(&o.what, now.data);
			o.first = i;
		}
		o.last = i;
	}
	conclude(r, key, &o);
	buf_release(&o.what);
	buf_release(&now);
}

void
check_boards(const struct catalog *share, const struct catalog *tree,
    const struct check *c)
{
	const struct run r = { .share = share, .tree = tree, .check = c };
	size_t i = 0, k = 0;
	int order;

	check_versions(&r);
	while (i < share->n_rows || k < tree->n_rows) {
		struct slice s = slice(share, i), t = slice(tree, k);

		order = s.n == 0 ? 1 : t.n == 0 ? -1 :
		    catalog_compare(s.row, t.row);
		if (order < 0)
			t.n = 0;
		if (order > 0)
			s.n = 0;
		check_key(&r, s.n > 0 ? s.row : t.row, &s, &t);
		i += s.n;
		k += t.n;
	}
}
