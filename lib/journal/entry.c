/* SPDX-License-Identifier: MIT */
#include "journal/journal.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "journal/said.h"

/* The nouns of one record. */
struct nouns {
	struct device	device;
	struct board	board;
	struct firmware	firmware;
	struct image	image;
	struct result	result;
};

static const char *
first(const char *a, const char *b)
{
	return a != NULL ? a : b;
}

static int
nouns_get(const struct record *rec, struct nouns *n, struct err *e)
{
	*n = (struct nouns){ DEVICE_INIT, BOARD_INIT, FIRMWARE_INIT,
	    IMAGE_INIT, RESULT_INIT };
	if (device_get(rec, &n->device, e) == -1 ||
	    board_get(rec, &n->board, e) == -1 ||
	    firmware_get(rec, &n->firmware, e) == -1 ||
	    (record_has(rec, "image") &&
	    image_get(rec, &n->image, e) == -1) ||
	    result_get(rec, &n->result, e) == -1)
		return -1;
	return 0;
}

/*
 * Has flash written it, and has the board then answered as planned?  Only so
 * does it run the bytes whose digest is written down.
 */
static bool
is_proven(const struct nouns *n)
{
	const struct result *r = &n->result;
	/* Of custom firmware, and under --force, the image's word counts. */
	const char *chosen = n->firmware.custom == 1 || r->forced[0] != NULL ?
	    NULL : n->firmware.version;
	const char *image = n->image.version;

	if (!text_same(r->state, "running") ||
	    !text_same(r->version_after, n->board.version) ||
	    (chosen != NULL && !text_same(r->version_after, chosen)) ||
	    (image != NULL && !text_same(r->version_after, image)))
		return false;
	for (size_t i = 0; r->verified[i] != NULL; i++)
		if (strcmp(r->verified[i], "boot") == 0)
			return true;
	return false;
}

/* Does the record say at all that flash has worked on it? */
static bool
says_flashed(const struct result *r)
{
	return r->at != NULL || r->method != NULL || r->state != NULL ||
	    r->version_after != NULL || r->verified[0] != NULL;
}

/*
 * Is it a board that answers, with something to say of it?  One that is
 * skipped because it runs the choice has that choice; one that the user kept
 * out by a filter has none, and is not to be touched.
 */
static bool
is_worth_it(const struct record *rec, const struct nouns *n)
{
	if (n->result.dry_run == 1 || record_failed(rec) ||
	    !text_same(n->device.mode, "repl") ||
	    (n->board.family != NULL &&
	    !text_same(n->board.family, "micropython")))
		return false;
	return says_flashed(&n->result) ||
	    (text_same(n->firmware.action, "skip") &&
	    n->firmware.board_id != NULL);
}

/*
 * Which board it is.  What was flashed and verified is sure; the board's own
 * word may come from the very file that is to be written.  Of a board that
 * was skipped there is nothing but its word.
 */
static void
fill_name(struct journal *j, const struct nouns *n)
{
	const struct board *b = &n->board;
	const struct firmware *f = &n->firmware;

	if (j->flashed && f->board_id != NULL) {
		j->board_id = f->board_id;
		j->variant = f->variant;
		return;
	}
	j->board_id = first(b->board_id, f->board_id);
	j->variant = b->variant;
	if (j->variant == NULL && text_same(j->board_id, f->board_id))
		j->variant = f->variant;
}

/* Which firmware it is. */
static void
fill_firmware(struct journal *j, const struct nouns *n)
{
	const struct board *b = &n->board;
	const struct firmware *f = &n->firmware;
	const struct image *i = &n->image;

	fill_name(j, n);
	j->port = first(b->port, f->port);
	j->version = b->version;
	j->description = b->description;
	j->custom = f->custom;
	j->build = b->build;
	j->commit = b->commit;
	if (j->flashed && text_same(j->version, i->version)) {
		if (j->build == -1)
			j->build = i->build;
		j->commit = first(j->commit, i->commit);
		j->description = first(j->description, i->board);
	}
}

/* Where it came from: seen now, or else as the board's file says. */
static void
fill_source(struct journal *j, const struct nouns *n,
    const struct record *rec)
{
	const struct firmware *f = &n->firmware;

	if (j->flashed) {
		j->flash_date = n->result.at;
		j->source = f->source;
		j->file_name = first(f->file_name,
		    text_base_name(n->image.path));
		j->sha256 = n->image.sha256;
		j->about = *f;
		return;
	}
	j->told = said_take(j, rec);
	if (j->told)
		return;
	if (text_same(j->version, f->version) &&
	    text_same(j->board_id, f->board_id) &&
	    (j->build == -1 || f->build == -1 || j->build == f->build)) {
		j->source = f->source;
		j->file_name = f->file_name;
	}
}

/* How it went, for the history. */
static void
put_how(struct journal *j, const struct nouns *n, const struct record *rec)
{
	struct err ignored = ERR_INIT;

	j->host = n->device.host;
	j->version_before = n->result.version_before;
	j->method = n->result.method;
	j->state = n->result.state;
	j->attempts = n->result.attempts;
	j->flash_ms = n->result.took_ms;
	if (record_opt_int(rec, "record.took_ms", &j->record_ms,
	    &ignored) == -1)
		j->record_ms = -1;
}

int
journal_read(const struct record *rec, struct journal *out, struct err *e)
{
	struct journal j = JOURNAL_INIT;
	char why[JOURNAL_WHY];
	struct nouns n;

	if (nouns_get(rec, &n, e) == -1)
		return -1;
	if (!is_worth_it(rec, &n))
		return 0;
	j.device_id = n.device.id;
	j.usb_path = n.device.usb_path;
	j.serial_port = n.device.serial_port;
	j.lines = n.device.lines;
	j.uid = n.board.uid;
	j.flashed = says_flashed(&n.result);
	if (j.flashed && !is_proven(&n)) {
		err_set(e, ERR_INPUT, "%s: flashed, but the record does not "
		    "say that the board runs it: flash.state, flash.verified "
		    "and flash.version_after", j.device_id);
		return err_todo(e, NEXT_DETECT_AGAIN, "run mpf-detect again");
	}
	fill_firmware(&j, &n);
	if (j.port == NULL || j.board_id == NULL || j.version == NULL) {
		if (!j.flashed)
			return 0;	/* skipped, and we can not name it */
		return err_set(e, ERR_INPUT, "%s: flashed, but the record "
		    "does not say with what: port, board_id or version is "
		    "missing", j.device_id);
	}
	fill_source(&j, &n, rec);
	put_how(&j, &n, rec);
	j.stale = journal_stale(rec, why);
	*out = j;
	return 1;
}

void
journal_name(const struct journal *j, char out[JOURNAL_NAME])
{
	snprintf(out, JOURNAL_NAME, "%s%s%s", j->board_id,
	    j->variant != NULL ? "-" : "",
	    j->variant != NULL ? j->variant : "");
}
