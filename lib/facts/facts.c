/* SPDX-License-Identifier: MIT */
#include "facts/impl.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

/* The same text is kept once in a row. */
const char *
facts_keep(struct facts *f, const char *text)
{
	if (text == NULL)
		return NULL;
	for (size_t i = f->n_kept; i > 0 && f->n_kept - i < KEEP_LOOK; i--)
		if (strcmp(f->kept[i - 1], text) == 0)
			return f->kept[i - 1];
	if (f->n_kept == f->room) {
		f->room = f->room == 0 ? 256 : f->room * 2;
		f->kept = mem_grow(f->kept, f->room, sizeof(*f->kept));
	}
	f->kept[f->n_kept] = mem_str(text);
	return f->kept[f->n_kept++];
}

static int
add_release(const char *version, void *ctx)
{
	struct facts *f = ctx;
	struct version v;

	if (!version_parse(version, &v))
		return 0;	/* not ours; then no row speaks of it */
	f->releases = mem_grow(f->releases, f->n_releases + 1,
	    sizeof(*f->releases));
	f->releases[f->n_releases++] = v;
	return 0;
}

static int
version_when(const struct facts *f, const char *version, int other)
{
	struct version v;

	return version != NULL && version_parse(version, &v) ?
	    facts_when(f, &v) : other;
}

/* As upstream writes it: "0x1000", "0". */
static int64_t
offset_of(const char *text)
{
	char *end;
	unsigned long long v;

	if (text == NULL || text[0] < '0' || text[0] > '9')
		return -1;
	v = strtoull(text, &end, 0);
	return *end == '\0' && v <= UINT32_MAX ? (int64_t)v : -1;
}

static int
add_fact(const struct store_board *b, void *ctx)
{
	struct facts *f = ctx;
	struct fact *row;
	const char *machine = b->description != NULL ? b->description : "";
	char *uname;

	if (f->n_rows == f->rows_room) {
		f->rows_room = f->rows_room == 0 ? 512 : f->rows_room * 2;
		f->rows = mem_grow(f->rows, f->rows_room, sizeof(*f->rows));
	}
	row = &f->rows[f->n_rows++];
	*row = (struct fact){
		.port = facts_keep(f, b->port),
		.board_id = facts_keep(f, b->board_id),
		.variant = facts_keep(f, b->variant),
		.machine = facts_keep(f, machine),
		.mcu = facts_keep(f, b->mcu),
		.offset = offset_of(b->flash_offset),
		.from = version_when(f, b->first, 0),
		.to = version_when(f, b->last, facts_newest(f)),
		.released = b->released, .custom = b->custom,
		.software = b->differs != NULL &&
		    strcmp(b->differs, STORE_SOFTWARE) == 0,
	};
	row->uname = row->machine;
	if (b->name == NULL || b->hw_mcu == NULL)
		return 0;
	uname = mem_printf("%s with %s", b->name, b->hw_mcu);
	if (strcmp(uname, row->machine) != 0)
		row->uname = facts_keep(f, uname);
	free(uname);
	return 0;
}

/* BOARD or BOARD-VARIANT; none of today's boards has a '-' in its name. */
static struct board_name
split_id(struct facts *f, const char *port, const char *id)
{
	const char *dash = strchr(id, '-');
	struct board_name name = { .port = facts_keep(f, port) };
	char *board;

	if (dash == NULL || facts_row_of(f, id, 0) != NULL) {
		name.board_id = facts_keep(f, id);
		return name;
	}
	board = mem_printf("%.*s", (int)(dash - id), id);
	name.board_id = facts_keep(f, board);
	name.variant = facts_keep(f, dash + 1);
	free(board);
	return name;
}

static int
add_rename(const struct store_rename *r, void *ctx)
{
	struct facts *f = ctx;
	struct rename *to;

	f->renames = mem_grow(f->renames, f->n_renames + 1,
	    sizeof(*f->renames));
	to = &f->renames[f->n_renames++];
	if (r->since == NULL || !version_parse(r->since, &to->since))
		to->since = (struct version){ .major = UINT_MAX };
	to->from = split_id(f, r->port, r->old_id);
	to->to = split_id(f, r->port, r->new_id);
	return 0;
}

int
facts_open(struct store *s, struct facts **out, struct err *e)
{
	struct facts *f = mem_alloc(sizeof(*f));

	int r = -1;

	if (store_releases(s, add_release, f, e) == -1 ||
	    store_boards_by_id(s, NULL, NULL, add_fact, f, e) == -1)
		goto out;
	lookup_build(f);
	r = store_renames(s, add_rename, f, e);
out:
	if (r == 0)
		*out = f;
	else
		facts_close(f);
	return r;
}

void
facts_close(struct facts *f)
{
	if (f == NULL)
		return;
	while (f->n_kept > 0)
		free(f->kept[--f->n_kept]);
	free(f->kept);
	lookup_free(f);
	free(f->releases);
	free(f->rows);
	free(f->renames);
	free(f);
}

const struct fact *
facts_rows(const struct facts *f, size_t *n)
{
	*n = f->n_rows;
	return f->rows;
}

/*
 * Builds do not matter here: the tip of the table stands for all previews of
 * its version, and commits on a release for the time after it.
 */
int
facts_when(const struct facts *f, const struct version *v)
{
	struct version plain = *v;
	int at = 0;

	plain.build = -1;
	for (size_t i = 0; i < f->n_releases; i++) {
		const int r = version_compare(&f->releases[i], &plain);

		if (r <= 0)
			at = 2 * (int)i + (r < 0);
	}
	if (at % 2 == 0 && v->build > 0 && !v->preview)
		at++;
	return at > facts_newest(f) ? facts_newest(f) : at;
}

int
facts_newest(const struct facts *f)
{
	return f->n_releases == 0 ? 0 : 2 * ((int)f->n_releases - 1);
}

bool
fact_holds(const struct fact *row, int at)
{
	const int odd = at & 1;

	return row->from <= at + odd && row->to >= at - odd;
}

const struct version *
facts_releases(const struct facts *f, size_t *n)
{
	*n = f->n_releases;
	return f->releases;
}
