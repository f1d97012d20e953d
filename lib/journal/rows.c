/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "journal/journal.h"
#include "journal/who.h"

/* The row that comes, and what the one that is there adds to it. */
struct known {
	struct store_device	*row;
	bool			 flashed, custom_known;
	bool			 same;		/* there is nothing to write */
	bool			 foreign;	/* it had other firmware */
	char			*was;		/* that version */
	char			*copy[5];	/* for row to borrow from */
};

/* Of what both know nothing differs. */
static bool
same_firmware(const struct store_device *a, const struct store_device *b)
{
	return text_equal(a->port, b->port) &&
	    text_equal(a->board_id, b->board_id) &&
	    text_equal(a->variant, b->variant) &&
	    text_equal(a->version, b->version) &&
	    (a->build == -1 || b->build == -1 || a->build == b->build) &&
	    (a->commit == NULL || b->commit == NULL ||
	    text_equal(a->commit, b->commit));
}

static bool
same_row(const struct store_device *a, const struct store_device *b)
{
	return same_firmware(a, b) && text_equal(a->device_id, b->device_id) &&
	    a->build == b->build && a->custom == b->custom &&
	    text_equal(a->commit, b->commit) &&
	    text_equal(a->source, b->source) &&
	    text_equal(a->file_name, b->file_name) &&
	    text_equal(a->sha256, b->sha256) &&
	    text_equal(a->flashed_at, b->flashed_at);
}

static void
keep_value(const char **now, const char *before, char **copy)
{
	if (*now == NULL && before != NULL)
		*now = *copy = mem_str(before);
}

/* What nobody saw this time was seen when the row was written. */
static int
carry_over(const struct store_device *old, void *ctx)
{
	struct known *k = ctx;
	struct store_device *d = k->row;

	if (!k->flashed && same_firmware(old, d)) {
		keep_value(&d->flashed_at, old->flashed_at, &k->copy[0]);
		keep_value(&d->source, old->source, &k->copy[1]);
		keep_value(&d->file_name, old->file_name, &k->copy[2]);
		keep_value(&d->sha256, old->sha256, &k->copy[3]);
		keep_value(&d->commit, old->commit, &k->copy[4]);
		if (d->build == -1)
			d->build = old->build;
		if (!k->custom_known)
			d->custom = old->custom;
	}
	k->same = same_row(old, d);
	k->foreign = !k->flashed && old->version != NULL &&
	    !same_firmware(old, d);
	if (k->foreign)
		k->was = mem_str(old->version);
	return 0;
}

static struct store_device
device_row(const struct journal *j, const char *now)
{
	return (struct store_device){
		.uid = j->uid,
		.device_id = j->device_id,
		.port = j->port,
		.board_id = j->board_id,
		.variant = j->variant,
		.version = j->version,
		.build = j->build,
		.commit = j->commit,
		.custom = j->custom == 1,
		.source = j->source,
		.file_name = j->file_name,
		.sha256 = j->sha256,
		.flashed_at = j->flash_date,
		.recorded_at = now,
	};
}

static struct store_event
event_of(const struct journal *j, const struct journal_who *who,
    const char *now)
{
	return (struct store_event){
		.id = -1,
		.uid = j->uid,
		.device_id = j->device_id,
		.at = j->flashed && j->flash_date != NULL ? j->flash_date :
		    now,
		.what = j->flashed ? "flashed" : "recorded",
		.version = j->version,
		.sha256 = j->sha256,
		.host = j->host != NULL ? j->host : who->host,
		.user = who->user,
		.port = j->port,
		.board_id = j->board_id,
		.variant = j->variant,
		.version_before = j->version_before,
		.file_name = j->file_name,
		.method = j->method,
		.state = j->state,
		.attempts = j->attempts,
		.took_ms = j->flash_ms,
		.stages = who->stages[0] != '\0' ? who->stages : NULL,
	};
}

/*
 * The board runs what this host did not flash.  Its own file may tell that mpf
 * did so elsewhere; else it was another tool.
 */
static void
put_foreign(struct store_event *ev, const struct journal *j,
    const struct known *k)
{
	if (j->flashed || (!k->foreign && !j->stale))
		return;
	if (j->told) {
		ev->note = "flashed elsewhere, as its mpflash.toml says";
	} else {
		ev->what = "foreign";
		ev->note = j->stale ? "another tool flashed it: its "
		    "mpflash.toml names other firmware" : "another tool "
		    "flashed it: the database had other firmware";
	}
	if (ev->version_before == NULL)
		ev->version_before = k->was;
}

/* An event of a board that has no row, and whether the last one says it. */
struct told {
	const struct store_event	*ev;
	bool				 flashed, same;
};

static int
compare_event(const struct store_event *last, void *ctx)
{
	struct told *t = ctx;
	const struct store_event *ev = t->ev;

	if (t->flashed)
		t->same = text_equal(last->what, "flashed") &&
		    text_equal(last->at, ev->at) &&
		    text_equal(last->sha256, ev->sha256);
	else
		t->same = !text_equal(last->what, "failed") &&
		    (ev->sha256 == NULL ||
		    text_equal(last->sha256, ev->sha256));
	t->same = t->same && text_equal(last->version, ev->version);
	return 0;
}

/* As write_row, of a board that names no id: its place is all there is. */
static int
write_event(const struct journal *j, struct store *s, const char *now,
    struct err *e)
{
	struct journal_who who = journal_who(j->flash_ms, j->record_ms);
	const struct known nothing = { .row = NULL };
	struct store_event ev = event_of(j, &who, now);
	struct told t = { .ev = &ev, .flashed = j->flashed };

	put_foreign(&ev, j, &nothing);
	if (store_event_last(s, j->device_id, compare_event, &t, e) == -1)
		return -1;
	if (t.same)
		return 0;
	return store_event_add(s, &ev, e) == -1 ? -1 : 1;
}

/* 1: a row, and an event, were written; 0: all was there; -1. */
static int
write_row(const struct journal *j, struct store *s, const char *now,
    struct err *e)
{
	struct journal_who who = journal_who(j->flash_ms, j->record_ms);
	struct store_event ev = event_of(j, &who, now);
	struct store_device row = device_row(j, now);
	struct known k = { .row = &row, .flashed = j->flashed,
	    .custom_known = j->custom != -1 };
	int res = -1;

	if (store_device_find(s, j->uid, carry_over, &k, e) == -1)
		goto out;
	put_foreign(&ev, j, &k);
	if (k.same)
		res = 0;
	else if (store_device_put(s, &row, e) == 0 &&
	    store_event_add(s, &ev, e) == 0)
		res = 1;
out:
	free(k.was);
	for (size_t i = 0; i < 5; i++)
		free(k.copy[i]);
	return res;
}

int
journal_write_store(const struct journal *j, struct store *s,
    const char *now, bool *written, struct err *e)
{
	int res;

	*written = false;
	if (store_part_begin(s, e) == -1)
		return -1;
	res = j->uid != NULL ? write_row(j, s, now, e) :
	    write_event(j, s, now, e);
	if (store_part_end(s, res != -1, e) == -1)
		res = -1;
	*written = res == 1;
	return res == -1 ? -1 : 0;
}

bool
journal_failed(const struct record *rec)
{
	if (!record_failed(rec) || record_str(rec, "device.id") == NULL ||
	    record_true(rec, "flash.dry_run"))
		return false;
	return !text_equal(record_str(rec, "error.stage"), "record") ||
	    !text_equal(record_str(rec, "error.code"), "cancelled");
}

static const char *
either(const char *a, const char *b)
{
	return a != NULL ? a : b;
}

int
journal_write_failed(const struct record *rec, struct store *s,
    const char *now, struct err *e)
{
	const struct journal_who who = journal_who(record_int(rec,
	    "flash.took_ms"), record_int(rec, "record.took_ms"));
	const struct store_event ev = {
		.id = -1,
		.uid = record_str(rec, "board.uid"),
		.device_id = record_str(rec, "device.id"),
		.at = now,
		.what = "failed",
		.version = record_str(rec, "firmware.version"),
		.sha256 = record_str(rec, "image.sha256"),
		.error_code = record_str(rec, "error.code"),
		.error_message = record_str(rec, "error.message"),
		.stage = record_str(rec, "error.stage"),
		.host = either(record_str(rec, "device.host"), who.host),
		.user = who.user,
		.port = either(record_str(rec, "firmware.port"),
		    record_str(rec, "board.port")),
		.board_id = either(record_str(rec, "firmware.board_id"),
		    record_str(rec, "board.board_id")),
		.variant = either(record_str(rec, "firmware.variant"),
		    record_str(rec, "board.variant")),
		.version_before = either(
		    record_str(rec, "flash.version_before"),
		    record_str(rec, "board.version")),
		.file_name = record_str(rec, "firmware.file_name"),
		.method = record_str(rec, "flash.method"),
		.state = record_str(rec, "flash.state"),
		.attempts = record_int(rec, "flash.attempts"),
		.took_ms = record_int(rec, "flash.took_ms"),
		.stages = who.stages[0] != '\0' ? who.stages : NULL,
	};

	if (store_part_begin(s, e) == -1)
		return -1;
	return store_part_end(s, store_event_add(s, &ev, e) == 0, e);
}
