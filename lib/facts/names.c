/* SPDX-License-Identifier: MIT */
#include "facts/impl.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#define RENAMES_MAX	8	/* in a row: against a table that goes round */

typedef int	compare_fn(const char *, const char *);

static bool
same(const char *a, const char *b)
{
	return a == b || (a != NULL && b != NULL && strcmp(a, b) == 0);
}

void
board_name_text(const struct board_name *name, char out[BOARD_NAME_TEXT])
{
	snprintf(out, BOARD_NAME_TEXT, "%s%s%s", name->board_id,
	    name->variant != NULL ? "-" : "",
	    name->variant != NULL ? name->variant : "");
}

bool
board_name_equal(const struct board_name *a, const struct board_name *b)
{
	return same(a->port, b->port) && same(a->board_id, b->board_id) &&
	    same(a->variant, b->variant);
}

/*
 * What name is called after rename r, if it is about that name.  A rename of
 * a board without a variant keeps the variant, if it does not bring one.
 */
static bool
apply(const struct rename *r, const struct board_name *name,
    struct board_name *out)
{
	const bool any = strcmp(r->from.board_id, "*") == 0;

	if (!any && strcmp(r->from.board_id, name->board_id) != 0)
		return false;
	if (!same(r->from.variant, name->variant) &&
	    (r->from.variant != NULL || r->to.variant != NULL))
		return false;
	out->port = r->from.port;
	out->board_id = any ? name->board_id : r->to.board_id;
	out->variant = r->from.variant == NULL && r->to.variant == NULL ?
	    name->variant : r->to.variant;
	return true;
}

/*
 * One step, by the renames of this very variant or by those of the board;
 * false: there is none, or ports disagree on where it leads.
 */
static bool
step(const struct facts *f, const struct board_name *name, bool exact,
    struct board_name *out)
{
	struct board_name to = { 0 };
	bool found = false;

	for (size_t i = 0; i < f->n_renames; i++) {
		const struct rename *r = &f->renames[i];

		if ((name->port != NULL && !same(name->port, r->from.port)) ||
		    same(r->from.variant, name->variant) != exact ||
		    !apply(r, name, &to))
			continue;
		if (found && !same(out->port, to.port))
			return false;
		*out = to;
		found = true;
	}
	return found;
}

/* A name of today is never an old one: GENERIC is, ESP32_GENERIC is not. */
struct board_name
facts_today(const struct facts *f, const struct board_name *name)
{
	struct board_name now = *name, next = { 0 };

	for (int i = 0; i < RENAMES_MAX && (step(f, &now, true, &next) ||
	    step(f, &now, false, &next)); i++)
		now = next;
	return now;
}

bool
facts_before(const struct facts *f, const struct board_name *name, size_t i,
    struct board_name *out)
{
	for (size_t k = 0; k < f->n_rows; k++) {
		const struct fact *row = &f->rows[k];
		struct board_name now;

		*out = (struct board_name){ row->port, row->board_id,
		    row->variant };
		if ((k > 0 && same(row->board_id, row[-1].board_id) &&
		    same(row->variant, row[-1].variant) &&
		    same(row->port, row[-1].port)) ||
		    board_name_equal(out, name))
			continue;
		now = facts_today(f, out);
		if (board_name_equal(&now, name) && i-- == 0)
			return true;
	}
	return false;
}

bool
facts_known(const struct facts *f, const struct board_name *name)
{
	for (size_t i = 0; i < f->n_rows; i++) {
		const struct fact *row = &f->rows[i];

		if (fact_holds(row, facts_newest(f)) &&
		    (name->port == NULL || same(name->port, row->port)) &&
		    same(name->board_id, row->board_id) &&
		    same(name->variant, row->variant))
			return true;
	}
	return false;
}

/* Is text the row's id, with or without its variant, or its machine string? */
static bool
means(const struct fact *row, const char *text, compare_fn *cmp,
    struct board_name *out)
{
	char id[BOARD_NAME_TEXT];

	*out = (struct board_name){ row->port, row->board_id, row->variant };
	board_name_text(out, id);
	if (cmp(id, text) == 0 || cmp(row->machine, text) == 0 ||
	    cmp(row->uname, text) == 0)
		return true;
	out->variant = NULL;
	return cmp(row->board_id, text) == 0;
}

static size_t
add(struct board_name *out, size_t n, size_t max,
    const struct board_name *name)
{
	for (size_t i = 0; i < n; i++)
		if (board_name_equal(&out[i], name))
			return n;
	if (n < max)
		out[n++] = *name;
	return n;
}

size_t
facts_find(const struct facts *f, const char *port, const char *text,
    struct board_name *out, size_t max)
{
	compare_fn *const how[] = { strcmp, strcasecmp };
	struct board_name name;
	size_t n = 0;

	for (size_t k = 0; k < 2 && n == 0; k++)
		for (size_t i = 0; i < f->n_rows; i++) {
			const struct fact *row = &f->rows[i];

			if ((port != NULL && !same(port, row->port)) ||
			    !means(row, text, how[k], &name))
				continue;
			name = facts_today(f, &name);
			n = add(out, n, max, &name);
		}
	return n;
}
