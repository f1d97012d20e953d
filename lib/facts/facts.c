/* SPDX-License-Identifier: MIT */
#include "facts/impl.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

#define WITH		" with "

const char *
facts_keep(struct facts *f, const char *text)
{
	const size_t n = text == NULL ? 0 : strlen(text) + 1;
	char *copy;

	if (text == NULL)
		return NULL;
	if (f->texts == NULL || f->texts->size - f->texts->used < n) {
		const size_t size = n < TEXTS_BYTES ? TEXTS_BYTES : n;
		struct texts *t = mem_alloc(sizeof(*t) + size);

		t->next = f->texts;
		t->size = size;
		f->texts = t;
	}
	copy = f->texts->bytes + f->texts->used;
	f->texts->used += n;
	return memcpy(copy, text, n);
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

/* All rows name some of a few versions, so what each means is kept. */
static int
version_when(struct facts *f, const char *version, int other)
{
	struct version v;
	int when = other;
	bool known;

	if (version == NULL)
		return other;
	for (size_t i = 0; i < f->n_told; i++)
		if (strcmp(f->told[i].version, version) == 0)
			return f->told[i].known ? f->told[i].when : other;
	known = version_parse(version, &v);
	if (known)
		when = facts_when(f, &v);
	if (f->n_told < TOLD_MAX)
		f->told[f->n_told++] = (struct told_version){
			facts_keep(f, version), known, when
		};
	return when;
}

/* Is s "NAME with MCU"? */
static bool
is_name_with(const char *s, const char *name, const char *mcu)
{
	const size_t n = strlen(name);

	return strncmp(s, name, n) == 0 &&
	    strncmp(s + n, WITH, sizeof(WITH) - 1) == 0 &&
	    strcmp(s + n + sizeof(WITH) - 1, mcu) == 0;
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
	if (b->name == NULL || b->hw_mcu == NULL ||
	    is_name_with(row->machine, b->name, b->hw_mcu))
		return 0;
	uname = mem_printf("%s" WITH "%s", b->name, b->hw_mcu);
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
	    store_board_facts(s, add_fact, f, e) == -1)
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
	struct texts *next;

	if (f == NULL)
		return;
	for (struct texts *t = f->texts; t != NULL; t = next) {
		next = t->next;
		free(t);
	}
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
