/* SPDX-License-Identifier: MIT */
#include "site/index.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/mem.h"
#include "site/mirror.h"
#include "site/source.h"

/*
 * index_here: what is known here: of the sites, from earlier runs, and what
 * lies in the firmware folder, also what mpflash alone put there and into its
 * table, or what lies there and is in no table.
 */

/* The newest index that the store has of these sites. */
static int
index_of_mirrors(struct store *s, const struct mirrors *m,
    const char *board_id, struct index *out, struct err *e)
{
	struct index found;
	int r = 0;

	for (size_t i = 0; i < m->n && r != -1; i++) {
		char *url = page_url(m, i, board_id);

		r = index_of_page(s, board_id, url, &found, e);
		if (r == 1 && (out->source == NULL ||
		    found.fetched_at > out->fetched_at)) {
			index_release(out);
			*out = found;
		} else if (r == 1) {
			index_release(&found);
		}
		free(url);
	}
	return r == -1 ? -1 : out->source != NULL;
}

int
index_known(struct store *s, const struct mirrors *m, const char *board_id,
    bool offline, void (*say)(const char *fmt, ...), struct index *out,
    struct err *e)
{
	int r;

	*out = (struct index)INDEX_INIT;
	r = index_of_mirrors(s, m, board_id, out, e);
	if (r == -1)
		index_release(out);
	if (r != 0 || !offline)
		return r;
	r = index_from_store(s, board_id, out, e);
	if (r == 1 && say != NULL)
		say("%s: offline: its versions are those of %s", board_id,
		    out->source);
	return r;
}

struct here {
	struct store	*s;
	struct index	*ix;
	const char	*board_id;
	bool		 no_clean;
};

/* Under another name than ours for this address it would not be found. */
static bool
is_named_row(const struct here *h, const struct store_file *row,
    const char *name)
{
	char *ours = h->no_clean ? mem_str(name) : firmware_name_clean(name);
	const size_t n = row->port == NULL ? 0 : strlen(row->port);
	const bool same = n > 0 && strncmp(row->file, row->port, n) == 0 &&
	    row->file[n] == '/' && strcmp(row->file + n + 1, ours) == 0;

	free(ours);
	return same;
}

static bool
has_link(const struct index *ix, const char *name)
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
	    has_link(h->ix, name) || !is_named_row(h, row, name) ||
	    !store_has_file(row))
		return 0;
	l = index_add(h->ix, mem_str(row->source));
	l->name = is;
	if (row->sha256 != NULL)
		snprintf(l->sha256, sizeof(l->sha256), "%s", row->sha256);
	if (h->ix->port[0] == '\0')
		snprintf(h->ix->port, sizeof(h->ix->port), "%s", row->port);
	return 0;
}

/* Does a link stand for the file of that name in the folder? */
static bool
is_listed_file(const struct here *h, const char *name)
{
	bool same = false;

	for (size_t i = 0; i < h->ix->n && !same; i++) {
		char *ours = h->no_clean ? mem_str(h->ix->link[i].file) :
		    firmware_name_clean(h->ix->link[i].file);

		same = strcmp(ours, name) == 0;
		free(ours);
	}
	return same;
}

static int
on_custom_row(const struct store_file *row, void *ctx)
{
	*(bool *)ctx = row->custom;
	return 0;
}

/* DIR/PORT/FILE, under the name that it would get there. */
static int
add_found(struct here *h, const char *dir_url, const struct index_link *l,
    struct err *e)
{
	const char *rel = l->url + strlen(dir_url) + 1;
	const size_t n = strcspn(rel, "/");
	char *ours = h->no_clean ? mem_str(l->file) :
	    firmware_name_clean(l->file);
	struct index_link *new;
	bool custom = false;
	int r = 0;

	if (rel[n] != '/' || n >= sizeof(h->ix->port) ||
	    strcmp(ours, l->file) != 0 || is_listed_file(h, l->file))
		goto out;
	r = store_file_find(h->s, rel, on_custom_row, &custom, e);
	if (r == -1 || custom)
		goto out;
	new = index_add(h->ix, mem_str(l->url));
	new->name = l->name;
	if (h->ix->port[0] == '\0')
		snprintf(h->ix->port, sizeof(h->ix->port), "%.*s", (int)n, rel);
out:
	free(ours);
	return r;
}

/* Files that no row names: another program has lost its rows, or had none. */
static int
add_without_rows(struct here *h, struct err *e)
{
	const char *dir = store_dir(h->s);
	struct index found;
	int r = 0;

	if (access(dir, R_OK) == -1)
		return 0;
	if (source_folder(dir, h->board_id, &found, e) == -1)
		return -1;
	for (size_t i = 0; i < found.n && r != -1; i++)
		r = add_found(h, found.source, &found.link[i], e);
	index_release(&found);
	return r;
}

int
index_add_here(struct store *s, const char *board_id, bool no_clean,
    struct index *ix, struct err *e)
{
	struct here h = { s, ix, board_id, no_clean };

	if (store_files(s, NULL, board_id, NULL, on_file, &h, e) == -1 ||
	    add_without_rows(&h, e) == -1)
		return -1;
	if (ix->source != NULL || ix->n == 0)
		return 0;
	ix->source = mem_str(store_dir(s));
	ix->fetched_at = clock_wall();
	return 0;
}
