/* SPDX-License-Identifier: MIT */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/mem.h"
#include "files/files_in.h"

#define MODE		0600		/* there may be passwords in them */
#define FOLDER_MODE	0700

/* BOARD-ID-20261130T120000Z.tar: only what any file system takes. */
static char *
archive_name(const struct files_job *job, const char *folder)
{
	const char *id = job->board->uid != NULL ? job->board->uid :
	    job->device->id;
	const char *board = job->board->board_id != NULL ?
	    job->board->board_id : "board";
	const time_t now = clock_wall();
	struct tm tm;
	char when[32];
	char *name, *path;

	gmtime_r(&now, &tm);
	strftime(when, sizeof(when), "%Y%m%dT%H%M%SZ", &tm);
	name = mem_printf("%s-%s-%s.tar", board, id, when);
	for (char *p = name; *p != '\0'; p++)
		if (!isalnum((unsigned char)*p) && strchr("._-", *p) == NULL)
			*p = '_';
	path = mem_printf("%s/%s", folder, name);
	free(name);
	return path;
}

static int
put_member(struct file_new *f, const char *name, const struct buf *bytes,
    struct err *e)
{
	if (tar_put(f->fd, f->path, name, bytes->len, (int64_t)clock_wall(),
	    e) == -1 ||
	    file_write_all(f->fd, bytes->data, bytes->len, f->path, e) == -1)
		return -1;
	return tar_pad(f->fd, f->path, bytes->len, e);
}

static int
save_file(struct files_board *b, struct files_entry *f,
    struct file_new *archive, struct err *e)
{
	char *from = files_name(b, f->path);
	char *to = mem_printf("%s%s", FILES_FOLDER, f->path);
	struct buf bytes = BUF_MAX(FILES_SIZE_MAX);
	int res = -1;

	if (repl_read_pieces(b->session.repl, from, (size_t)f->size_bytes,
	    b->session.work_ms, &bytes, e) == -1)
		goto out;
	if (bytes.len != (size_t)f->size_bytes) {
		err_set(e, ERR_IO, "%s: %zu bytes, and it had %lld when it was "
		    "listed", from, bytes.len, (long long)f->size_bytes);
		err_hint(e, "something on the board writes to it: end that "
		    "program, and try again");
		goto out;
	}
	digest_bytes(bytes.data, bytes.len, f->sha256);
	res = put_member(archive, to, &bytes, e);
	files_step(b, f->size_bytes);
out:
	buf_release(&bytes);
	free(from);
	free(to);
	return res;
}

static int
save_all(struct files_board *b, struct files_list *l,
    struct file_new *archive, struct err *e)
{
	struct buf manifest = BUF_INIT;
	int res = 0;

	files_begin_step(b, "read", l->size_bytes);
	for (size_t i = 0; res == 0 && i < l->n; i++)
		if (l->v[i].size_bytes != -1)
			res = save_file(b, &l->v[i], archive, e);
	if (res == 0) {
		files_manifest_write(b->job, l, &manifest);
		res = put_member(archive, FILES_MANIFEST, &manifest, e);
	}
	if (res == 0)
		res = tar_end(archive->fd, archive->path, e);
	buf_release(&manifest);
	return res;
}

int
files_save(const struct files_job *job, const char *folder,
    struct files_done *out, struct err *e)
{
	char *path = archive_name(job, folder);
	struct files_board b = FILES_BOARD_INIT;
	struct files_list l = { .v = NULL };
	struct file_new archive = FILE_NEW_INIT;
	struct err ignored = ERR_INIT;
	int res = -1;

	if (file_mkdirs(folder, FOLDER_MODE, e) == -1 ||
	    files_open(job, &b, e) == -1)
		goto out;
	if (files_look(&b, &l, e) == 0 &&
	    file_begin(path, MODE, &archive, e) == 0 &&
	    save_all(&b, &l, &archive, e) == 0)
		res = file_commit(&archive, e);
	else
		file_abort(&archive);
	/* The archive is whole; how the board goes on is its own affair. */
	files_close(&b, &ignored);
	if (res == -1)
		goto out;
	out->count = l.count;
	out->size_bytes = l.size_bytes;
	out->path = realpath(path, NULL);
	if (out->path == NULL)
		out->path = mem_str(path);
out:
	files_list_release(&l);
	free(path);
	return res;
}
