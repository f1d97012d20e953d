/* SPDX-License-Identifier: MIT */
#include "site/index.h"

#include <limits.h>
#include <string.h>

#include "base/buf.h"
#include "facts/pick.h"

#define NEAR	3			/* versions in a hint, at most */

/* Of this variant, and of a kind that can be flashed? */
static bool
link_fits(const struct index_want *w, const struct index_link *l)
{
	return strcmp(l->name.variant, w->variant == NULL ? "" :
	    w->variant) == 0 && w->means != NULL &&
	    means_rank(w->means, w->mode, l->name.ext) != 0;
}

/*
 * The newest that is older than than, or the oldest that is newer; NULL: no
 * such.  than NULL: the newest of all.
 */
static const struct index_link *
neighbour(const struct index *ix, const struct index_want *w,
    const struct version *than, bool newer)
{
	const struct index_link *best = NULL;
	size_t i;
	int c;

	for (i = 0; i < ix->n; i++) {
		const struct index_link *l = &ix->link[i];

		if (!link_fits(w, l))
			continue;
		c = than == NULL ? -1 :
		    version_compare(&l->name.version, than);
		if (newer ? c <= 0 : c >= 0)
			continue;
		c = best == NULL ? 1 : version_compare(&l->name.version,
		    &best->name.version);
		if (newer && best != NULL)
			c = -c;
		if (c > 0)
			best = l;
	}
	return best;
}

static void
add_near(struct buf *b, const struct index_link *l, int *n)
{
	char text[VERSION_TEXT];

	if (l == NULL)
		return;
	version_text(&l->name.version, text);
	buf_addf(b, "%s%s", (*n)++ == 0 ? "" : ", ", text);
	if (l->name.version.build > 0)
		buf_addf(b, "%c%d", l->name.version.preview ? '.' : '-',
		    l->name.version.build);
}

/* The next above and the next below, and then on downwards. */
static void
hint_near(const struct index *ix, const struct index_want *w,
    const struct version *target, struct err *e)
{
	struct buf near = BUF_MAX(150);
	const struct index_link *l;
	int n = 0;

	if (target != NULL)
		add_near(&near, neighbour(ix, w, target, true), &n);
	l = neighbour(ix, w, target, false);
	while (l != NULL && n < NEAR) {
		add_near(&near, l, &n);
		l = neighbour(ix, w, &l->name.version, false);
	}
	if (n > 0)
		err_hint(e, "there is %s", near.data);
	buf_release(&near);
}

static void
hint_variants(const struct index *ix, struct err *e)
{
	struct buf names = BUF_MAX(150);
	const char *last = NULL;
	size_t i;

	for (i = 0; i < ix->n; i++) {
		const char *v = ix->link[i].name.variant;

		if (last != NULL && strcmp(v, last) == 0)
			continue;
		buf_addf(&names, "%s%s", last == NULL ? "" : ", ",
		    *v == '\0' ? "the default one" : v);
		last = v;
	}
	err_todo(e, NEXT_CHOOSE_VARIANT, "its variants: %s", names.data);
	buf_release(&names);
}

static int
none(const struct index *ix, const struct index_want *w,
    const struct version *target, struct err *e)
{
	const char *what = w->version != NULL ? w->version : w->wanted;
	const char *dash = "", *variant = "";
	size_t i;

	if (w->variant != NULL && w->variant[0] != '\0') {
		dash = "-";
		variant = w->variant;
	}
	for (i = 0; i < ix->n; i++) {
		if (!link_fits(w, &ix->link[i]))
			continue;
		err_set(e, ERR_NOT_FOUND, "%s%s%s: no %s among %zu files",
		    w->board_id, dash, variant, what, ix->n);
		e->retry = false;
		hint_near(ix, w, target, e);
		return -1;
	}
	err_set(e, ERR_NOT_FOUND, "%s%s%s: nothing to flash among %zu files",
	    w->board_id, dash, variant, ix->n);
	e->retry = false;
	hint_variants(ix, e);
	return -1;
}

/* The user's word, or exactly the version that was pinned before. */
static int
read_want(const struct index_want *w, struct wanted *out, struct err *e)
{
	const char *word = w->version != NULL ? w->version : w->wanted;

	memset(out, 0, sizeof(*out));
	if (w->version == NULL && wanted_parse(w->wanted, out))
		return 0;
	if (w->version == NULL || !version_parse(w->version, &out->exact))
		return err_set(e, ERR_USAGE, "\"%.100s\": not a "
		    "version", word);
	out->kind = WANTED_EXACT;
	if (w->build > 0 && w->build <= INT_MAX)
		out->exact.build = (int)w->build;
	return 0;
}

int
index_pick(const struct index *ix, const struct index_want *w,
    const struct index_link **out, struct err *e)
{
	struct wanted wanted;
	const struct pick_ask ask = { .board_id = w->board_id,
	    .variant = w->variant, .means = w->means, .mode = w->mode,
	    .wanted = &wanted };
	char version[VERSION_TEXT];
	struct store_link row;
	struct pick pick;
	size_t i;

	if (read_want(w, &wanted, e) == -1)
		return -1;
	*out = NULL;
	pick_init(&pick, &ask);
	for (i = 0; i < ix->n; i++) {
		index_row(&ix->link[i], version, &row);
		pick_offer(&pick, &row, NULL);
	}
	for (i = 0; pick.best.rank != 0 && *out == NULL; i++)
		if (strcmp(ix->link[i].url, pick.best.link.url) == 0)
			*out = &ix->link[i];
	pick_release(&pick);
	return *out != NULL ? 0 : none(ix, w, wanted.kind == WANTED_EXACT ?
	    &wanted.exact : NULL, e);
}
