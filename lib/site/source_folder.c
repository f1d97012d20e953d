/* SPDX-License-Identifier: MIT */
#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/clock.h"
#include "base/mem.h"
#include "site/source.h"

struct folder {
	const char	*board_id;
	struct index	*index;
};

static int
add_folder_file(const struct folder *f, const char *path, const char *file,
    struct err *e)
{
	struct firmware_name name;
	struct index_link *l;
	char *url;

	if (!firmware_name_parse(file, f->board_id, &name) &&
	    !firmware_name_parse_clean(file, f->board_id, &name))
		return 0;
	if (!firmware_ext_usable(name.ext))
		return 0;
	if (f->index->n == SOURCE_FILES)
		return err_set(e, ERR_INPUT, "more than %u files",
		    SOURCE_FILES);
	url = source_url(path);
	l = index_add(f->index, url);
	l->name = name;
	return 0;
}

/* depth: how many folders below may be looked into. */
static int
scan(const struct folder *f, const char *path, int depth, struct err *e)
{
	DIR *d = opendir(path);
	struct dirent *de;
	struct stat st;
	int r = 0;

	if (d == NULL)
		return err_sys(e, "%s", path);
	while (r == 0 && (de = readdir(d)) != NULL) {
		char *name;

		if (de->d_name[0] == '.')
			continue;
		name = mem_printf("%s/%s", path, de->d_name);
		if (stat(name, &st) == 0 && S_ISREG(st.st_mode))
			r = add_folder_file(f, name, de->d_name, e);
		else if (depth > 0 && stat(name, &st) == 0 &&
		    S_ISDIR(st.st_mode))
			r = scan(f, name, depth - 1, e);
		free(name);
	}
	closedir(d);
	return r;
}

static int
by_url(const void *a, const void *b)
{
	const struct index_link *x = a, *y = b;

	return strcmp(x->url, y->url);
}

int
source_folder(const char *path, const char *board_id, struct index *out,
    struct err *e)
{
	const struct folder f = { board_id, out };

	*out = (struct index)INDEX_INIT;
	out->source = source_url(path);
	out->fetched_at = clock_wall();
	if (scan(&f, path, 1, e) == -1) {
		index_release(out);
		return err_wrap(e, "%s", path);
	}
	/* The same choice whatever order the folder is in. */
	if (out->n > 0)
		qsort(out->link, out->n, sizeof(*out->link), by_url);
	return 0;
}
