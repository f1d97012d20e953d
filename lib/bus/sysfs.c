/* SPDX-License-Identifier: MIT */
#include "bus/sysfs.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/text.h"

#define ATTR_MAX	4096u		/* bytes: sysfs gives one page */

static int
by_text(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

char **
sysfs_names(const struct bus *b, const char *dir)
{
	char *path = bus_path(b, dir), **names = mem_alloc(sizeof(*names));
	const struct dirent *d;
	DIR *dp = opendir(path);
	size_t n = 0;

	while (dp != NULL && (d = readdir(dp)) != NULL) {
		if (d->d_name[0] == '.')
			continue;
		names = mem_grow(names, n + 2, sizeof(*names));
		names[n++] = mem_str(d->d_name);
	}
	names[n] = NULL;
	qsort(names, n, sizeof(*names), by_text);
	if (dp != NULL)
		closedir(dp);
	free(path);
	return names;
}

void
sysfs_names_free(char **names)
{
	for (size_t i = 0; names[i] != NULL; i++)
		free(names[i]);
	free(names);
}

char *
sysfs_real(const struct bus *b, const char *path)
{
	char *full = bus_path(b, path), *real = realpath(full, NULL);
	const size_t n = strlen(b->root);

	/* A symlink may not lead out of a recorded tree. */
	if (real != NULL && (strncmp(real, b->root, n) != 0 ||
	    strncmp(real + n, "/sys/", 5) != 0)) {
		free(real);
		real = NULL;
	}
	free(full);
	return real;
}

char *
sysfs_attr(const char *real_dir, const char *name)
{
	struct buf raw = BUF_MAX(ATTR_MAX), text = BUF_INIT;
	char *path = mem_printf("%s/%s", real_dir, name);
	struct err e;
	struct stat st;

	/* A FIFO in a tree that somebody made would make us wait. */
	if (stat(path, &st) == 0 && S_ISREG(st.st_mode) &&
	    file_read(path, &raw, &e) == 0) {
		while (raw.len > 0 && raw.data[raw.len - 1] == '\n')
			raw.data[--raw.len] = '\0';
		text_clean(&text, raw.data, raw.len);
	}
	free(path);
	buf_release(&raw);
	if (text.len > 0)
		return buf_steal(&text);
	buf_release(&text);
	return NULL;
}

bool
sysfs_has(const char *real_dir, const char *name)
{
	char *path = mem_printf("%s/%s", real_dir, name);
	const bool has = access(path, F_OK) == 0;

	free(path);
	return has;
}
