/* SPDX-License-Identifier: MIT */
#include "toml/lex.h"

/* The root is the first container, so what hangs on it is the second. */
#define ROOT_DEPTH	1u

static struct toml *
add_table(struct toml *parent, const struct buf *key, enum toml_origin origin)
{
	struct toml *t = toml_new(TOML_TABLE);

	t->origin = origin;
	toml_append(parent, key != NULL ? key->data : NULL,
	    key != NULL ? key->len : 0, t);
	return t;
}

/* The table a in a.b = 1, made or found. */
static int
step_dotted(const struct lex *l, const char *at, const struct buf *key,
    struct toml **table)
{
	struct toml *t = toml_find(*table, key->data, key->len);

	if (t == NULL) {
		*table = add_table(*table, key, TOML_DOTTED);
		return 0;
	}
	if (t->type != TOML_TABLE)
		return lex_fail_key(l, at, key, "has a value already");
	if (t->origin == TOML_HEADER || t->origin == TOML_CLOSED)
		return lex_fail_key(l, at, key,
		    "is a table that was complete elsewhere");
	t->origin = TOML_DOTTED;
	*table = t;
	return 0;
}

int
lex_pair(struct lex *l, struct toml *table, unsigned depth)
{
	struct buf key = BUF_INIT;
	struct toml *v = NULL;
	const char *at;
	int r = -1;

	for (;;) {
		at = l->p;
		if (lex_key(l, &key) == -1)
			goto out;
		lex_blank(l);
		if (!lex_take(l, "."))
			break;
		if (lex_depth(l, at, ++depth) == -1 ||
		    step_dotted(l, at, &key, &table) == -1)
			goto out;
		lex_blank(l);
	}
	if (toml_find(table, key.data, key.len) != NULL) {
		lex_fail_key(l, at, &key, "is given twice");
		goto out;
	}
	if (!lex_take(l, "=")) {
		lex_wanted(l, "'='");
		goto out;
	}
	lex_blank(l);
	if (lex_value(l, depth + 1, &v) == -1)
		goto out;
	toml_append(table, key.data, key.len, v);
	r = 0;
out:
	buf_release(&key);
	return r;
}

/* The table a in [a.b], made or found; of [[a]], the newest. */
static int
step_header(const struct lex *l, const char *at, const struct buf *key,
    struct toml **table, unsigned *depth)
{
	struct toml *t = toml_find(*table, key->data, key->len);

	(*depth)++;
	if (t == NULL)
		t = add_table(*table, key, TOML_SUPER);
	if (t->origin == TOML_TABLES) {
		t = t->list.v[t->list.n - 1].v;
		(*depth)++;
	}
	if (t->type != TOML_TABLE)
		return lex_fail_key(l, at, key, "has a value already");
	if (t->origin == TOML_CLOSED)
		return lex_fail_key(l, at, key,
		    "is an inline table: nothing may be added to it");
	*table = t;
	return lex_depth(l, at, *depth);
}

/* b in [a.b]: nobody else may have opened it. */
static int
open_toml_table(const struct lex *l, const char *at, const struct buf *key,
    struct toml **table)
{
	struct toml *t = toml_find(*table, key->data, key->len);

	if (t == NULL) {
		t = add_table(*table, key, TOML_HEADER);
	} else if (t->origin == TOML_TABLES) {
		return lex_fail_key(l, at, key, "is an array of tables");
	} else if (t->type != TOML_TABLE) {
		return lex_fail_key(l, at, key, "has a value already");
	} else if (t->origin != TOML_SUPER) {
		return lex_fail_key(l, at, key, "is a table already");
	}
	t->origin = TOML_HEADER;
	t->where = (size_t)(at - l->start) + 1;
	*table = t;
	return 0;
}

/* b in [[a.b]]. */
static int
open_element(const struct lex *l, const char *at, const struct buf *key,
    struct toml **table)
{
	struct toml *t = toml_find(*table, key->data, key->len);

	if (t == NULL) {
		t = toml_new(TOML_ARRAY);
		t->origin = TOML_TABLES;
		toml_append(*table, key->data, key->len, t);
	} else if (t->origin != TOML_TABLES) {
		return lex_fail_key(l, at, key, "is no array of tables");
	}
	*table = add_table(t, NULL, TOML_HEADER);
	return 0;
}

/* A line in brackets; *table and *depth are where the lines below go. */
static int
take_header(struct lex *l, struct toml **table, unsigned *depth)
{
	const bool element = lex_take(l, "[[");
	struct buf key = BUF_INIT;
	const char *at;
	int r = -1;

	if (!element)
		lex_take(l, "[");
	for (;;) {
		lex_blank(l);
		at = l->p;
		if (lex_key(l, &key) == -1)
			goto out;
		lex_blank(l);
		if (!lex_take(l, "."))
			break;
		if (step_header(l, at, &key, table, depth) == -1)
			goto out;
	}
	if (!lex_take(l, element ? "]]" : "]")) {
		lex_wanted(l, element ? "']]'" : "']'");
		goto out;
	}
	*depth += element ? 2 : 1;
	if (lex_depth(l, at, *depth) == -1)
		goto out;
	r = element ? open_element(l, at, &key, table) :
	    open_toml_table(l, at, &key, table);
out:
	buf_release(&key);
	return r;
}

static int
lines(struct lex *l, struct toml *root)
{
	struct toml *table = root;
	unsigned depth = ROOT_DEPTH;

	for (lex_lines(l); l->p < l->end; lex_lines(l)) {
		if (lex_is(l, "[")) {
			table = root;
			depth = ROOT_DEPTH;
			if (take_header(l, &table, &depth) == -1)
				return -1;
		} else if (lex_pair(l, table, depth) == -1) {
			return -1;
		}
		if (lex_line_end(l) == -1)
			return -1;
	}
	return 0;
}

struct toml *
toml_parse(const char *text, size_t n, const char *name, struct err *e)
{
	struct lex l = { text, text, text + n, name, e };
	struct toml *root;

	if (n > TOML_TEXT_MAX) {
		err_set(e, ERR_INPUT, "%s: TOML of %zu bytes; at most %u are "
		    "read", name, n, TOML_TEXT_MAX);
		return NULL;
	}
	if (lex_check(&l) == -1)
		return NULL;
	root = toml_new(TOML_TABLE);
	root->origin = TOML_HEADER;
	if (lines(&l, root) == -1) {
		toml_free(root);
		return NULL;
	}
	return root;
}
