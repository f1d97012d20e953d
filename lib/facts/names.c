/* SPDX-License-Identifier: MIT */
#include "facts/impl.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"

#define RENAMES_MAX	8	/* in a row: against a table that goes round */

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
	return text_equal(a->port, b->port) &&
	    text_equal(a->board_id, b->board_id) &&
	    text_equal(a->variant, b->variant);
}

/*
 * What name is called after rename r, if it is about that name.  A rename of
 * a board without a variant keeps the variant, if it does not bring one.
 */
static bool
apply_rename(const struct rename *r, const struct board_name *name,
    struct board_name *out)
{
	const bool any = strcmp(r->from.board_id, "*") == 0;

	if (!any && strcmp(r->from.board_id, name->board_id) != 0)
		return false;
	if (!text_equal(r->from.variant, name->variant) &&
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
 * false: no rename, or ports disagree on where it leads.
 */
static bool
rename_step(const struct facts *f, const struct board_name *name,
    const struct version *at, bool exact, struct board_name *out)
{
	struct board_name to = { 0 };
	bool found = false;

	for (size_t i = 0; i < f->n_renames; i++) {
		const struct rename *r = &f->renames[i];

		if ((name->port != NULL &&
		    !text_equal(name->port, r->from.port)) ||
		    text_equal(r->from.variant, name->variant) != exact ||
		    (at != NULL && version_compare(at, &r->since) >= 0) ||
		    !apply_rename(r, name, &to))
			continue;
		if (found && !text_equal(out->port, to.port))
			return false;
		*out = to;
		found = true;
	}
	return found;
}

/* A name of today is never an old one: GENERIC is, ESP32_GENERIC is not. */
struct board_name
facts_today(const struct facts *f, const struct board_name *name,
    const struct version *at)
{
	struct board_name now = *name, next = { 0 };

	for (int i = 0; i < RENAMES_MAX && (rename_step(f, &now, at, true,
	    &next) || rename_step(f, &now, at, false, &next)); i++)
		now = next;
	return now;
}

/* Adds what name was called before rename r, if it comes from that one. */
static size_t
undo(const struct facts *f, const struct rename *r,
    const struct board_name *name, struct board_name *out, size_t n,
    size_t max)
{
	const bool any = strcmp(r->from.board_id, "*") == 0;
	const bool keeps = r->from.variant == NULL && r->to.variant == NULL;
	struct board_name old = r->from, now;

	if ((name->port != NULL && !text_equal(name->port, r->from.port)) ||
	    (!any && strcmp(r->to.board_id, name->board_id) != 0) ||
	    (!keeps && !text_equal(r->to.variant, name->variant)))
		return n;
	if (any)
		old.board_id = name->board_id;
	if (keeps)
		old.variant = name->variant;
	now = facts_today(f, &old, NULL);
	for (size_t i = 0; i < n; i++)
		if (board_name_equal(&out[i], &old))
			return n;
	if (n < max && facts_row_of(f, old.board_id, 0) != NULL &&
	    text_equal(now.board_id, out[0].board_id) &&
	    text_equal(now.variant, out[0].variant))
		out[n++] = old;
	return n;
}

size_t
facts_names(const struct facts *f, const struct board_name *name,
    struct board_name *out, size_t max)
{
	size_t n = 0;

	if (max > 0)
		out[n++] = *name;
	for (size_t done = 0; done < n; done++)
		for (size_t i = 0; i < f->n_renames; i++)
			n = undo(f, &f->renames[i], &out[done], out, n, max);
	return n;
}

static bool
is_row_of(const struct fact *row, const struct board_name *name)
{
	return text_equal(row->board_id, name->board_id) &&
	    text_equal(row->variant, name->variant) &&
	    (name->port == NULL || text_equal(row->port, name->port));
}

int
facts_since(const struct facts *f, const struct board_name *name)
{
	struct board_name all[FACTS_NAMES];
	const size_t n = facts_names(f, name, all, FACTS_NAMES);
	const struct fact *row;
	int since = -1;

	for (size_t k = 0; k < n; k++) {
		size_t i = 0;

		while ((row = facts_row_of(f, all[k].board_id, i++)) != NULL)
			if (is_row_of(row, &all[k]) &&
			    (since == -1 || row->from < since))
				since = row->from;
	}
	return since;
}

bool
facts_software(const struct facts *f, const struct board_name *name)
{
	const struct fact *row;
	size_t i = 0;

	while ((row = facts_row_of(f, name->board_id, i++)) != NULL)
		if (row->software && is_row_of(row, name))
			return true;
	return false;
}

bool
facts_known(const struct facts *f, const struct board_name *name)
{
	const struct fact *row;
	size_t i = 0;

	while ((row = facts_row_of(f, name->board_id, i++)) != NULL)
		if (is_row_of(row, name) && fact_holds(row, facts_newest(f)))
			return true;
	return false;
}

bool
facts_is_port(const struct facts *f, const char *port)
{
	for (size_t i = 0; i < f->n_rows && port != NULL; i++)
		if ((i == 0 || f->rows[i].port != f->rows[i - 1].port) &&
		    strcmp(f->rows[i].port, port) == 0)
			return true;
	return false;
}
