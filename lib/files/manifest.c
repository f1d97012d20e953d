/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "files/files_in.h"
#include "model/codec.h"
#include "stream/stream.h"

#define ENTRIES_MAX	20000u		/* as many as an archive may have */
#define HEX		"0123456789abcdef"

static void
add_manifest_line(struct record *rec, struct buf *out)
{
	record_dump(rec, out);
	buf_addc(out, '\n');
	record_free(rec);
}

void
files_manifest_write(const struct files_job *job, const struct files_list *l,
    struct buf *out)
{
	struct record *rec = record_new();
	char now[CLOCK_TEXT];

	clock_text(clock_wall(), now);
	record_put_str(rec, "at", now);
	device_put(rec, job->device);
	board_put(rec, job->board);
	add_manifest_line(rec, out);
	for (size_t i = 0; i < l->n; i++) {
		const struct files_entry *f = &l->v[i];

		rec = record_new();
		record_put_str(rec, "path", f->path);
		if (f->size_bytes == -1) {
			record_put_bool(rec, "folder", true);
		} else {
			record_put_int(rec, "size_bytes", f->size_bytes);
			record_put_str(rec, "sha256", f->sha256);
		}
		add_manifest_line(rec, out);
	}
}

/* Would it lead out of the board's file system? */
static bool
is_sane(const char *path)
{
	if (path[0] != '/' || path[1] == '\0' || path[1] == '/')
		return false;
	for (const char *p = path; p != NULL; p = strchr(p + 1, '/')) {
		const size_t n = strcspn(p + 1, "/");

		if (n == 0 || strncmp(p, "/./", n + 2) == 0 ||
		    strncmp(p, "/../", n + 2) == 0 ||
		    strcmp(p, "/.") == 0 || strcmp(p, "/..") == 0)
			return false;
	}
	return true;
}

static int
read_manifest_entry(const struct record *rec, struct files_list *out,
    struct err *e)
{
	const char *path, *sha256 = NULL;
	int64_t size = -1;
	int folder = -1;

	if (record_get_str(rec, "path", &path, e) == -1 ||
	    record_opt_bool(rec, "folder", &folder, e) == -1)
		return -1;
	if (!is_sane(path))
		return err_set(e, ERR_INPUT, "path: \"%.200s\" leads out of "
		    "the board's file system", path);
	if (folder != 1 &&
	    (record_get_int(rec, "size_bytes", &size, e) == -1 ||
	    record_get_str(rec, "sha256", &sha256, e) == -1))
		return -1;
	if (folder != 1 && (size < 0 || size > (int64_t)FILES_SIZE_MAX ||
	    strspn(sha256, HEX) != 64 ||
	    sha256[64] != '\0'))
		return err_set(e, ERR_INPUT, "%.200s: size_bytes and sha256 "
		    "are not those of a file", path);
	if (out->n == ENTRIES_MAX)
		return err_set(e, ERR_INPUT, "more than %u files",
		    ENTRIES_MAX);
	files_list_add(out, path, size, sha256);
	return 0;
}

/* The first record tells whose files they are. */
static int
read_owner(const struct record *rec, char **uid, struct err *e)
{
	struct board b;

	if (board_get(rec, &b, e) == -1)
		return -1;
	*uid = mem_str(b.uid);
	return 0;
}

int
files_manifest_read(const struct buf *text, const char *path,
    struct files_list *out, char **uid, struct err *e)
{
	struct stream s = STREAM_INIT(-1, path);
	struct record *rec = NULL;
	unsigned long n = 0;
	int got;

	*uid = NULL;
	stream_push(&s, text->data, text->len, true);
	while ((got = stream_next(&s, &rec, e)) == 1) {
		n++;
		got = n == 1 ? read_owner(rec, uid, e) :
		    read_manifest_entry(rec, out, e);
		record_free(rec);
		if (got == -1) {
			err_wrap(e, "line %lu", n);
			break;
		}
	}
	if (got == 0 && n == 0)
		got = err_set(e, ERR_INPUT, "it is empty");
	if (got == -1)
		err_wrap(e, "%s: %s", path, FILES_MANIFEST);
	files_list_sort(out);
	stream_release(&s);
	return got;
}
