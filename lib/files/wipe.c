/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/dirs.h"
#include "base/mem.h"
#include "files/files_in.h"
#include "repl/parcel.h"

#define RECORD		"mpflash.toml"
#define ERASE_BLOCKS	16		/* of 4 kB; each takes up to 0.4 s */
#define NUMBER		24		/* bytes of a decimal number and NUL */

/* Has it the only field that it should have? */
static bool
has_field(const struct buf *fields, const char *key, struct parcel_field *f)
{
	size_t at = 0;

	return parcel_next(fields, &at, f) == 1 && parcel_is(f, key);
}

static int
make_anew(struct files_board *b, const struct files_port *port,
    struct err *e)
{
	struct script_arg args[SCRIPT_ARGS] = { script_text(port->mount) };
	struct buf fields = BUF_INIT;
	struct parcel_field f;
	size_t n = 1;
	int res;

	while (n < SCRIPT_ARGS && port->kinds[n - 1] != NULL) {
		args[n] = script_text(port->kinds[n - 1]);
		n++;
	}
	res = repl_call(b->session.repl, "format", args, n,
	    b->session.work_ms, &fields, NULL, e);
	if (res == -1) {
		err_wrap(e, "its file system cannot be made anew");
		if (e->hint[0] == '\0')
			err_hint(e, "reset the board, and try again");
	} else if (!has_field(&fields, "kind", &f))
		res = err_set(e, ERR_UNSUPPORTED, "this firmware has a file "
		    "system that mpf does not know");
	buf_release(&fields);
	return res;
}

/* After it was made anew there is nothing; else it was not. */
static int
check_wiped(struct files_board *b, struct err *e)
{
	struct files_list l = { .v = NULL };
	int res = files_look(b, &l, e);

	if (res == 0 && l.n > 0)
		res = err_set(e, ERR_VERIFY, "%zu files and folders are there "
		    "afterwards: %s", l.n, l.v[0].path);
	files_list_release(&l);
	return res;
}

static int
put_record(struct files_board *b, const struct buf *toml,
    struct files_done *out, struct err *e)
{
	char *name = files_name(b, "/" RECORD);
	int res = 0;

	if (toml->len > 0) {
		res = repl_write_file(b->session.repl, name, toml->data,
		    toml->len, b->session.work_ms, NULL, e);
		if (res == 0) {
			out->count++;
			out->size_bytes += (int64_t)toml->len;
		}
	}
	free(name);
	return res;
}

/* What was saved comes back in the same session. */
static int
format_storage(struct files_board *b, const struct tar *tar,
    const struct files_list *want, struct files_done *out, struct err *e)
{
	const struct files_port *port = files_port(b->job->board->port);
	const struct probe *says = &b->session.says;
	int res;

	if (tar == NULL && says->record_too_large) {
		err_set(e, ERR_INPUT, "its %s is over %d bytes, and would be "
		    "lost", RECORD, PROBE_FILE_MAX);
		return err_hint(e, "keep all files with --keep-files, or "
		    "remove it first");
	}
	res = make_anew(b, port, e);
	if (res == 0)
		res = check_wiped(b, e);
	if (res == 0)
		res = tar != NULL ? files_write_all(b, tar, want, out, e) :
		    put_record(b, &says->record, out, e);
	return res;
}

static int
format_plain(const struct files_job *job, struct files_done *out,
    struct err *e)
{
	struct files_board b = FILES_BOARD_INIT;
	struct err ignored = ERR_INIT;
	int res;

	if (files_open(job, &b, e) == -1)
		return -1;
	res = format_storage(&b, NULL, NULL, out, e);
	files_close(&b, &ignored);
	return res;
}

static int
format_from(const struct files_job *job, const char *archive,
    struct files_done *out, struct err *e)
{
	struct files_board b = FILES_BOARD_INIT;
	struct files_list want = { .v = NULL };
	struct tar tar = TAR_INIT;
	struct err ignored = ERR_INIT;
	char *uid = NULL;
	int res = -1;

	if (files_archive_open(archive, &tar, &want, &uid, e) == 0 &&
	    files_open(job, &b, e) == 0) {
		res = format_storage(&b, &tar, &want, out, e);
		files_close(&b, &ignored);
	}
	tar_close(&tar);
	files_list_release(&want);
	free(uid);
	return res;
}

static int
format_keeping(const struct files_job *job, struct files_done *out,
    struct err *e)
{
	char *state = dirs_state();
	char *folder = mem_printf("%s/files", state);
	struct files_done saved = { .path = NULL };
	int res = files_save(job, folder, &saved, e);

	if (res == 0) {
		res = format_from(job, saved.path, out, e);
		if (res == 0)
			unlink(saved.path);
		else
			err_hint(e, "its files are in %s: mpf-restore --from "
			    "brings them back", saved.path);
	}
	files_done_release(&saved);
	free(folder);
	free(state);
	return res;
}

int
files_format(const struct files_job *job, bool keep, struct files_done *out,
    struct err *e)
{
	const char *why = files_cannot_format(job->board->port);

	if (why != NULL)
		return err_set(e, ERR_UNSUPPORTED, "%s: %s", job->device->id,
		    why);
	return keep ? format_keeping(job, out, e) : format_plain(job, out, e);
}

/* *blocks: how many the device has, once it has said so. */
static int
erase_some(struct files_board *b, const struct files_port *port,
    long from, long *blocks, struct err *e)
{
	struct buf fields = BUF_INIT;
	struct parcel_field f;
	char first[NUMBER], count[NUMBER];
	struct script_arg args[4] = { script_text(port->mount),
		script_text(port->blocks) };
	int res;

	snprintf(first, sizeof(first), "%ld", from);
	snprintf(count, sizeof(count), "%d", ERASE_BLOCKS);
	args[2] = script_text(first);
	args[3] = script_text(count);
	res = repl_call(b->session.repl, "erase", args, 4,
	    b->session.work_ms, &fields, NULL, e);
	if (res == -1) {
		err_wrap(e, "block %ld: cannot be erased", from);
		if (e->hint[0] == '\0')
			err_hint(e, "reset the board, and try again");
	} else if (!has_field(&fields, "blocks", &f) || f.n == 0 ||
	    f.n >= sizeof(first)) {
		res = err_set(e, ERR_PROTOCOL, "it does not say how many "
		    "blocks it has");
	} else {
		memcpy(first, f.p, f.n);
		first[f.n] = '\0';
		*blocks = strtol(first, NULL, 10);
	}
	buf_release(&fields);
	return res;
}

static int
erase_storage(struct files_board *b, const struct files_port *port,
    struct err *e)
{
	long at = 0, blocks = 1;

	while (at < blocks) {
		if (erase_some(b, port, at, &blocks, e) == -1)
			return -1;
		at += ERASE_BLOCKS;
		if (b->job->progress != NULL)
			b->job->progress(b->job->rec, "erase",
			    at < blocks ? at : blocks, blocks, "blocks");
	}
	return 0;
}

int
files_erase(const struct files_job *job, struct files_done *out,
    struct err *e)
{
	const char *why = files_cannot_erase(job->board->port);
	struct files_board b = FILES_BOARD_INIT;
	struct files_list l = { .v = NULL };
	int res = -1, left;
	struct err late = ERR_INIT;

	if (why != NULL)
		return err_set(e, ERR_UNSUPPORTED, "%s: %s", job->device->id,
		    why);
	if (files_open(job, &b, e) == -1)
		return -1;
	if (files_look(&b, &l, e) == 0) {
		res = erase_storage(&b, files_port(job->board->port), e);
		/* It makes a new one as it starts, however far this came. */
		repl_restart(b.session.repl);
	}
	left = files_close(&b, &late);
	if (res == 0 && left == -1) {
		*e = late;
		res = -1;
	}
	if (res == 0) {
		out->count = l.count;
		out->size_bytes = l.size_bytes;
	}
	files_list_release(&l);
	return res;
}
