/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/mem.h"
#include "facts/impl.h"
#include "facts/shape.h"

/* qsort(3) hands no context on: so the rows are sorted beside their ids. */
struct id_key {
	const char	*id;
	unsigned	 row;
};

static int
by_row(unsigned a, unsigned b)
{
	return (a > b) - (a < b);
}

static int
compare_id(const void *a, const void *b)
{
	const struct id_key *x = a, *y = b;
	const int r = strcasecmp(x->id, y->id);

	return r != 0 ? r : by_row(x->row, y->row);
}

static int
compare_name(const void *a, const void *b)
{
	const struct name_key *x = a, *y = b;
	const int r = strcmp(x->name, y->name);

	return r != 0 ? r : by_row(x->row, y->row);
}

static void
sort_ids(struct facts *f)
{
	struct id_key *keys = mem_alloc((f->n_rows + 1) * sizeof(*keys));

	for (size_t i = 0; i < f->n_rows; i++)
		keys[i] = (struct id_key){ f->rows[i].board_id, (unsigned)i };
	qsort(keys, f->n_rows, sizeof(*keys), compare_id);
	f->by_id = mem_alloc((f->n_rows + 1) * sizeof(*f->by_id));
	for (size_t i = 0; i < f->n_rows; i++)
		f->by_id[i] = keys[i].row;
	free(keys);
}

static void
add_name_key(struct facts *f, unsigned row, const char *machine)
{
	struct name_key *key = &f->by_name[f->n_by_name];
	struct shape s;

	shape_of(machine, &s);
	if (s.name[0] == '\0')
		return;
	key->name = facts_keep(f, s.name);
	key->mcu = shape_mcu(machine);
	key->row = row;
	f->n_by_name++;
}

static void
sort_names(struct facts *f)
{
	f->by_name = mem_alloc((2 * f->n_rows + 1) * sizeof(*f->by_name));
	for (size_t i = 0; i < f->n_rows; i++) {
		const struct fact *row = &f->rows[i];

		add_name_key(f, (unsigned)i, row->machine);
		if (row->uname != row->machine)
			add_name_key(f, (unsigned)i, row->uname);
	}
	qsort(f->by_name, f->n_by_name, sizeof(*f->by_name), compare_name);
}

void
lookup_build(struct facts *f)
{
	sort_ids(f);
	sort_names(f);
}

void
lookup_free(struct facts *f)
{
	free(f->by_id);
	free(f->by_name);
}

const struct fact *
facts_row_of(const struct facts *f, const char *board_id, size_t i)
{
	size_t low = 0, high = f->n_rows;
	const struct fact *row;

	while (low < high) {
		const size_t mid = low + (high - low) / 2;

		if (strcasecmp(f->rows[f->by_id[mid]].board_id, board_id) < 0)
			low = mid + 1;
		else
			high = mid;
	}
	if (i >= f->n_rows - low)
		return NULL;
	row = &f->rows[f->by_id[low + i]];
	return strcasecmp(row->board_id, board_id) == 0 ? row : NULL;
}

const struct name_key *
lookup_name(const struct facts *f, const char *name, size_t i)
{
	size_t low = 0, high = f->n_by_name;

	while (low < high) {
		const size_t mid = low + (high - low) / 2;

		if (strcmp(f->by_name[mid].name, name) < 0)
			low = mid + 1;
		else
			high = mid;
	}
	if (i >= f->n_by_name - low)
		return NULL;
	low += i;
	return strcmp(f->by_name[low].name, name) == 0 ? &f->by_name[low] :
	    NULL;
}
