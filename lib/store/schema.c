/* SPDX-License-Identifier: MIT */
#include "store/db.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "store/derived.h"

#define APPLICATION_ID	0x6d706662	/* "mpfb"; PRAGMA application_id */
#define FIRST_MARKED	2		/* the first version that has it */

#define N(a)		(sizeof(a) / sizeof((a)[0]))

struct table {
	const char	*name;
	const char	*columns;
	const char	*index;		/* its name, or NULL */
	const char	*indexed;	/* these columns */
	const char	*probe;		/* prepares if it is mpflash's */
	bool		 facts;		/* filled from share/ */
};

/*
 * Version 1.  mpflash's tables and indexes, as mpflash makes them (names
 * included, so that it finds its own and makes no second set), and what it
 * reads of them; then ours.  "" is no variant; an unknown port or number is
 * NULL.  Later versions change this by a step (see below), never here.
 */
static const struct table tables[] = {
	{ .name = "metadata",
	    .columns = "name VARCHAR(255) NOT NULL PRIMARY KEY, "
	    "value TEXT NOT NULL",
	    .probe = "SELECT name, value FROM metadata" },
	{ .name = "boards",
	    .columns = "board_id VARCHAR(40) NOT NULL, "
	    "version VARCHAR(12) NOT NULL, "
	    "board_name TEXT NOT NULL, mcu TEXT NOT NULL, "
	    "variant TEXT NOT NULL, port VARCHAR(30) NOT NULL, "
	    "path TEXT NOT NULL, description TEXT NOT NULL, "
	    "family TEXT NOT NULL, custom INTEGER NOT NULL, "
	    "PRIMARY KEY (board_id, version)",
	    .index = "board_board_id_version", .indexed = "board_id, version",
	    .probe = "SELECT board_id, version, board_name, mcu, variant, "
	    "port, path, description, family, custom FROM boards" },
	{ .name = "firmwares",
	    .columns = "board_id VARCHAR(40) NOT NULL, "
	    "version VARCHAR(12) NOT NULL, "
	    "firmware_file TEXT NOT NULL, port VARCHAR(20) NOT NULL, "
	    "description TEXT NOT NULL, source TEXT NOT NULL, "
	    "build INTEGER NOT NULL, custom INTEGER NOT NULL, "
	    "custom_id VARCHAR(40), "
	    "PRIMARY KEY (board_id, version, firmware_file)",
	    .index = "firmware_firmware_file", .indexed = "firmware_file",
	    .probe = "SELECT board_id, version, firmware_file, port, "
	    "description, source, build, custom FROM firmwares" },

	{ .name = "mpf_meta",
	    .columns = "name TEXT NOT NULL PRIMARY KEY, value TEXT NOT NULL",
	    .facts = true },
	{ .name = "mpf_release",
	    .columns = "n INTEGER NOT NULL PRIMARY KEY, "
	    "version TEXT NOT NULL UNIQUE", .facts = true },
	{ .name = "mpf_board",
	    .columns = "id INTEGER PRIMARY KEY, port TEXT NOT NULL, "
	    "board_id TEXT NOT NULL, variant TEXT NOT NULL, "
	    "first TEXT NOT NULL, last TEXT NOT NULL, name TEXT, "
	    "hw_mcu TEXT, machine TEXT NOT NULL, mcu TEXT, product TEXT, "
	    "vendor TEXT, url TEXT, vid TEXT, pid TEXT, flash_offset TEXT, "
	    "variant_text TEXT, released INTEGER NOT NULL, "
	    "custom INTEGER NOT NULL DEFAULT 0, "
	    "UNIQUE (port, board_id, variant, first)",
	    .index = "mpf_board_machine", .indexed = "machine", .facts = true },
	{ .name = "mpf_rename",
	    .columns = "port TEXT NOT NULL, old TEXT NOT NULL, "
	    "new TEXT NOT NULL, since TEXT NOT NULL, how TEXT, "
	    "PRIMARY KEY (port, old, since)", .facts = true },
	{ .name = "mpf_file",
	    .columns = "file TEXT NOT NULL PRIMARY KEY, port TEXT, "
	    "board_id TEXT NOT NULL, variant TEXT NOT NULL, "
	    "version TEXT NOT NULL, build INTEGER, commit_id TEXT, "
	    "source TEXT, sha256 TEXT, size_bytes INTEGER, "
	    "custom INTEGER NOT NULL, description TEXT",
	    .index = "mpf_file_key", .indexed = "board_id, variant, version" },
	{ .name = "mpf_page",
	    .columns = "id INTEGER PRIMARY KEY, url TEXT NOT NULL UNIQUE, "
	    "board_id TEXT NOT NULL, port TEXT, fetched_at INTEGER NOT NULL, "
	    "etag TEXT, last_modified TEXT",
	    .index = "mpf_page_board", .indexed = "board_id" },
	{ .name = "mpf_link",
	    .columns = "page INTEGER NOT NULL REFERENCES mpf_page (id) "
	    "ON DELETE CASCADE, n INTEGER NOT NULL, board_id TEXT NOT NULL, "
	    "variant TEXT NOT NULL, version TEXT NOT NULL, build INTEGER, "
	    "commit_id TEXT, date TEXT, ext TEXT NOT NULL, url TEXT NOT NULL, "
	    "sha256 TEXT, PRIMARY KEY (page, n)" },
	{ .name = "mpf_device",
	    .columns = "uid TEXT NOT NULL PRIMARY KEY, device_id TEXT, "
	    "port TEXT, board_id TEXT, variant TEXT, version TEXT, "
	    "build INTEGER, commit_id TEXT, custom INTEGER NOT NULL, "
	    "source TEXT, file_name TEXT, sha256 TEXT, flashed_at TEXT, "
	    "recorded_at TEXT" },
	{ .name = "mpf_event",
	    .columns = "id INTEGER PRIMARY KEY, uid TEXT, device_id TEXT, "
	    "at TEXT NOT NULL, what TEXT NOT NULL, version TEXT, sha256 TEXT, "
	    "error_code TEXT, error_message TEXT",
	    .index = "mpf_event_uid", .indexed = "uid" },
};

static int
foreign(struct store *s, struct err *e)
{
	err_set(e, ERR_INPUT, "%s: a database of another program", s->path);
	return err_todo(e, NEXT_REPLACE_DATABASE,
	    "move it away, or name another folder with --dir");
}

/* 1, 0, or -1: a table that cannot be looked for is not absent. */
static int
has_table(struct store *s, const char *name, struct err *e)
{
	char *sql = mem_printf("SELECT count(*) FROM main.sqlite_schema "
	    "WHERE type = 'table' AND name = '%s'", name);
	const int64_t n = db_number(s, sql);

	free(sql);
	return n == -1 ? db_fail(s, e) : n == 1;
}

/* Any table of theirs that is there must be of their shape; 1, 0, or -1. */
static int
is_mpflash(struct store *s, struct err *e)
{
	sqlite3_stmt *st;
	size_t found = 0;
	int has;

	for (size_t i = 0; i < N(tables) && tables[i].probe != NULL; i++) {
		if ((has = has_table(s, tables[i].name, e)) == -1)
			return -1;
		if (has == 0)
			continue;
		if (sqlite3_prepare_v2(s->db, tables[i].probe, -1, &st,
		    NULL) != SQLITE_OK)
			return 0;
		sqlite3_finalize(st);
		found++;
	}
	return found > 0;
}

/* Made by mpf: the mark says so, and before there was one, a table. */
static int
is_our_database(struct store *s, int64_t version, struct err *e)
{
	const int64_t mark = db_number(s, "PRAGMA main.application_id");

	if (mark == -1)
		return db_fail(s, e);
	if (mark == APPLICATION_ID || version >= FIRST_MARKED)
		return mark == APPLICATION_ID;
	return has_table(s, "mpf_meta", e);
}

static int
create(struct store *s, const struct table *t, struct err *e)
{
	char *sql;
	int r;

	sql = mem_printf("CREATE TABLE IF NOT EXISTS main.%s (%s)", t->name,
	    t->columns);
	r = db_exec(s, sql, e);
	free(sql);
	if (r == -1 || t->index == NULL)
		return r;
	sql = mem_printf("CREATE INDEX IF NOT EXISTS main.%s ON %s (%s)",
	    t->index, t->name, t->indexed);
	r = db_exec(s, sql, e);
	free(sql);
	return r;
}

/*
 * An empty temporary table of the shape that the one in the database has, with
 * its index.  SQLite keeps how either was made, without the database's name.
 */
static int
hide(struct store *s, const struct table *t, struct err *e)
{
	static const char made[] = "SELECT sql FROM main.sqlite_schema "
	    "WHERE tbl_name = ?1 AND sql IS NOT NULL ORDER BY type DESC";
	static const char *const begins[] = { "CREATE TABLE ",
	    "CREATE INDEX " };
	char *sql[N(begins)] = { NULL };
	struct query q;
	int r;

	if (query_begin(s, made, &q, e) == -1)
		return -1;
	query_text(&q, t->name);
	for (size_t i = 0; i < N(begins) && (r = query_next(&q, e)) == 1; i++)
		sql[i] = mem_printf("%stemp.%s", begins[i],
		    query_col_text(&q, 0) + strlen(begins[i]));
	query_end(&q);
	for (size_t i = 0; i < N(begins); i++) {
		if (r != -1 && sql[i] != NULL)
			r = db_exec(s, sql[i], e);
		free(sql[i]);
	}
	return r == -1 ? -1 : 0;
}

int
schema_hide_facts(struct store *s, struct err *e)
{
	static const char own[] =
	    "INSERT INTO temp.mpf_board SELECT * FROM main.mpf_board "
	    "WHERE custom";

	for (size_t i = 0; i < N(tables); i++)
		if (tables[i].facts && hide(s, &tables[i], e) == -1)
			return -1;
	return db_exec(s, own, e);
}

/* What mpflash's own first migration does, for databases older than it. */
static int
add_custom_id(struct store *s, struct err *e)
{
	if (db_number(s, "SELECT count(*) FROM pragma_table_info('firmwares') "
	    "WHERE name = 'custom_id'") == 0 &&
	    db_exec(s, "ALTER TABLE firmwares ADD COLUMN custom_id "
	    "VARCHAR(40)", e) == -1)
		return -1;
	return db_exec(s, "CREATE INDEX IF NOT EXISTS idx_firmwares_custom_id "
	    "ON firmwares (custom_id);"
	    "INSERT INTO metadata (name, value) VALUES ('schema_version', '1')"
	    " ON CONFLICT (name) DO NOTHING", e);
}

/* To version 1. */
static int
add_tables(struct store *s, struct err *e)
{
	for (size_t i = 0; i < N(tables); i++)
		if (create(s, &tables[i], e) == -1)
			return -1;
	return add_custom_id(s, e);
}

/* To version 2. */
static int
add_mark(struct store *s, struct err *e)
{
	char *sql = mem_printf("PRAGMA main.application_id = %d",
	    APPLICATION_ID);
	const int r = db_exec(s, sql, e);

	free(sql);
	return r;
}

/* To version 3: a column, which the facts are loaded again for. */
static int
add_differs(struct store *s, struct err *e)
{
	return db_exec(s, "ALTER TABLE mpf_board ADD COLUMN differs TEXT;"
	    "DELETE FROM mpf_meta WHERE name IN ('facts_looks', "
	    "'facts_sha256')", e);
}

/*
 * steps[i] makes version i + 1 (PRAGMA user_version) of version i.  mpflash's
 * own databases are version 0, and so is an empty file.  A step that has been
 * released is never changed; tests/data/store has a database of each version.
 */
static int (*const steps[])(struct store *s, struct err *e) = {
	add_tables,
	add_mark,
	add_differs,
	custom_make,
	schema_add_history,
};

#define SCHEMA_VERSION	((int)N(steps))

int64_t
store_version(void)
{
	return SCHEMA_VERSION;
}

int
schema_look(struct store *s, struct schema *out, struct err *e)
{
	const int64_t things = db_number(s,
	    "SELECT count(*) FROM main.sqlite_schema");
	const int64_t version = db_number(s, "PRAGMA main.user_version");
	int is;

	if (things == -1 || version == -1)
		return db_fail(s, e);
	out->version = version;
	out->empty = things == 0 && version == 0;
	out->current = version == SCHEMA_VERSION;
	if (out->empty)
		return 0;
	is = version == 0 ? is_mpflash(s, e) : is_our_database(s, version, e);
	if (is != 1)
		return is == 0 ? foreign(s, e) : -1;
	if (version <= SCHEMA_VERSION)
		return 0;
	err_set(e, ERR_UNSUPPORTED, "%s: made by a newer mpf (schema %lld, "
	    "known up to %d)", s->path, (long long)version, SCHEMA_VERSION);
	return err_todo(e, NEXT_UPGRADE_MPF,
	    "upgrade this mpf, or name another folder with --dir");
}

static int
set_schema_version(struct store *s, int version, struct err *e)
{
	char *sql = mem_printf("PRAGMA main.user_version = %d", version);
	const int r = db_exec(s, sql, e);

	free(sql);
	return r;
}

int
schema_upgrade(struct store *s, const struct schema *now, struct err *e)
{
	int r = db_exec(s, "BEGIN IMMEDIATE", e);

	if (r == -1)
		return -1;
	r = derived_drop(s, e);
	for (int i = (int)now->version; r == 0 && i < SCHEMA_VERSION; i++)
		r = steps[i](s, e);
	if (r == 0)
		r = derived_make(s, e);
	if (r == 0)
		r = set_schema_version(s, SCHEMA_VERSION, e);
	if (r == 0)
		r = db_exec(s, "COMMIT", e);
	if (r == -1)
		sqlite3_exec(s->db, "ROLLBACK", NULL, NULL, NULL);
	db_forget(s);
	return r;
}

int
schema_migrate(struct store *s, const struct schema *now, struct err *e)
{
	if (now->current)
		return 0;
	if (!now->empty && (backup_sound(s, e) == -1 ||
	    backup_make(s, e) == -1))
		return -1;
	return schema_upgrade(s, now, e);
}
