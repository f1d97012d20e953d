/* SPDX-License-Identifier: MIT */
#include "facts/identify.h"

#include <string.h>

#include "facts/impl.h"
#include "facts/shape.h"

/* How well a row's machine string is what the board says, the best first. */
enum fit { FIT_EXACT, FIT_SHAPE, FIT_NAME, FIT_COUNT };

#define AT_ANY	(-2)		/* instead of a release */

struct asked {
	const struct facts	*f;
	const struct board	*b;
	struct shape		 shape;
	const char		*mcu;		/* NULL: b->mcu tells nothing */
	bool			 port;		/* b->port can be compared */
};

static void
add_candidate(struct identity *id, const struct board_name *name)
{
	for (size_t i = 0; i < id->n; i++)
		if (board_name_equal(&id->candidate[i], name))
			return;
	if (id->n < IDENTITY_MAX)
		id->candidate[id->n++] = *name;
	else
		id->more = true;
}

static void
sum_up_names(struct identity *id)
{
	const struct board_name *first = &id->candidate[0];

	id->kind = id->n == 0 ? IDENTITY_NONE :
	    id->n == 1 ? IDENTITY_ONE : IDENTITY_VARIANTS;
	for (size_t i = 1; i < id->n; i++)
		if (strcmp(id->candidate[i].board_id, first->board_id) != 0 ||
		    strcmp(id->candidate[i].port, first->port) != 0)
			id->kind = IDENTITY_BOARDS;
	if (id->more)
		id->kind = IDENTITY_BOARDS;
}

static bool
has_mcu(const struct fact *row, const struct name_key *key, const char *mcu)
{
	return (key->mcu != NULL && shape_same_mcu(key->mcu, mcu)) ||
	    (row->mcu != NULL && shape_same_mcu(row->mcu, mcu));
}

/* The name alone is little: then the port and the MCU have to agree. */
static bool
name_fits(const struct asked *a, const struct fact *row,
    const struct name_key *key)
{
	return (!a->port || strcmp(row->port, a->b->port) == 0) &&
	    (a->mcu == NULL || has_mcu(row, key, a->mcu));
}

/* cut: found by what is before " with " in the board's string. */
static enum fit
name_fit(const struct asked *a, const struct name_key *key, bool cut)
{
	const struct fact *row = &a->f->rows[key->row];

	if (strcmp(row->machine, a->b->description) == 0 ||
	    strcmp(row->uname, a->b->description) == 0)
		return FIT_EXACT;
	if (cut)
		return key->mcu != NULL &&
		    shape_same_mcu(key->mcu, a->shape.mcu) ? FIT_SHAPE :
		    FIT_COUNT;
	if (key->mcu == NULL)
		return FIT_SHAPE;
	return name_fits(a, row, key) ? FIT_NAME : FIT_COUNT;
}

/*
 * All rows that fit so well and held at that time; the newest release that
 * one of them did, or -1.
 */
static int
collect_by(const struct asked *a, bool cut, enum fit want, int at,
    struct identity *out)
{
	const char *name = cut ? a->shape.name : a->shape.whole;
	const struct name_key *key;
	struct board_name one;
	int newest = -1;

	for (size_t i = 0; (key = lookup_name(a->f, name, i)) != NULL; i++) {
		const struct fact *row = &a->f->rows[key->row];

		if (name_fit(a, key, cut) != want)
			continue;
		if (row->to > newest)
			newest = row->to;
		one = (struct board_name){ row->port, row->board_id,
		    row->variant };
		if (at == AT_ANY || fact_holds(row, at))
			add_candidate(out, &one);
	}
	return newest;
}

static int
collect(const struct asked *a, enum fit want, int at, struct identity *out)
{
	const int whole = collect_by(a, false, want, at, out);
	const int cut = a->shape.mcu[0] == '\0' ? -1 :
	    collect_by(a, true, want, at, out);

	return whole > cut ? whole : cut;
}

/* Those that are so, if there are any. */
static void
narrow_candidates(struct identity *id, const struct asked *a,
    bool (*is)(const struct asked *a, const struct board_name *name))
{
	size_t n = 0;

	for (size_t i = 0; i < id->n; i++)
		n += is(a, &id->candidate[i]);
	if (n == 0 || n == id->n)
		return;
	n = 0;
	for (size_t i = 0; i < id->n; i++)
		if (is(a, &id->candidate[i]))
			id->candidate[n++] = id->candidate[i];
	id->n = n;
}

static bool
is_of_port(const struct asked *a, const struct board_name *name)
{
	return strcmp(name->port, a->b->port) == 0;
}

static bool
is_of_mcu(const struct asked *a, const struct board_name *name)
{
	const struct fact *row;
	size_t i = 0;

	while ((row = facts_row_of(a->f, name->board_id, i++)) != NULL)
		if (strcmp(row->port, name->port) == 0 && row->mcu != NULL &&
		    shape_same_mcu(row->mcu, a->mcu))
			return true;
	return false;
}

/*
 * The MCU apart from the string.  Others write the port there, or what is
 * behind the last " with " ("SPIRAM"): that tells nothing new.
 */
static const char *
stated_mcu(const struct asked *a)
{
	const char *mcu = a->b->mcu;

	return mcu == NULL || facts_is_port(a->f, mcu) ||
	    shape_same_mcu(mcu, a->shape.mcu) ? NULL : mcu;
}

void
identify(const struct facts *f, const struct board *b, struct identity *out)
{
	struct asked a = { .f = f, .b = b };
	struct version v;
	int at = AT_ANY, newest;

	memset(out, 0, sizeof(*out));
	if (b->description == NULL || (b->family != NULL &&
	    strcmp(b->family, "micropython") != 0))
		return;
	shape_of(b->description, &a.shape);
	a.port = facts_is_port(f, b->port);
	a.mcu = stated_mcu(&a);
	if (b->version != NULL && version_parse(b->version, &v)) {
		if (b->build != -1)
			v.build = b->build > 0;	/* after a release, or not */
		at = facts_when(f, &v);
	}
	for (int want = 0; want < FIT_COUNT && out->n == 0; want++) {
		newest = collect(&a, (enum fit)want, at, out);
		if (out->n == 0 && newest != -1)
			collect(&a, (enum fit)want, newest, out);
	}
	if (b->port != NULL)
		narrow_candidates(out, &a, is_of_port);
	if (a.mcu != NULL)
		narrow_candidates(out, &a, is_of_mcu);
	sum_up_names(out);
}

const char *
identify_mcu(const struct facts *f, const struct board *b)
{
	struct asked a = { .f = f, .b = b };
	const char *tail = b->description != NULL ?
	    shape_mcu(b->description) : NULL;

	if (tail != NULL)
		return tail;
	return stated_mcu(&a);
}

void
identity_today(const struct facts *f, struct identity *id)
{
	struct identity now = { .n = 0, .more = id->more };
	struct board_name name;

	for (size_t i = 0; i < id->n; i++) {
		name = facts_today(f, &id->candidate[i], NULL);
		add_candidate(&now, &name);
	}
	sum_up_names(&now);
	*id = now;
}
