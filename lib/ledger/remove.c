/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/text.h"
#include "facts/version.h"
#include "ledger/stored.h"
#include "ledger/name.h"

/* What a word stands for, as copies: rows go while these stay. */
struct found {
	struct file_list	 files;
	char			*uid;		/* of the last board */
};

static int
collect_file(const struct store_file *f, void *ctx)
{
	struct found *found = ctx;

	return stored_collect(f, &found->files);
}

static int
take_uid(const struct store_device *d, void *ctx)
{
	struct found *found = ctx;

	free(found->uid);
	found->uid = mem_str(d->uid);
	return 0;
}

/* The history says that a row went, and with what. */
static int
note_removed(struct ledger *l, const struct file_copy *f, const char *uid,
    const char *why, struct err *e)
{
	struct store_event ev = STORE_EVENT_INIT;
	char now[CLOCK_TEXT];

	clock_text(clock_wall(), now);
	ev.at = now;
	ev.what = "removed";
	ev.uid = uid;
	ev.note = why;
	if (f != NULL) {
		ev.file_name = f->file;
		ev.port = f->port;
		ev.board_id = f->board_id;
		ev.variant = f->variant;
		ev.version = f->version;
		ev.sha256 = f->sha256;
	}
	return store_event_add(l->store, &ev, e);
}

/*
 * A row, and its file before it: a kill between them leaves a row without a
 * file, which prune finds.
 */
static int
remove_copy(struct ledger *l, const struct file_copy *f, bool unlink_it,
    const char *why, struct err *e)
{
	if (l->dry_run)
		return 0;
	if (unlink_it && stored_unlink(l->store, f->file, e) == -1)
		return -1;
	if (store_begin(l->store, e) == -1)
		return -1;
	if (store_file_remove(l->store, f->file, e) == -1 ||
	    note_removed(l, f, NULL, why, e) == -1) {
		store_rollback(l->store);
		return -1;
	}
	return store_commit(l->store, e);
}

static int
remove_device(struct ledger *l, const char *uid, struct err *e)
{
	if (l->dry_run)
		return 0;
	if (store_begin(l->store, e) == -1)
		return -1;
	if (store_device_remove(l->store, uid, e) == -1 ||
	    note_removed(l, NULL, uid, "the board's row, by hand", e) == -1) {
		store_rollback(l->store);
		return -1;
	}
	return store_commit(l->store, e);
}

static int
tell_removed(struct ledger *l, struct record *rec, const char *why)
{
	record_put_str(rec, "database.state", "removed");
	record_put_str(rec, "database.reason", why);
	return l->tell(rec, NULL, l->ctx);
}

/* Its record is made first: afterwards nothing is known of it. */
static int
remove_and_tell(struct ledger *l, const struct file_copy *c, bool unlink_it,
    const char *why, struct err *e)
{
	const struct store_file f = stored_row(c);
	struct record *rec = ledger_file_record(l->store, &f);

	if (remove_copy(l, c, unlink_it, why, e) == -1) {
		record_free(rec);
		return -1;
	}
	return tell_removed(l, rec, why) != 0 ? 1 : 0;
}

static int
remove_found(struct ledger *l, const struct found *found, bool unlink_it,
    struct err *e)
{
	struct record *rec;

	if (found->files.n == 1)
		return remove_and_tell(l, &found->files.v[0], unlink_it,
		    "by hand", e) == -1 ? -1 : 0;
	if (remove_device(l, found->uid, e) == -1)
		return -1;
	rec = record_new();
	record_put_str(rec, "database.kind", "board");
	record_put_str(rec, "board.uid", found->uid);
	tell_removed(l, rec, "by hand");
	return 0;
}

int
ledger_remove(struct ledger *l, const char *name, bool files, struct err *e)
{
	struct found found = { .uid = NULL };
	struct name_use u = { .name = name, .file = collect_file,
	    .device = take_uid, .ctx = &found };
	int r = name_use(l->store, &u, e);

	if (r == 0 && u.found == 0)
		r = name_unknown(name, e);
	if (r == 0 && u.found > 1) {
		err_set(e, ERR_AMBIGUOUS, "%.200s: stands for %zu entries",
		    name, u.found);
		r = err_hint(e, "mpf-db show %.80s lists them: give a file, "
		    "a digest or the id of a board", name);
	}
	if (r == 0)
		r = remove_found(l, &found, files, e);
	stored_release(&found.files);
	free(found.uid);
	return r;
}

/* --- prune --- */

static int
compare_version(const struct file_copy *a, const struct file_copy *b)
{
	struct version x, y;
	int r;

	if (a->version == NULL || b->version == NULL ||
	    !version_parse(a->version, &x) || !version_parse(b->version, &y))
		return text_compare(a->version, b->version);
	r = version_compare(&x, &y);
	return r != 0 ? r : (a->build > b->build) - (a->build < b->build);
}

static bool
same_board_copies(const struct file_copy *a, const struct file_copy *b)
{
	return text_compare(a->port, b->port) == 0 &&
	    text_compare(a->board_id, b->board_id) == 0 &&
	    text_compare(a->variant, b->variant) == 0;
}

/* By board, and of one board the newest first. */
static int
compare_copies(const void *a, const void *b)
{
	const struct file_copy *x = a, *y = b;
	int r = text_compare(x->port, y->port);

	if (r == 0)
		r = text_compare(x->board_id, y->board_id);
	if (r == 0)
		r = text_compare(x->variant, y->variant);
	return r != 0 ? r : compare_version(y, x);
}

static int
stop_at_first(const struct store_device *d, void *ctx)
{
	(void)d;
	*(bool *)ctx = true;
	return 1;
}

static int
is_used(struct ledger *l, const struct file_copy *f, bool *used,
    struct err *e)
{
	*used = false;
	return f->sha256 == NULL ? 0 : store_devices_by_sha256(l->store,
	    f->sha256, stop_at_first, used, e);
}

/* n: how many newer versions of the board there are. */
static int
prune_one(struct ledger *l, const struct file_copy *f, int64_t keep,
    int64_t n, struct err *e)
{
	bool used;

	if (stored_look(l->store, f->file) == FILE_GONE)
		return remove_and_tell(l, f, false, "its file is gone",
		    e);
	if (keep == -1 || n < keep || f->custom)
		return 0;
	if (is_used(l, f, &used, e) == -1)
		return -1;
	return used ? 0 : remove_and_tell(l, f, true, "newer ones are kept",
	    e);
}

int
ledger_prune(struct ledger *l, int64_t keep, struct err *e)
{
	struct file_list all = { NULL, 0 };
	int64_t newer = 0;
	int r = store_files(l->store, NULL, NULL, NULL, stored_collect, &all,
	    e);

	if (all.n > 0)
		qsort(all.v, all.n, sizeof(*all.v), compare_copies);
	for (size_t i = 0; r == 0 && i < all.n; i++) {
		if (i == 0 || !same_board_copies(&all.v[i - 1], &all.v[i]))
			newer = 0;
		else if (compare_version(&all.v[i - 1], &all.v[i]) != 0)
			newer++;
		r = prune_one(l, &all.v[i], keep, newer, e);
		if (l->progress != NULL)
			l->progress("prune", (int64_t)i + 1, (int64_t)all.n,
			    "files", l->ctx);
	}
	stored_release(&all);
	return r == -1 ? -1 : 0;
}
