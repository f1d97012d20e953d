/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/mem.h"
#include "base/text.h"
#include "ledger/stored.h"
#include "model/codec.h"
#include "store/history.h"

static void
tell_state(struct record *rec, const char *state, const char *reason)
{
	record_put_str(rec, "database.state", state);
	if (reason != NULL)
		record_put_str(rec, "database.reason", reason);
}

/* --- firmware --- */

struct there {
	const struct store_file	*f;
	bool			 found, same;
};

static int
compare_file_row(const struct store_file *old, void *ctx)
{
	struct there *t = ctx;

	t->found = true;
	t->same = text_alike(old->board_id, t->f->board_id) &&
	    text_alike(old->variant, t->f->variant) &&
	    text_alike(old->version, t->f->version) &&
	    text_agrees(old->sha256, t->f->sha256);
	return 0;
}

static int
put_import_file(struct ledger *l, const struct store_file *f,
    const struct firmware *fw, struct err *e)
{
	const struct image im = IMAGE_INIT;

	if (l->dry_run)
		return 0;
	if (store_file_put(l->store, f, e) == -1)
		return -1;
	return f->custom && f->sha256 != NULL ? store_custom_put(l->store,
	    f->file, fw, &im, e) : 0;
}

static int
import_file(struct ledger *l, struct record *rec, struct err *e)
{
	struct firmware fw;
	struct store_file f = { .build = -1 };
	struct there t = { .f = &f };

	f.file = record_str(rec, "database.file");
	if (firmware_get(rec, &fw, e) == -1)
		return -1;
	if (f.file == NULL || fw.board_id == NULL || fw.version == NULL)
		return err_set(e, ERR_INPUT, "firmware without file, board "
		    "or version");
	if (f.file[0] == '/' || !stored_below(f.file))
		return err_set(e, ERR_INPUT, "%.200s: leads out of the "
		    "firmware folder", f.file);
	f.port = fw.port;
	f.board_id = fw.board_id;
	f.variant = fw.variant;
	f.version = fw.version;
	f.build = fw.build;
	f.commit = fw.commit;
	f.source = fw.source;
	f.sha256 = fw.sha256;
	f.size_bytes = record_int(rec, "database.size_bytes");
	f.custom = fw.custom == 1;
	f.description = fw.description;
	if (store_file_find(l->store, f.file, compare_file_row, &t, e) == -1)
		return -1;
	if (t.found) {
		tell_state(rec, t.same ? "unchanged" : "conflict", t.same ?
		    NULL : "the database has another file of that name, "
		    "which is kept");
		return 0;
	}
	tell_state(rec, "imported", NULL);
	return put_import_file(l, &f, &fw, e);
}

/* --- boards --- */

struct known {
	struct store_device	*d;	/* the one that comes */
	bool			 found, same, newer;
	char			*copy[5];
};

static void
fill(const char **now, const char *before, char **copy)
{
	if (*now == NULL && before != NULL)
		*now = *copy = mem_str(before);
}

static int
compare_device(const struct store_device *old, void *ctx)
{
	struct known *k = ctx;
	struct store_device *d = k->d;

	k->found = true;
	k->same = text_agrees(old->port, d->port) &&
	    text_alike(old->board_id, d->board_id) &&
	    text_alike(old->variant, d->variant) &&
	    text_alike(old->version, d->version) &&
	    (old->build == -1 || d->build == -1 || old->build == d->build) &&
	    text_agrees(old->commit, d->commit) &&
	    text_agrees(old->sha256, d->sha256);
	if (!k->same)
		return 0;
	k->newer = (old->sha256 == NULL && d->sha256 != NULL) ||
	    (old->source == NULL && d->source != NULL) ||
	    (old->commit == NULL && d->commit != NULL) ||
	    (old->flashed_at == NULL && d->flashed_at != NULL);
	fill(&d->sha256, old->sha256, &k->copy[0]);
	fill(&d->source, old->source, &k->copy[1]);
	fill(&d->commit, old->commit, &k->copy[2]);
	fill(&d->flashed_at, old->flashed_at, &k->copy[3]);
	fill(&d->file_name, old->file_name, &k->copy[4]);
	return 0;
}

/* The row changed, so the file on the board does not say it yet. */
static int
put_import_device(struct ledger *l, const struct store_device *d, bool queue,
    struct err *e)
{
	char now[CLOCK_TEXT];

	if (l->dry_run)
		return 0;
	clock_text(clock_wall(), now);
	if (store_device_put(l->store, d, e) == -1)
		return -1;
	return queue ? store_queue_put(l->store, d->uid, now,
	    "its row was imported", e) : 0;
}

static int
import_known(struct ledger *l, struct record *rec, struct known *k,
    struct err *e)
{
	char now[CLOCK_TEXT];

	if (k->same) {
		tell_state(rec, k->newer ? "imported" : "unchanged", NULL);
		return k->newer ? put_import_device(l, k->d, true, e) : 0;
	}
	clock_text(clock_wall(), now);
	tell_state(rec, "conflict", "the database has other firmware for the "
	    "board; what the board runs decides when it is seen next");
	return l->dry_run ? 0 : store_queue_put(l->store, k->d->uid, now,
	    "an import says otherwise", e);
}

static int
import_device(struct ledger *l, struct record *rec, struct err *e)
{
	struct store_device d = { .build = -1 };
	struct known k = { .d = &d };
	struct firmware fw;
	struct board b;
	int r = -1;

	if (board_get(rec, &b, e) == -1 || firmware_get(rec, &fw, e) == -1)
		return -1;
	if (b.uid == NULL)
		return err_set(e, ERR_INPUT, "a board without an id");
	d.uid = b.uid;
	d.device_id = record_str(rec, "database.place");
	d.port = b.port;
	d.board_id = b.board_id;
	d.variant = b.variant;
	d.version = b.version;
	d.build = b.build;
	d.commit = b.commit;
	d.custom = fw.custom == 1;
	d.source = fw.source;
	d.file_name = fw.file_name;
	d.sha256 = fw.sha256;
	d.flashed_at = record_str(rec, "database.flashed_at");
	d.recorded_at = record_str(rec, "database.recorded_at");
	if (store_device_find(l->store, d.uid, compare_device, &k, e) == -1)
		goto out;
	if (k.found) {
		r = import_known(l, rec, &k, e);
	} else {
		tell_state(rec, "imported", NULL);
		r = put_import_device(l, &d, false, e);
		if (r == 0 && !l->dry_run)
			r = store_device_toml(l->store, d.uid,
			    record_str(rec, "database.toml_text"),
			    record_str(rec, "database.toml"),
			    record_str(rec, "database.toml_reason"), e);
	}
out:
	for (size_t i = 0; i < 5; i++)
		free(k.copy[i]);
	return r;
}

/* --- events --- */

static int
import_event(struct ledger *l, struct record *rec, struct err *e)
{
	struct store_event ev = STORE_EVENT_INIT;
	struct buf stages = BUF_INIT;
	int r = -1;

	record_text(rec, "event.stages", &stages);
	ev.uid = record_str(rec, "event.uid");
	ev.device_id = record_str(rec, "event.place");
	ev.at = record_str(rec, "event.at");
	ev.what = record_str(rec, "event.what");
	ev.version = record_str(rec, "event.version");
	ev.sha256 = record_str(rec, "event.sha256");
	ev.error_code = record_str(rec, "event.error_code");
	ev.error_message = record_str(rec, "event.error_message");
	ev.stage = record_str(rec, "event.stage");
	ev.host = record_str(rec, "event.host");
	ev.user = record_str(rec, "event.user");
	ev.port = record_str(rec, "event.port");
	ev.board_id = record_str(rec, "event.board_id");
	ev.variant = record_str(rec, "event.variant");
	ev.version_before = record_str(rec, "event.version_before");
	ev.file_name = record_str(rec, "event.file_name");
	ev.method = record_str(rec, "event.method");
	ev.state = record_str(rec, "event.state");
	ev.attempts = record_int(rec, "event.attempts");
	ev.took_ms = record_int(rec, "event.took_ms");
	ev.stages = stages.len > 0 ? stages.data : NULL;
	ev.note = record_str(rec, "event.note");
	if (ev.at == NULL || ev.what == NULL)
		err_set(e, ERR_INPUT, "an event without at or what");
	else
		r = store_event_known(l->store, &ev, e);
	if (r == 0) {
		tell_state(rec, "imported", NULL);
		r = l->dry_run ? 0 : store_event_add(l->store, &ev, e);
	} else if (r == 1) {
		tell_state(rec, "unchanged", NULL);
		r = 0;
	}
	buf_release(&stages);
	return r;
}

bool
ledger_imports(const struct record *rec)
{
	const char *kind = record_str(rec, "database.kind");

	return kind != NULL && (strcmp(kind, "firmware") == 0 ||
	    strcmp(kind, "board") == 0 || strcmp(kind, "event") == 0);
}

int
ledger_import(struct ledger *l, struct record *rec, struct err *e)
{
	const char *kind = record_str(rec, "database.kind");
	int r;

	if (!l->dry_run && store_part_begin(l->store, e) == -1)
		return -1;
	if (strcmp(kind, "firmware") == 0)
		r = import_file(l, rec, e);
	else if (strcmp(kind, "board") == 0)
		r = import_device(l, rec, e);
	else
		r = import_event(l, rec, e);
	return l->dry_run ? r : store_part_end(l->store, r == 0, e);
}

int
ledger_export(struct ledger *l, struct err *e)
{
	const struct ledger_filter all = { .limit = -1 };

	return ledger_firmware(l, &all, e) == 0 &&
	    ledger_boards(l, &all, e) == 0 ?
	    ledger_history(l, NULL, &all, e) : -1;
}
