/* SPDX-License-Identifier: MIT */
#include "facts/pick.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

#define ANY_RANK	100	/* of a file that no table knows */

void
pick_init(struct pick *p, const struct pick_ask *ask)
{
	memset(p, 0, sizeof(*p));
	p->ask = *ask;
}

static void
drop_picked(struct picked *p)
{
	const struct store_link *l = &p->link;
	const char *const text[] = { l->board_id, l->variant, l->version,
	    l->commit, l->date, l->ext, l->url, l->sha256, p->file.name };

	if (p->rank == 0)
		return;
	for (size_t i = 0; i < sizeof(text) / sizeof(text[0]); i++)
		free((char *)text[i]);
	memset(p, 0, sizeof(*p));
}

static void
set_picked(struct picked *p, const struct picked *from)
{
	const struct store_link *l = &from->link;
	const struct store_link own = {
		.board_id = mem_str(l->board_id),
		.variant = mem_str(l->variant),
		.version = mem_str(l->version), .build = l->build,
		.commit = mem_str(l->commit), .date = mem_str(l->date),
		.ext = mem_str(l->ext), .url = mem_str(l->url),
		.sha256 = mem_str(l->sha256),
	};

	drop_picked(p);
	*p = *from;
	p->link = own;
	p->file.name = mem_str(from->file.name);
}

void
pick_release(struct pick *p)
{
	drop_picked(&p->best);
	drop_picked(&p->second);
	drop_picked(&p->other);
}

/* The version with all that the link knows of it. */
static bool
read_version(const struct store_link *l, struct version *out)
{
	if (l->version == NULL || !version_parse(l->version, out))
		return false;
	if (l->build >= 0 && l->build <= 999999999)
		out->build = (int)l->build;
	if (l->commit != NULL && l->commit[0] != '\0')
		snprintf(out->commit, sizeof(out->commit), "%.40s",
		    l->commit);
	return true;
}

/* Positive: a goes before b; *by says why. */
static int
compare_picks(const struct picked *a, const struct picked *b,
    enum pick_rule *by)
{
	struct version x = a->version, y = b->version;
	int r;

	*by = PICK_VERSION;
	x.build = y.build = -1;
	r = version_compare(&x, &y);
	if (r == 0) {
		*by = PICK_BUILD;
		r = version_compare(&a->version, &b->version);
	}
	if (r == 0) {
		*by = PICK_HERE;
		r = a->file.here - b->file.here;
	}
	if (r == 0) {
		*by = PICK_FORMAT;
		r = b->rank - a->rank;
	}
	if (r == 0)
		*by = PICK_FIRST;
	return r;
}

enum pick_rule
pick_rule(const struct pick *p)
{
	enum pick_rule by;

	compare_picks(&p->best, &p->second, &by);
	return by;
}

static bool
beats(const struct picked *new, const struct picked *old)
{
	enum pick_rule by;

	return old->rank == 0 || compare_picks(new, old, &by) > 0;
}

static bool
ours(const struct pick_ask *ask, const struct store_link *l)
{
	return l->board_id != NULL && l->url != NULL && l->ext != NULL &&
	    strcmp(l->board_id, ask->board_id) == 0 &&
	    strcmp(l->variant != NULL ? l->variant : "",
	    ask->variant != NULL ? ask->variant : "") == 0;
}

void
pick_offer(struct pick *p, const struct store_link *l,
    const struct pick_file *file)
{
	struct picked new = { .link = *l };

	if (!ours(&p->ask, l))
		return;
	if (file != NULL)
		new.file = *file;
	if (p->ask.means != NULL)
		new.rank = means_rank(p->ask.means, p->ask.mode, l->ext);
	if (new.rank == 0 && p->ask.any)
		new.rank = ANY_RANK;
	if (new.rank == 0 || (!read_version(l, &new.version) &&
	    p->ask.wanted != NULL))
		return;
	if (beats(&new, &p->other))
		set_picked(&p->other, &new);
	if (p->ask.wanted != NULL &&
	    !wanted_admits(p->ask.wanted, &new.version))
		return;
	if (beats(&new, &p->best)) {
		drop_picked(&p->second);
		p->second = p->best;
		p->best.rank = 0;	/* its strings have moved */
		set_picked(&p->best, &new);
	} else if (beats(&new, &p->second)) {
		set_picked(&p->second, &new);
	}
}
