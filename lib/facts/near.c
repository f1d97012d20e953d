/* SPDX-License-Identifier: MIT */
#include "facts/impl.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "facts/shape.h"

#define TEXT_MAX	63u	/* characters compared; no id is as long */
#define NEAR_MAX	8u
#define NEAR_SHOWN	3u		/* in a message */

static unsigned
least_far(unsigned a, unsigned b)
{
	return a < b ? a : b;
}

/*
 * Edits (insert, delete, replace) from a to b; case does not count.  More
 * than limit are not counted on.
 */
static unsigned
distance(const char *a, const char *b, unsigned limit)
{
	unsigned row[TEXT_MAX + 1], diagonal, above, best;
	const size_t m = strnlen(a, TEXT_MAX), n = strnlen(b, TEXT_MAX);

	if (m > n + limit || n > m + limit)
		return limit + 1;
	for (unsigned k = 0; k <= n; k++)
		row[k] = k;
	for (unsigned i = 0; i < m; i++) {
		diagonal = row[0];
		best = row[0] = i + 1;
		for (size_t k = 1; k <= n; k++) {
			const unsigned differ =
			    toupper((unsigned char)a[i]) !=
			    toupper((unsigned char)b[k - 1]);

			above = row[k];
			row[k] = least_far(diagonal + differ,
			    least_far(above, row[k - 1]) + 1);
			diagonal = above;
			best = least_far(best, row[k]);
		}
		if (best > limit)
			return limit + 1;
	}
	return row[n];
}

/* The nearest so far, and how far they are. */
struct nearest {
	const char	**out;
	unsigned	 far[NEAR_MAX];
	size_t		 n, max;
};

/* Its place is behind those that are as near. */
static void
offer_near(struct nearest *s, const char *id, unsigned d)
{
	size_t at = s->n, from;

	for (size_t i = 0; i < s->n; i++)
		if (strcmp(s->out[i], id) == 0) {
			if (s->far[i] <= d)
				return;
			memmove(s->out + i, s->out + i + 1,
			    (s->n - i - 1) * sizeof(s->out[0]));
			memmove(s->far + i, s->far + i + 1,
			    (s->n - i - 1) * sizeof(s->far[0]));
			at = --s->n;
			break;
		}
	while (at > 0 && s->far[at - 1] > d)
		at--;
	if (at == s->max)
		return;
	from = s->n < s->max ? s->n++ : s->max - 1;
	for (; from > at; from--) {
		s->out[from] = s->out[from - 1];
		s->far[from] = s->far[from - 1];
	}
	s->out[at] = id;
	s->far[at] = d;
}

/* What boards are looked at. */
struct kind {
	const char	*port, *mcu;		/* NULL: any */
};

static bool
is_mcu(const char *a, const char *b)
{
	return a != NULL && shape_same_mcu(a, b);
}

/* A board of today, of that kind. */
static bool
is_of_kind(const struct facts *f, const struct fact *row, const struct kind *k)
{
	return row->variant == NULL && fact_holds(row, facts_newest(f)) &&
	    (k->port == NULL || strcmp(row->port, k->port) == 0) &&
	    (k->mcu == NULL || is_mcu(row->mcu, k->mcu) ||
	    is_mcu(shape_mcu(row->machine), k->mcu) ||
	    is_mcu(shape_mcu(row->uname), k->mcu));
}

static void
offer_all(const struct facts *f, const char *text, const struct kind *k,
    struct nearest *s)
{
	unsigned limit = 2 + (unsigned)strnlen(text, TEXT_MAX) / 4, d;
	struct shape shape;

	for (size_t i = 0; i < f->n_rows; i++) {
		if (!is_of_kind(f, &f->rows[i], k))
			continue;
		d = distance(text, f->rows[i].board_id, limit);
		if (d <= limit)
			offer_near(s, f->rows[i].board_id, d);
	}
	shape_of(text, &shape);
	limit = 2 + (unsigned)strnlen(shape.name, TEXT_MAX) / 4;
	for (size_t i = 0; i < f->n_by_name; i++) {
		const struct fact *row = &f->rows[f->by_name[i].row];

		if (!is_of_kind(f, row, k))
			continue;
		d = distance(shape.name, f->by_name[i].name, limit);
		if (d <= limit)
			offer_near(s, row->board_id, d);
	}
}

/* All of the kind of the board of today that has this id, and is of kind k. */
static struct kind
board_kind(const struct facts *f, const char *board_id, const struct kind *k)
{
	const struct fact *row;
	size_t i = 0;

	while ((row = facts_row_of(f, board_id, i++)) != NULL)
		if (is_of_kind(f, row, k))
			return (struct kind){ row->port, row->mcu != NULL ?
			    row->mcu : shape_mcu(row->uname) };
	return *k;
}

size_t
facts_near(const struct facts *f, const char *text, const char *port,
    const char *mcu, const char **out, size_t max)
{
	struct nearest s = { .out = out,
	    .max = max < NEAR_MAX ? max : NEAR_MAX };
	struct kind k = { port, mcu }, of_first;
	const char *first;
	struct nearest one = { .out = &first, .max = 1 };

	if (port == NULL || mcu == NULL) {
		offer_all(f, text, &k, &one);
		if (one.n == 0)
			return 0;
		of_first = board_kind(f, first, &k);
		k.port = port != NULL ? port : of_first.port;
		k.mcu = mcu != NULL ? mcu : of_first.mcu;
	}
	offer_all(f, text, &k, &s);
	return s.n;
}

void
facts_near_text(const struct facts *f, const char *text, const char *port,
    const char *mcu, char out[NEAR_TEXT])
{
	const char *near[NEAR_SHOWN];
	const size_t n = facts_near(f, text, port, mcu, near, NEAR_SHOWN);
	size_t at = 0;

	out[0] = '\0';
	for (size_t i = 0; i < n && at < NEAR_TEXT; i++)
		at += (size_t)snprintf(out + at, NEAR_TEXT - at, "%s%s",
		    i == 0 ? "" : i + 1 == n ? " or " : ", ", near[i]);
}
