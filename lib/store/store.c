/* SPDX-License-Identifier: MIT */
#include "store/db.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/mem.h"

#define LOCK_WAIT_MS	10000

static struct store *
new_store(const char *dir, enum store_mode mode)
{
	struct store *s = mem_alloc(sizeof(*s));

	s->dir = mem_str(dir);
	s->path = mem_printf("%s/mpflash.db", dir);
	s->lock = (struct lock)LOCK_INIT;
	s->mode = mode;
	return s;
}

static void
disconnect(struct store *s)
{
	db_forget(s);
	sqlite3_close(s->db);
	s->db = NULL;
}

/*
 * Opens the file at name.  SQLite takes what may only be read for read-only
 * by itself.
 */
static int
connect_as(struct store *s, const char *name, int flags, struct err *e)
{
	int r = 0;

	if (sqlite3_open_v2(name, &s->db, flags | SQLITE_OPEN_NOMUTEX |
	    SQLITE_OPEN_EXRESCODE, NULL) != SQLITE_OK ||
	    sqlite3_busy_timeout(s->db, LOCK_WAIT_MS) != SQLITE_OK)
		r = db_fail(s, e);
	if (r == 0)
		r = db_exec(s, "PRAGMA foreign_keys = ON;"
		    "PRAGMA trusted_schema = OFF;"
		    "SELECT count(*) FROM sqlite_schema", e);
	/* A writer needs few temporary bytes; a reader may sort millions. */
	if (r == 0 && s->mode == STORE_WRITE)
		r = db_exec(s, "PRAGMA temp_store = MEMORY", e);
	if (r == -1)
		disconnect(s);
	return r;
}

/*
 * A database in WAL mode cannot be read where its index cannot be made
 * beside it, unless SQLite is told that nobody will write: "immutable".
 */
static int
connect_file(struct store *s, struct err *e)
{
	const int flags = SQLITE_OPEN_READWRITE |
	    (s->mode == STORE_WRITE ? SQLITE_OPEN_CREATE : 0);
	char *uri;
	int r;

	if (db_check_kinds(s->path, e) == -1)
		return -1;
	if (connect_as(s, s->path, flags, e) == 0)
		return 0;
	if (access(s->dir, W_OK) == 0 || e->code == ERR_INPUT)
		return -1;
	uri = db_immutable_uri(s->path);
	r = connect_as(s, uri, SQLITE_OPEN_READONLY | SQLITE_OPEN_URI, e);
	free(uri);
	return r;
}

/* Facts that the share folder has and the database has not, for this run. */
static int
borrow_facts(struct store *s, struct err *e)
{
	const int wanted = load_wanted(s, e);

	if (wanted != 1)
		return wanted;
	if (schema_hide_facts(s, e) == -1)
		return -1;
	return load_facts(s, false, e);
}

/* From here on s reads a copy in memory, which can be changed. */
static int
read_copy(struct store *s, struct err *e)
{
	sqlite3 *file = s->db;
	sqlite3_backup *b;
	int r;

	db_forget(s);
	r = connect_as(s, ":memory:", SQLITE_OPEN_READWRITE, e);
	if (r == 0) {
		b = sqlite3_backup_init(s->db, "main", file, "main");
		if (b != NULL)
			sqlite3_backup_step(b, -1);
		if (b == NULL || sqlite3_backup_finish(b) != SQLITE_OK)
			r = db_fail(s, e);
	}
	sqlite3_close(file);
	return r;
}

/* What an older mpf made, or mpflash, is read as if it were migrated. */
static int
open_to_read(struct store *s, struct err *e)
{
	struct schema now;

	if (schema_look(s, &now, e) == -1)
		return -1;
	s->found = now.version;
	if (!now.current && (read_copy(s, e) == -1 ||
	    schema_upgrade(s, &now, e) == -1))
		return -1;
	return borrow_facts(s, e) == -1 ? -1 :
	    db_exec(s, "PRAGMA query_only = ON", e);
}

static int
refresh_facts(struct store *s, struct err *e)
{
	const int wanted = load_wanted(s, e);

	if (wanted != 1)
		return wanted;
	if (db_exec(s, "BEGIN IMMEDIATE", e) == -1)
		return -1;
	if (load_facts(s, true, e) == -1 || db_exec(s, "COMMIT", e) == -1) {
		sqlite3_exec(s->db, "ROLLBACK", NULL, NULL, NULL);
		return -1;
	}
	sqlite3_db_release_memory(s->db);	/* few of the pages are read */
	mem_trim();
	return 0;
}

static int
take_lock(struct store *s, struct err *e)
{
	char *path = mem_printf("%s.lock", s->path);
	const int r = lock_take(path, s->path, clock_ms() + LOCK_WAIT_MS,
	    &s->lock, NULL, e);

	free(path);
	return r;
}

/* So that readers need not wait.  While others read it cannot be changed. */
static void
use_wal(struct store *s)
{
	sqlite3_busy_timeout(s->db, 0);
	sqlite3_exec(s->db, "PRAGMA journal_mode = WAL", NULL, NULL, NULL);
	sqlite3_busy_timeout(s->db, LOCK_WAIT_MS);
}

/*
 * What is as it should be is found so without the lock, so that opening waits
 * for nobody; what is not is looked at again under it.
 */
static int
open_to_write(struct store *s, struct err *e)
{
	struct schema now;
	int r = -1, wanted = 1;

	if (schema_look(s, &now, e) == -1)
		return -1;
	s->found = now.version;
	if (now.current)
		wanted = load_wanted(s, e);
	if (wanted == 1) {
		if (take_lock(s, e) == -1)
			return -1;
		if (schema_look(s, &now, e) == 0 &&
		    schema_migrate(s, &now, e) == 0 &&
		    refresh_facts(s, e) == 0)
			r = 0;
		lock_drop(&s->lock);
	} else {
		r = wanted;
	}
	if (r == 0)
		use_wal(s);
	return r;
}

/* Sets s->readonly if the folder or the file in it cannot be written. */
static int
look_at_folder(struct store *s, struct err *e)
{
	struct stat st;
	const bool there = stat(s->path, &st) == 0;

	if (s->mode == STORE_READ && there)
		return 0;
	if (s->mode == STORE_READ) {
		err_set(e, ERR_NOT_FOUND, "%s: no database here", s->path);
		return err_hint(e, "mpf-fetch makes one; --dir names another "
		    "folder");
	}
	if (!there) {		/* nothing to read, and nothing to be made */
		if (file_mkdirs(s->dir, 0700, e) == -1)
			return -1;
		return access(s->dir, W_OK) == -1 ? err_sys(e, "%s", s->dir) :
		    db_make_file(s->path, e);
	}
	if (access(s->dir, W_OK) == -1 || access(s->path, W_OK) == -1)
		s->readonly = mem_printf("%s: %s: nothing is kept there",
		    s->path, strerror(errno));
	return 0;
}

int
store_open(const char *dir, enum store_mode mode, struct store **out,
    struct err *e)
{
	struct store *s = new_store(dir, mode);
	int r = -1;

	if (db_check_folder(dir, e) == -1 || look_at_folder(s, e) == -1 ||
	    connect_file(s, e) == -1)
		goto out;
	if (mode == STORE_READ || s->readonly != NULL)
		r = open_to_read(s, e);
	else
		r = open_to_write(s, e);
out:
	if (r == 0)
		*out = s;
	else
		store_close(s);
	return r;
}

int
store_memory(struct store **out, struct err *e)
{
	static const struct schema empty = { .empty = true };
	struct store *s = new_store("", STORE_READ);
	int r = -1;

	free(s->path);
	s->path = mem_str("board facts");
	if (connect_as(s, ":memory:", SQLITE_OPEN_READWRITE, e) == 0 &&
	    schema_upgrade(s, &empty, e) == 0 &&
	    load_facts(s, false, e) == 0)
		r = 0;
	if (r == 0)
		*out = s;
	else
		store_close(s);
	return r;
}

void
store_close(struct store *s)
{
	if (s == NULL)
		return;
	store_close(s->below);
	if (s->db != NULL)
		store_rollback(s);
	disconnect(s);
	free(s->statements);
	free(s->readonly);
	free(s->path);
	free(s->dir);
	free(s);
}

const char *
store_dir(const struct store *s)
{
	return s->dir;
}

int64_t
store_found(const struct store *s)
{
	return s->found;
}

const char *
store_readonly(const struct store *s)
{
	return s->readonly;
}

int
store_begin(struct store *s, struct err *e)
{
	if (s->writing)
		return err_set(e, ERR_INTERNAL, "%s: a group of writes within "
		    "another", s->path);
	if (s->mode == STORE_READ)
		return err_set(e, ERR_INTERNAL, "%s: opened to read", s->path);
	if (s->readonly != NULL)
		return err_set(e, ERR_PERMISSION, "%s", s->readonly);
	if (take_lock(s, e) == -1)
		return -1;
	if (db_exec(s, "BEGIN IMMEDIATE", e) == -1) {
		lock_drop(&s->lock);
		return -1;
	}
	s->writing = true;
	s->lost = (struct err)ERR_INIT;
	return 0;
}

/* A full disk, for one, ends all of the group, and not only the statement. */
static bool
is_lost_group(const struct store *s)
{
	return s->lost.code != ERR_NONE;
}

int
store_part_begin(struct store *s, struct err *e)
{
	if (db_writing(s, e) == -1)
		return -1;
	if (is_lost_group(s)) {
		*e = s->lost;
		return -1;
	}
	return db_exec(s, "SAVEPOINT part", e);
}

int
store_part_end(struct store *s, bool keep, struct err *why)
{
	if (keep)
		return db_exec(s, "RELEASE part", why);
	if (sqlite3_get_autocommit(s->db) != 0)
		s->lost = *why;
	else
		sqlite3_exec(s->db, "ROLLBACK TO part; RELEASE part", NULL,
		    NULL, NULL);
	return -1;
}

int
store_commit(struct store *s, struct err *e)
{
	if (db_writing(s, e) == -1)
		return -1;
	if (is_lost_group(s))
		*e = s->lost;
	if (is_lost_group(s) || db_exec(s, "COMMIT", e) == -1) {
		store_rollback(s);
		return -1;
	}
	s->writing = false;
	lock_drop(&s->lock);
	return 0;
}

void
store_rollback(struct store *s)
{
	if (!s->writing)
		return;
	sqlite3_exec(s->db, "ROLLBACK", NULL, NULL, NULL);
	s->writing = false;
	lock_drop(&s->lock);
}
