/* SPDX-License-Identifier: MIT */
#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

#include "base/mem.h"
#include "files/files_in.h"

/* Is this the name of an archive of the board with that id? */
static bool
is_of_board(const char *name, const char *uid)
{
	const char *at = strstr(name, uid);
	const size_t n = strlen(name);

	return at != NULL && at > name && at[-1] == '-' &&
	    at[strlen(uid)] == '-' && n > 4 &&
	    strcmp(name + n - 4, ".tar") == 0;
}

/* The time is the last in a name, so the newest archive has the last name. */
static int
newer(const char *a, const char *b)
{
	return strcmp(strrchr(a, '-'), strrchr(b, '-')) > 0;
}

/* The newest archive in that folder; the caller frees it. */
static char *
find_archive(const struct files_job *job, const char *folder, struct err *e)
{
	DIR *d;
	struct dirent *ent;
	char *best = NULL, *path;

	if (job->board->uid == NULL) {
		err_set(e, ERR_AMBIGUOUS, "%s: without an id of the board, its "
		    "archive in %s is not known", job->device->id, folder);
		err_hint(e, "name the archive");
		return NULL;
	}
	d = opendir(folder);
	if (d == NULL) {
		err_sys(e, "%s", folder);
		return NULL;
	}
	while ((ent = readdir(d)) != NULL)
		if (is_of_board(ent->d_name, job->board->uid) &&
		    (best == NULL || newer(ent->d_name, best))) {
			free(best);
			best = mem_str(ent->d_name);
		}
	closedir(d);
	if (best == NULL) {
		err_set(e, ERR_NOT_FOUND, "%s: no archive of the board %s in "
		    "it", folder, job->board->uid);
		err_hint(e, "make one with mpf-backup, or name the archive");
		return NULL;
	}
	path = mem_printf("%s/%s", folder, best);
	free(best);
	return path;
}

static char *
choose_archive(const struct files_job *job, const char *from, struct err *e)
{
	struct stat st;

	if (stat(from, &st) == 0 && S_ISDIR(st.st_mode))
		return find_archive(job, from, e);
	return mem_str(from);
}

static int
check_archive_owner(const struct files_job *job, const char *path,
    const char *uid, struct err *e)
{
	const char *own = job->board->uid;

	if (own != NULL && uid != NULL && strcasecmp(own, uid) == 0)
		return 0;
	err_set(e, ERR_MISMATCH, "%s: it holds the files of the board %s, and "
	    "this is %s", path, uid != NULL ? uid : "without an id",
	    own != NULL ? own : "a board without an id");
	return err_hint(e, "to give them to this board all the same, say "
	    "--other-board");
}

static const struct files_entry *
find_files_entry(const struct files_list *l, const char *path)
{
	for (size_t i = 0; i < l->n; i++)
		if (strcmp(l->v[i].path, path) == 0)
			return &l->v[i];
	return NULL;
}

/* Is that file on the board already? */
static int
is_on_board(struct files_board *b, const struct files_list *now,
    const struct files_entry *f, struct err *e)
{
	const struct files_entry *have = find_files_entry(now, f->path);
	char hex[DIGEST_HEX];
	char *name;
	int got;

	if (have == NULL || have->size_bytes != f->size_bytes)
		return 0;
	name = files_name(b, f->path);
	got = repl_hash_file(b->session.repl, name, b->session.work_ms, hex,
	    e);
	free(name);
	return got == 1 ? strcmp(hex, f->sha256) == 0 : got;
}

/* A file takes its own size beside the old one until it has its name. */
static int
check_room(struct files_board *b, const struct files_list *want,
    const struct files_list *now, struct err *e)
{
	struct err ignored = ERR_INIT;
	int64_t room = 0, need = 0;

	if (repl_free_bytes(b->session.repl, b->root, b->session.work_ms,
	    &room, &ignored) == -1)
		return 0;		/* it cannot tell */
	for (size_t i = 0; i < want->n; i++) {
		const struct files_entry *have = find_files_entry(now,
		    want->v[i].path);

		if (want->v[i].size_bytes > 0 && (have == NULL ||
		    have->size_bytes < want->v[i].size_bytes))
			need += want->v[i].size_bytes -
			    (have != NULL ? have->size_bytes : 0);
	}
	if (need <= room)
		return 0;
	err_set(e, ERR_SPACE, "the files need %lld bytes more, and the board "
	    "has %lld", (long long)need, (long long)room);
	return err_hint(e, "remove files from the board");
}

static int
write_entry(struct files_board *b, const struct tar *tar,
    const struct files_entry *f, struct err *e)
{
	struct buf bytes = BUF_MAX((size_t)f->size_bytes + 1);
	char *name = files_name(b, f->path);
	int res = files_archive_read(tar, f, &bytes, e);

	if (res == 0)
		res = repl_write_file(b->session.repl, name, bytes.data,
		    bytes.len, b->session.work_ms, NULL, e);
	free(name);
	buf_release(&bytes);
	return res;
}

static int
make_folder(struct files_board *b, const struct files_entry *f,
    const struct files_list *now, struct err *e)
{
	char *name;
	int res;

	if (find_files_entry(now, f->path) != NULL)
		return 0;
	name = files_name(b, f->path);
	res = repl_make_folder(b->session.repl, name, b->session.work_ms, e);
	free(name);
	return res;
}

/* Sorted by path, a folder comes before what is in it. */
static int
write_entries(struct files_board *b, const struct tar *tar,
    const struct files_list *want, const struct files_list *now,
    struct files_done *done, struct err *e)
{
	int got;

	for (size_t i = 0; i < want->n; i++) {
		const struct files_entry *f = &want->v[i];

		if (f->size_bytes == -1) {
			if (make_folder(b, f, now, e) == -1)
				return -1;
			continue;
		}
		/* The board's own file says what it runs now. */
		got = strcmp(f->path, "/mpflash.toml") == 0 &&
		    find_files_entry(now, f->path) != NULL ? 1 :
		    is_on_board(b, now, f, e);
		if (got == -1 ||
		    (got == 0 && write_entry(b, tar, f, e) == -1))
			return -1;
		done->unchanged += got == 1;
		done->count++;
		done->size_bytes += f->size_bytes;
		files_step(b, f->size_bytes);
	}
	return 0;
}

int
files_write_all(struct files_board *b, const struct tar *tar,
    const struct files_list *want, struct files_done *done, struct err *e)
{
	struct files_list now = { .v = NULL };
	int res = -1;

	files_begin_step(b, "write", want->size_bytes);
	if (files_look(b, &now, e) == 0 &&
	    check_room(b, want, &now, e) == 0)
		res = write_entries(b, tar, want, &now, done, e);
	files_list_release(&now);
	return res;
}

int
files_restore(const struct files_job *job, const char *from,
    bool other_board, struct files_done *out, struct err *e)
{
	char *path = choose_archive(job, from, e), *uid = NULL;
	struct files_board b = FILES_BOARD_INIT;
	struct files_list want = { .v = NULL };
	struct tar tar = TAR_INIT;
	struct err ignored = ERR_INIT;
	int res = -1;

	if (path == NULL ||
	    files_archive_open(path, &tar, &want, &uid, e) == -1 ||
	    (!other_board && check_archive_owner(job, path, uid, e) == -1) ||
	    files_open(job, &b, e) == -1)
		goto out;
	res = files_write_all(&b, &tar, &want, out, e);
	files_close(&b, &ignored);
	if (res == -1)
		goto out;
	out->path = realpath(path, NULL);
out:
	tar_close(&tar);
	files_list_release(&want);
	free(uid);
	free(path);
	return res;
}
