/* SPDX-License-Identifier: MIT */
#include "store/db.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/mem.h"

#define BACKUPS_MAX	100

/* A pull of the plug right after the migration must leave the backup whole. */
static int
publish(const char *tmp, const char *path, struct err *e)
{
	const int fd = file_open(tmp, O_RDONLY, 0, e);
	int r = fd == -1 ? -1 : 0;

	if (fd != -1 && (fsync(fd) == -1 || rename(tmp, path) == -1))
		r = err_sys(e, "%s", path);
	if (fd != -1)
		close(fd);
	if (r == -1)
		unlink(tmp);
	return r;
}

/* The name that the next backup gets: mpflash.db.v0.bak, .v0.1.bak, ... */
static char *
backup_name(const struct store *s, int64_t version)
{
	char *path = mem_printf("%s.v%lld.bak", s->path, (long long)version);

	for (int i = 1; access(path, F_OK) == 0 && i < BACKUPS_MAX; i++) {
		free(path);
		path = mem_printf("%s.v%lld.%d.bak", s->path,
		    (long long)version, i);
	}
	return path;
}

int
backup_make(struct store *s, struct err *e)
{
	char *path = backup_name(s, db_number(s, "PRAGMA user_version"));
	char *tmp = mem_printf("%s.part", path);
	struct query q;
	int r = -1;

	unlink(tmp);			/* of one that was killed */
	if (db_make_file(tmp, e) == 0 &&
	    query_begin(s, "VACUUM INTO ?1", &q, e) == 0) {
		query_text(&q, tmp);
		r = query_run(&q, e);
	}
	if (r == 0)
		r = publish(tmp, path, e);
	else
		unlink(tmp);
	db_forget(s);
	free(tmp);
	free(path);
	return r == 0 ? 0 : err_wrap(e, "backup before the first change");
}

/* A damaged one is not ours to change, and a copy of it no backup. */
int
backup_sound(struct store *s, struct err *e)
{
	struct query q;
	const char *what;
	int r;

	if (query_begin(s, "PRAGMA quick_check(1)", &q, e) == -1)
		return -1;
	r = query_next(&q, e);
	what = r == 1 ? query_col_text(&q, 0) : NULL;
	if (r == 1 && (what == NULL || strcmp(what, "ok") != 0)) {
		err_set(e, ERR_INPUT, "%s: damaged: %.200s", s->path,
		    what != NULL ? what : "?");
		r = err_todo(e, NEXT_REPLACE_DATABASE,
		    "move it away, or put a backup there");
	}
	query_end(&q);
	return r == 1 ? 0 : -1;
}
