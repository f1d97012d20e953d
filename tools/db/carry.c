/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/mem.h"
#include "db/db.h"
#include "journal/device.h"
#include "journal/sync.h"

/* carry: into the database, out of it, and to and from boards. */

/* --- export --- */

int
db_export(struct db *db, struct err *e)
{
	return db->toml == NULL ? ledger_export(&db->l, e) :
	    db_export_tree(db, e);
}

/* --- import --- */

/* Before the records leave: many of them at once. */
void
db_commit(void *p)
{
	struct db *db = p;
	struct err e = ERR_INIT;

	if (db->group && store_commit(db->l.store, &e) == -1)
		for (size_t i = 0; i < db->n_unsure; i++)
			record_fail(db->unsure[i], "db", &e);
	db->group = false;
	db->n_unsure = 0;
}

bool
db_imports(const struct record *rec)
{
	return ledger_imports(rec);
}

int
db_import(struct db *db, struct record *rec, struct err *e)
{
	if (!db->l.dry_run && !db->group &&
	    store_begin(db->l.store, e) == -1)
		return -1;
	db->group = !db->l.dry_run;
	if (db->group) {
		db->unsure = mem_grow(db->unsure, db->n_unsure + 1,
		    sizeof(*db->unsure));
		db->unsure[db->n_unsure++] = rec;
	}
	return ledger_import(&db->l, rec, e);
}

/* --- migrate --- */

static int
count_untold(const struct store_device *d, void *ctx)
{
	struct db *db = ctx;
	char *text = d->toml == NULL ? device_toml(db->l.store, d) : NULL;

	if (text != NULL) {
		db->uids = mem_grow(db->uids, db->n_uids + 2,
		    sizeof(*db->uids));
		db->uids[db->n_uids++] = mem_str(d->uid);
		db->uids[db->n_uids++] = text;
	}
	return 0;
}

/* Boards that were recorded before their files were kept here. */
static int
make_tomls(struct db *db, struct err *e)
{
	char now[CLOCK_TEXT];
	int r = store_devices(db->l.store, NULL, NULL, count_untold, db, e);

	if (r == -1 || db->n_uids == 0 || db->l.dry_run)
		return r;
	clock_text(clock_wall(), now);
	r = store_begin(db->l.store, e);
	for (size_t i = 0; r == 0 && i < db->n_uids; i += 2)
		if (store_device_toml(db->l.store, db->uids[i],
		    db->uids[i + 1], "queued", "made from its row", e) == -1 ||
		    store_queue_put(db->l.store, db->uids[i], now,
		    "its mpflash.toml was made from its row", e) == -1)
			r = -1;
	if (r == 0)
		return store_commit(db->l.store, e);
	store_rollback(db->l.store);
	return -1;
}

int
db_migrate(struct db *db, struct err *e)
{
	const int64_t was = store_found(db->l.store);
	struct record *rec = record_new();
	char *reason = mem_printf("tables of version %lld, from %lld",
	    (long long)store_version(), (long long)was);
	int r;

	record_put_str(rec, "database.kind", "database");
	record_put_str(rec, "database.state", was == store_version() ?
	    "current" : "migrated");
	record_put_str(rec, "database.reason", reason);
	free(reason);
	r = ledger_legacy(&db->l, e);
	if (r == 0)
		r = make_tomls(db, e);
	record_put_int(rec, "database.rows", (int64_t)db->n_uids / 2);
	db->l.tell(rec, NULL, db->l.ctx);
	for (size_t i = 0; i < db->n_uids; i++)
		free(db->uids[i]);
	free(db->uids);
	return r;
}

/* --- sync --- */

bool
db_syncs(const struct record *rec)
{
	return record_has(rec, "device.id") && record_has(rec, "board");
}

int
db_sync(struct db *db, struct record *rec, struct err *e)
{
	struct journal_synced done;
	const int r = journal_sync(rec, db->l.store, tool_sysroot(),
	    clock_ms() + db->timeout_ms, db->l.dry_run, &done, e);

	if (r == -1)
		return -1;
	record_put_str(rec, "database.kind", "board");
	if (r == 0) {
		record_put_str(rec, "database.state", "unknown");
		record_put_str(rec, "database.reason",
		    "it is not known which board it is, or what it runs");
		return 0;
	}
	record_put_str(rec, "database.state", done.conflict ? "conflict" :
	    done.row || strcmp(done.toml, "written") == 0 ? "synced" :
	    strcmp(done.toml, "queued") == 0 ? "queued" : "unchanged");
	if (done.why[0] != '\0')
		record_put_str(rec, "database.reason", done.why);
	record_put_str(rec, "record.toml", done.toml);
	if (!db->l.dry_run)
		record_put_str(rec, "record.database", done.row ? "written" :
		    "unchanged");
	return 0;
}

/* What was not seen waits. */
int
db_sync_rest(struct db *db, struct err *e)
{
	const struct ledger_filter f = { .limit = -1 };

	return ledger_queue(&db->l, &f, e);
}
