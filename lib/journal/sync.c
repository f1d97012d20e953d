/* SPDX-License-Identifier: MIT */
#include "journal/sync.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/text.h"
#include "journal/device.h"

/* The board, what it should say, and what was done. */
struct syncing {
	const struct record	*rec;
	struct store		*s;
	const char		*sysroot;
	int64_t			 deadline;
	bool			 dry_run;
	const struct journal	*j;		/* what runs, as it says */
	struct journal		*row;		/* what its row says */
	bool			 by_row;	/* the file is made from it */
	struct journal_done	 done;
	struct journal_synced	*out;
	struct err		*e;
	int			 r;
};

/* As mpf-resolve would let it pass: it runs what it should. */
static struct record *
as_skipped(const struct record *rec)
{
	struct record *copy = record_copy(rec);
	const char *id = record_str(copy, "board.board_id");

	record_drop(copy, "flash");
	record_drop(copy, "image");
	record_drop(copy, "firmware");
	if (id == NULL)
		id = record_str(copy, "board.record.firmware.board_id");
	if (id != NULL)
		record_put_str(copy, "firmware.board_id", id);
	record_put_str(copy, "firmware.action", "skip");
	return copy;
}

static bool
commits_agree(const char *a, const char *b)
{
	const size_t n = a != NULL ? strlen(a) : 0;
	const size_t m = b != NULL ? strlen(b) : 0;

	return n == 0 || m == 0 || strncmp(a, b, n < m ? n : m) == 0;
}

/* Is the row about the firmware that runs? */
static bool
is_of_it(const struct store_device *d, const struct journal *j)
{
	return d->board_id != NULL && d->version != NULL &&
	    text_agrees(d->port, j->port) &&
	    strcmp(d->board_id, j->board_id) == 0 &&
	    text_agrees(d->variant, j->variant) &&
	    strcmp(d->version, j->version) == 0 &&
	    (d->build == -1 || j->build == -1 || d->build == j->build) &&
	    commits_agree(d->commit, j->commit);
}

static int
write_board(struct syncing *sy, const struct journal *j)
{
	if (sy->dry_run) {
		sy->done.written = true;
		return 0;
	}
	return journal_write_board(j, sy->sysroot, sy->deadline, &sy->done,
	    sy->e);
}

/* With what is known of custom firmware, which lives as long as this call. */
static int
write_custom(const char *file, const struct firmware *f,
    const struct image *im, void *ctx)
{
	struct syncing *sy = ctx;

	(void)file;
	(void)im;
	sy->row->about = *f;
	sy->by_row = true;
	sy->r = write_board(sy, sy->row);
	return 0;
}

static int
write_from_row(struct syncing *sy, const struct store_device *d)
{
	struct journal row;

	device_journal(d, &row);
	row.usb_path = sy->j->usb_path;
	row.serial_port = sy->j->serial_port;
	row.device_id = sy->j->device_id;
	row.description = sy->j->description;
	sy->row = &row;
	if (d->sha256 != NULL && store_custom_find(sy->s, d->sha256,
	    write_custom, sy, sy->e) == -1)
		return -1;
	if (!sy->by_row) {
		sy->by_row = true;
		sy->r = write_board(sy, &row);
	}
	sy->row = NULL;
	return sy->r;
}

/* Has the row more to say of what runs than the file? */
static int
look_at_row(const struct store_device *d, void *ctx)
{
	struct syncing *sy = ctx;
	const struct journal *j = sy->j;

	if (!is_of_it(d, j))
		return 0;
	if (j->told && !text_agrees(d->sha256, j->sha256)) {
		sy->out->conflict = true;
		snprintf(sy->out->why, sizeof(sy->out->why), "the file on "
		    "the board has the digest %.12s..., the database had "
		    "%.12s...: the file's counts", j->sha256, d->sha256);
		return 0;
	}
	if (d->queued_at != NULL || !j->told ||
	    (j->sha256 == NULL && d->sha256 != NULL))
		sy->r = write_from_row(sy, d);
	return 0;
}

static int
write_store(struct syncing *sy)
{
	char now[CLOCK_TEXT];
	const struct journal_done *done = &sy->done;

	if (sy->dry_run)
		return 0;
	clock_text(clock_wall(), now);
	if (store_begin(sy->s, sy->e) == -1)
		return -1;
	if (journal_write_store(sy->j, sy->s, now, &sy->out->row, sy->e) ==
	    -1 || journal_write_toml(sy->j, sy->s, now, sy->out->toml,
	    done->none[0] != '\0' ? done->none : NULL, done->text, sy->e) ==
	    -1) {
		store_rollback(sy->s);
		return -1;
	}
	if (store_commit(sy->s, sy->e) == -1)
		return -1;
	return journal_compare(sy->j, sy->s, done->text, sy->e);
}

static int
sync_board(struct syncing *sy)
{
	const struct journal *j = sy->j;

	if (j->uid != NULL && store_device_find(sy->s, j->uid, look_at_row,
	    sy, sy->e) == -1)
		return -1;
	if (sy->r == 0 && !sy->by_row && !journal_current(j, sy->rec))
		sy->r = write_board(sy, j);
	if (sy->r == -1)
		return -1;
	sy->out->toml = sy->done.none[0] != '\0' ? (sy->done.later ?
	    "queued" : "none") : sy->done.written ? "written" : "unchanged";
	if (sy->out->why[0] == '\0' && sy->done.none[0] != '\0')
		snprintf(sy->out->why, sizeof(sy->out->why), "%s",
		    sy->done.none);
	return write_store(sy);
}

int
journal_sync(const struct record *rec, struct store *s, const char *sysroot,
    int64_t deadline, bool dry_run, struct journal_synced *out, struct err *e)
{
	struct record *copy = as_skipped(rec);
	struct journal j;
	struct syncing sy = { .rec = copy, .s = s, .sysroot = sysroot,
	    .deadline = deadline, .dry_run = dry_run, .j = &j, .out = out,
	    .e = e };
	int r;

	*out = (struct journal_synced){ .toml = NULL };
	r = journal_read(copy, &j, e);
	if (r == 1 && sync_board(&sy) == -1)
		r = -1;
	free(sy.done.text);
	record_free(copy);
	return r;
}
