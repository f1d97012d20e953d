/* SPDX-License-Identifier: MIT */
#include "ledger/stored.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"

/* No part of it is "..", "." or empty. */
bool
stored_below(const char *file)
{
	for (const char *p = file;; p++) {
		const size_t n = strcspn(p, "/");

		if (n == 0 || (n == 1 && p[0] == '.') ||
		    (n == 2 && p[0] == '.' && p[1] == '.'))
			return false;
		p += n;
		if (*p == '\0')
			return true;
	}
}

/* The folders between the store's own, which may be a link, and the file. */
static bool
through_folders(const char *dir, const char *file)
{
	const char *p = strchr(file, '/');
	bool good = true;
	struct stat st;

	for (; good && p != NULL; p = strchr(p + 1, '/')) {
		char *path = mem_printf("%s/%.*s", dir, (int)(p - file), file);

		if (lstat(path, &st) == 0)
			good = S_ISDIR(st.st_mode);
		free(path);
	}
	return good;
}

char *
stored_path(const struct store *s, const char *file)
{
	if (file == NULL)
		return NULL;
	if (file[0] == '/')
		return mem_str(file);
	if (!stored_below(file) || !through_folders(store_dir(s), file))
		return NULL;
	return mem_printf("%s/%s", store_dir(s), file);
}

enum file_state
stored_look(const struct store *s, const char *file)
{
	char *path = stored_path(s, file);
	enum file_state r = FILE_OTHER;
	struct stat st;

	if (path != NULL && stat(path, &st) == -1)
		r = errno == ENOENT || errno == ENOTDIR ? FILE_GONE :
		    FILE_OTHER;
	else if (path != NULL && S_ISREG(st.st_mode))
		r = FILE_THERE;
	free(path);
	return r;
}

int
stored_unlink(const struct store *s, const char *file, struct err *e)
{
	char *path = file[0] == '/' ? NULL : stored_path(s, file);
	int r = 0;

	if (path == NULL) {
		err_set(e, ERR_INPUT, "%.200s: not in the firmware folder",
		    file);
		r = err_hint(e, "remove the file yourself; its row is kept "
		    "until then, or goes without --files");
	} else if (unlink(path) == -1 && errno != ENOENT) {
		r = err_sys(e, "%s", path);
	}
	free(path);
	return r;
}

int
stored_collect(const struct store_file *f, void *ctx)
{
	struct file_list *l = ctx;

	if (f->file == NULL)
		return 0;
	l->v = mem_grow(l->v, l->n + 1, sizeof(*l->v));
	l->v[l->n++] = (struct file_copy){
		.file = mem_str(f->file),
		.port = mem_str(f->port),
		.board_id = mem_str(f->board_id),
		.variant = mem_str(f->variant),
		.version = mem_str(f->version),
		.sha256 = mem_str(f->sha256),
		.build = f->build,
		.size_bytes = f->size_bytes,
		.custom = f->custom,
	};
	return 0;
}

void
stored_release(struct file_list *l)
{
	for (size_t i = 0; i < l->n; i++) {
		free(l->v[i].file);
		free(l->v[i].port);
		free(l->v[i].board_id);
		free(l->v[i].variant);
		free(l->v[i].version);
		free(l->v[i].sha256);
	}
	free(l->v);
	*l = (struct file_list){ NULL, 0 };
}

struct store_file
stored_row(const struct file_copy *c)
{
	return (struct store_file){
		.file = c->file,
		.port = c->port,
		.board_id = c->board_id,
		.variant = c->variant,
		.version = c->version,
		.sha256 = c->sha256,
		.build = c->build,
		.size_bytes = c->size_bytes,
		.custom = c->custom,
	};
}
