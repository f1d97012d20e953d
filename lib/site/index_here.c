/* SPDX-License-Identifier: MIT */
#include "site/index.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/mem.h"

/*
 * index_here: what lies in the firmware folder, also what mpflash alone put
 * there and into its table.
 */

struct here {
	struct store	*s;
	struct index	*ix;
	const char	*board_id;
	bool		 no_clean;
};

static bool
is_here(const struct here *h, const char *file)
{
	char *path = mem_printf("%s/%s", store_dir(h->s), file);
	const bool here = access(path, R_OK) == 0;

	free(path);
	return here;
}

/* Under another name than ours for this address it would not be found. */
static bool
is_named(const struct here *h, const struct store_file *row, const char *name)
{
	char *ours = h->no_clean ? mem_str(name) : firmware_name_clean(name);
	const size_t n = row->port == NULL ? 0 : strlen(row->port);
	const bool same = n > 0 && strncmp(row->file, row->port, n) == 0 &&
	    row->file[n] == '/' && strcmp(row->file + n + 1, ours) == 0;

	free(ours);
	return same;
}

static bool
has(const struct index *ix, const char *name)
{
	for (size_t i = 0; i < ix->n; i++)
		if (strcmp(ix->link[i].file, name) == 0)
			return true;
	return false;
}

static int
on_file(const struct store_file *row, void *ctx)
{
	struct here *h = ctx;
	const char *name = row->source == NULL ? NULL :
	    strrchr(row->source, '/');
	struct firmware_name is;
	struct index_link *l;

	if (row->custom || row->file == NULL || name++ == NULL ||
	    !firmware_name_parse(name, h->board_id, &is) ||
	    has(h->ix, name) || !is_named(h, row, name) ||
	    !is_here(h, row->file))
		return 0;
	l = index_add(h->ix, mem_str(row->source));
	l->name = is;
	if (row->sha256 != NULL)
		snprintf(l->sha256, sizeof(l->sha256), "%s", row->sha256);
	if (h->ix->port[0] == '\0')
		snprintf(h->ix->port, sizeof(h->ix->port), "%s", row->port);
	return 0;
}

int
index_add_here(struct store *s, const char *board_id, bool no_clean,
    struct index *ix, struct err *e)
{
	struct here h = { s, ix, board_id, no_clean };

	if (store_files(s, NULL, board_id, NULL, on_file, &h, e) == -1)
		return -1;
	if (ix->source != NULL || ix->n == 0)
		return 0;
	ix->source = mem_str(store_dir(s));
	ix->fetched_at = clock_wall();
	return 0;
}
