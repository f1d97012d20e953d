/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE		/* RTLD_NEXT */
#include "store/store.h"

#include "store-fault.h"

/*
 * Each call of SQLite that opening makes fails once, and so does each call
 * that makes a backup last.
 */

/* One of each that put_rows() put there. */
static int
rows_of(struct store *s)
{
	struct err e = ERR_INIT;
	int n = 0;

	OK(store_files(s, NULL, NULL, NULL, count_file, &n, &e) == 0);
	return n + store_page_find(s, "B", any_page, NULL, &e) +
	    store_device_find(s, "e6", any_device, NULL, &e) +
	    store_event_last(s, "h/usb/1-1", any_event, NULL, &e);
}

/* As it was before: without a database, with this one, or with old facts. */
static void
begin_anew(const char *folder, const char *sql)
{
	static const char *const names[] = { "", "-wal", "-shm", ".v0.bak" };
	char path[256];
	sqlite3 *db;

	for (size_t i = 0; i < N(names) && strcmp(sql, "old facts") != 0; i++) {
		snprintf(path, sizeof(path), "%s/mpflash.db%s", folder,
		    names[i]);
		unlink(path);
	}
	snprintf(path, sizeof(path), "%s/mpflash.db", folder);
	if (strcmp(sql, "nothing") == 0)
		return;
	if (strcmp(sql, "old facts") == 0)
		sql = "DELETE FROM boards; DELETE FROM mpf_meta; INSERT INTO "
		    "mpf_meta VALUES ('facts_tip', 'v1.0')";
	if (sqlite3_open(path, &db) != SQLITE_OK ||
	    sqlite3_exec(db, sql, NULL, NULL, NULL) != SQLITE_OK)
		printf("# %s\n", sqlite3_errmsg(db));
	sqlite3_close(db);
}

/*
 * How many tables, indexes, triggers, views and indexes of words there are; -1
 * unless the facts are there, with what they are.
 */
#define MADE	"SELECT iif((SELECT count(*) FROM mpf_meta WHERE name IN " \
		"('facts_tip', 'facts_looks', 'facts_sha256')) = 3 AND " \
		"(SELECT count(*) FROM boards WHERE board_id = 'B') = 2, " \
		"(SELECT count(*) FROM sqlite_schema) * 100 + " \
		"(SELECT count(*) FROM mpf_find), -1)"

/*
 * How often the call of that name can fail while the folder is opened.  It is
 * opened with all its rows, or not at all.  was: what it is each time; NULL:
 * what the time before left.
 */
static int
check_opening(const char *folder, enum store_mode mode, const char *call,
    int rows, const char *was)
{
	struct store *s = NULL;
	struct err e = ERR_INIT;
	int64_t made = -1, least = INT64_MAX;
	int n = 0, bad = 0, r, found;
	bool again = true;

	while (again && n++ < 1000) {
		s = NULL;
		e = (struct err)ERR_INIT;
		if (was != NULL)
			begin_anew(folder, was);
		fault_at(call, n, EIO);
		r = store_open(folder, mode, &s, &e);
		again = fault_hit;
		fault_at(NULL, 0, 0);
		if (r == 0 && ((found = rows_of(s)) != rows ||
		    boards_of(s, "X with Y") != 1)) {
			printf("# %s: %d: %d rows\n", folder, n, found);
			bad++;
		}
		if (r == 0 && mode == STORE_WRITE) {
			made = number(folder, MADE);
			least = made < least ? made : least;
			bad += made == -1;
		}
		bad += r == -1 && (!again || e.msg[0] == '\0');
		if (r == 0)
			store_close(s);
		if (again && mode == STORE_WRITE)
			bad += exists(folder, "mpflash.db.lock") &&
			    !lock_is_free(folder);
	}
	OK(bad == 0);
	/* The last time nothing failed. */
	OK(mode == STORE_READ || least == made);
	return n - 1;
}

/* A backup that cannot be made to last: nothing is changed, nothing is left. */
static void
check_backup(void)
{
	static const char *const calls[] = { "fsync", "rename" };
	const char *folder = folder_with("unsafe", peewee);
	struct store *s = NULL;
	struct err e;

	/* One that was killed left its half. */
	OK(file_write(in_tmp("unsafe/mpflash.db.v0.bak.part"), "half", 4, 0600,
	    &e) == 0);
	for (size_t i = 0; i < N(calls); i++) {
		e = (struct err)ERR_INIT;
		fault_at(calls[i], 1, EDQUOT);
		OK(store_open(folder, STORE_WRITE, &s, &e) == -1 && fault_hit);
		OK(e.code == ERR_SPACE && strstr(e.msg, "backup") != NULL);
		OK(!exists(folder, "mpflash.db.v0.bak.part"));
		OK(!exists(folder, "mpflash.db.v0.bak"));
		OK(number(folder, "PRAGMA user_version") == 0);
	}
}

static const char *contended;	/* a folder that another one opens first */

int
flock(int fd, int how)
{
	const char *folder = contended;
	struct store *s = NULL;
	struct err e = ERR_INIT;

	contended = NULL;
	if (folder != NULL && store_open(folder, STORE_WRITE, &s, &e) == 0)
		store_close(s);
	return FAULT_REAL(flock)(fd, how);
}

/* Another process migrates it just before we get the lock: not done twice. */
static void
check_contended(void)
{
	const char *folder = folder_with("wanted", peewee);
	struct store *s = NULL;
	struct err e = ERR_INIT;

	contended = folder;
	OK(store_open(folder, STORE_WRITE, &s, &e) == 0);
	OK(contended == NULL);
	store_close(s);
	OK(exists(folder, "mpflash.db.v0.bak"));
	OK(!exists(folder, "mpflash.db.v0.1.bak"));
	OK(!exists(folder, "mpflash.db.v2.bak"));
}

int
main(void)
{
	const char *all, *theirs;
	struct store *s = NULL;
	struct err e = ERR_INIT;

	begin_in_tmp();
	small_share("v1.29.0-preview-7-gabcdef0");
	all = in_tmp("all");
	OK(store_open(all, STORE_WRITE, &s, &e) == 0);
	put_rows(s);
	store_close(s);
	theirs = folder_with("theirs", peewee);
	OK(check_opening(in_tmp("new"), STORE_WRITE, NULL, 0, "nothing") > 30);
	OK(check_opening(theirs, STORE_READ, NULL, 1, NULL) > 5);
	OK(check_opening(theirs, STORE_WRITE, NULL, 1, peewee) > 30);
	OK(check_opening(all, STORE_WRITE, NULL, 4, "old facts") > 10);
	/* With a row that only the log of another process holds. */
	OK(store_open(all, STORE_WRITE, &s, &e) == 0);
	OK(store_begin(s, &e) == 0 && put_file(s, "B", "rp2/new", &e) == 0 &&
	    store_commit(s, &e) == 0);
	OK(check_opening(all, STORE_READ, NULL, 5, NULL) > 1);
	store_close(s);
	check_backup();
	check_contended();
	small_share("v1.29.0-preview-8-gabcdef0");
	OK(check_opening(all, STORE_READ, NULL, 5, NULL) > 1);
	OK(number(all, "SELECT count(*) FROM mpf_meta WHERE name = "
	    "'facts_tip' AND value LIKE '%-7-%'") == 1);
	OK(check_opening(all, STORE_WRITE, NULL, 5, NULL) > 1);
	return tap_done();
}
