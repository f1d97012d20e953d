/* SPDX-License-Identifier: MIT */
#include "store/store.h"

#include <fcntl.h>
#include <stdlib.h>

#include "base/buf.h"
#include "base/file.h"
#include "store-test.h"

static void
check_new(void)
{
	const char *folder = in_tmp("a/b/firmware");
	struct store *s = NULL;
	struct err e = ERR_INIT;

	OK(store_open(folder, STORE_READ, &s, &e) == -1 &&
	    e.code == ERR_NOT_FOUND && !exists(folder, "."));
	OK(strstr(e.msg, "no database here") != NULL && e.hint[0] != '\0');
	OK(store_open(folder, STORE_WRITE, &s, &e) == 0);
	IS_STR(store_dir(s), folder);
	OK(store_readonly(s) == NULL);
	OK(boards_of(s, "Raspberry Pi Pico with RP2040") > 0);
	OK(put_file(s, "X", "rp2/x", &e) == -1 && e.code == ERR_INTERNAL);
	OK(store_commit(s, &e) == -1 && e.code == ERR_INTERNAL);
	OK(store_begin(s, &e) == 0);
	OK(store_begin(s, &e) == -1 && e.code == ERR_INTERNAL);
	OK(put_file(s, "X", "rp2/x", &e) == 0);
	store_rollback(s);
	OK(files_of(s, "X", NULL) == 0);
	store_close(s);
	store_close(NULL);
	OK(!exists(folder, "mpflash.db-wal"));	/* nobody has it open */
	OK(!exists(folder, "mpflash.db.v0.bak"));
	OK(number(folder, "PRAGMA user_version") == 5);
	OK(number(folder, "SELECT count(*) FROM boards") > 3000);
	/* So mpflash loads its list, which has those without a board too. */
	OK(number(folder, "SELECT count(*) FROM metadata WHERE name = "
	    "'boards_version'") == 0);
	OK(number(folder, "SELECT count(*) FROM mpf_board WHERE board_id = "
	    "'OPENMV_AE3' AND NOT released") == 1);
	OK(number(folder, "SELECT count(*) FROM boards WHERE board_id = "
	    "'OPENMV_AE3'") == 0);
	OK(number(folder, "SELECT count(*) FROM boards WHERE board_id = "
	    "'ESP32_GENERIC_S3-SPIRAM_OCT' AND version = 'v1.24.1' AND "
	    "variant = 'SPIRAM_OCT' AND port = 'esp32' AND description = "
	    "'Generic ESP32S3 module with Octal-SPIRAM with ESP32S3'") == 1);
	OK(number(folder, "SELECT count(*) FROM pragma_journal_mode WHERE "
	    "journal_mode = 'wal'") == 1);

	OK(store_open(folder, STORE_READ, &s, &e) == 0);
	OK(store_begin(s, &e) == -1 && e.code == ERR_INTERNAL);
	store_close(s);
}

/* Everything that was there is there, it can be added to, and a copy kept. */
static void
check_mpflash(const char *name, const char *sql, const char *board,
    const char *variant)
{
	const char *folder = folder_with(name, sql);
	struct store *s = NULL;
	struct err e = ERR_INIT;
	char from[300], to[300];

	OK(store_open(folder, STORE_READ, &s, &e) == 0);
	OK(files_of(s, board, variant) == 1);
	OK(boards_of(s, "Raspberry Pi Pico with RP2040") > 0);
	store_close(s);
	OK(number(folder, "PRAGMA user_version") == 0);

	OK(store_open(folder, STORE_WRITE, &s, &e) == 0);
	OK(files_of(s, board, variant) == 1);
	OK(store_begin(s, &e) == 0);
	OK(put_file(s, "RPI_PICO", "rp2/RPI_PICO-v1.25.0.uf2", &e) == 0);
	OK(put_file(s, "NEW", "rp2/n", &e) == 0);
	OK(store_commit(s, &e) == 0);
	OK(files_of(s, "NEW", NULL) == 1);
	store_close(s);
	OK(number(folder, "SELECT count(*) FROM firmwares WHERE "
	    "custom_id IS NULL AND board_id = 'NEW'") == 1);
	OK(number(folder, "SELECT count(*) FROM firmwares WHERE board_id = "
	    "'RPI_PICO'") == 1);
	OK(number(folder, "SELECT count(*) FROM boards WHERE board_id = "
	    "'RPI_PICO'") > 5);
	snprintf(from, sizeof(from), "%s/mpflash.db.v0.bak", folder);
	snprintf(to, sizeof(to), "%s/bak", folder);
	mkdir(to, 0755);
	snprintf(to, sizeof(to), "%s/bak/mpflash.db", folder);
	OK(rename(from, to) == 0);
	snprintf(to, sizeof(to), "%s/bak", folder);
	OK(number(to, "SELECT count(*) FROM firmwares") == 1);
	OK(number(to, "PRAGMA user_version") == 0);
}

static void
check_old_rows(void)
{
	const char *folder = in_tmp("alchemy");

	OK(number(folder, "SELECT count(*) FROM boards WHERE board_id = "
	    "'RPI_PICO' AND description = 'kept as it was'") == 1);
	OK(number(folder, "SELECT count(*) FROM boards WHERE board_id = "
	    "'MINE' AND custom = 1") == 1);
	OK(number(folder, "SELECT count(*) FROM metadata WHERE name = "
	    "'boards_version' AND value = 'v1.25.0'") == 1);
	/* The key of the new file was seen to. */
	OK(number(folder, "SELECT count(*) FROM boards WHERE board_id = "
	    "'NEW'") == 1);
	OK(number(in_tmp("peewee"), "SELECT count(*) FROM boards WHERE "
	    "board_id = 'NEW'") == 0);
}

/* A file that is not ours: an error that says so, and not a byte changed. */
static void
check_left_alone(const char *folder, enum err_code code, const char *what)
{
	struct buf before = BUF_INIT, after = BUF_INIT;
	struct store *s = NULL;
	struct err e = ERR_INIT;
	char path[256];

	snprintf(path, sizeof(path), "%s/mpflash.db", folder);
	OK(file_read(path, &before, &e) == 0);
	OK(store_open(folder, STORE_READ, &s, &e) == -1 && e.code == code);
	OK(store_open(folder, STORE_WRITE, &s, &e) == -1 && e.code == code);
	OK(strstr(e.msg, what) != NULL && e.hint[0] != '\0');
	if (strstr(e.msg, what) == NULL)
		printf("# %s\n", e.msg);
	OK(file_read(path, &after, &e) == 0);
	OK(before.len == after.len &&
	    memcmp(before.data, after.data, after.len) == 0);
	OK(!exists(folder, "mpflash.db.v0.bak"));
	buf_release(&before);
	buf_release(&after);
}

static void
check_foreign(void)
{
	static char text[8192] = "This is not a database, but a letter.";
	struct err e = ERR_INIT;
	const char *folder = in_tmp("letter");
	char path[256];
	int fd;

	mkdir(folder, 0755);
	snprintf(path, sizeof(path), "%s/mpflash.db", folder);
	OK(file_write(path, text, sizeof(text), 0644, &e) == 0);
	check_left_alone(folder, ERR_INPUT, "not a database");
	check_left_alone(folder_with("other", "CREATE TABLE songs (a)"),
	    ERR_INPUT, "another program");
	check_left_alone(folder_with("shape", "CREATE TABLE boards (name)"),
	    ERR_INPUT, "another program");
	check_left_alone(folder_with("versioned", "CREATE TABLE songs (a);"
	    "PRAGMA user_version = 1"), ERR_INPUT, "another program");

	folder = folder_with("torn", peewee);
	snprintf(path, sizeof(path), "%s/mpflash.db", folder);
	fd = open(path, O_WRONLY);
	OK(fd != -1 && pwrite(fd, text, 2048, 6 * 4096) == 2048);
	close(fd);
	/* Reading what is not damaged is fine; changing it is not. */
	struct store *s = NULL;
	OK(store_open(folder, STORE_WRITE, &s, &e) == -1 &&
	    e.code == ERR_INPUT && strstr(e.msg, "damaged") != NULL);
	OK(!exists(folder, "mpflash.db.v0.bak"));
}

/* Damage that a copy would not show: the count of free pages is wrong. */
static void
check_damaged(void)
{
	static const char freed[] = "CREATE TABLE metadata (name, value);"
	    "CREATE TABLE t (x); INSERT INTO t VALUES (zeroblob(20000));"
	    "DROP TABLE t";
	const char *folder = folder_with("freed", freed);
	const int fd = open(in_tmp("freed/mpflash.db"), O_WRONLY);
	struct store *s = NULL;
	struct err e = ERR_INIT;

	OK(fd != -1 && pwrite(fd, "\0\0\0\1", 4, 36) == 4);
	close(fd);
	OK(store_open(folder, STORE_WRITE, &s, &e) == -1);
	OK(e.code == ERR_INPUT && strstr(e.msg, "damaged") != NULL);
	OK(strstr(e.msg, "size") != NULL);	/* in SQLite's words */
	OK(!exists(folder, "mpflash.db.v0.bak"));
}

static void
check_newer(void)
{
	const char *folder = in_tmp("newer");
	struct store *s = NULL;
	struct err e = ERR_INIT;

	OK(store_open(folder, STORE_WRITE, &s, &e) == 0);
	store_close(s);
	number(folder, "PRAGMA journal_mode = DELETE");
	number(folder, "PRAGMA user_version = 9");
	check_left_alone(folder, ERR_UNSUPPORTED, "newer mpf");
	/* Whatever its tables are. */
	number(folder, "DROP TABLE mpf_event");
	number(folder, "ALTER TABLE mpf_board RENAME TO mpf_boards");
	number(folder, "DROP TABLE boards");
	check_left_alone(folder, ERR_UNSUPPORTED, "newer mpf");
	/* Its version is a number of somebody else's. */
	number(folder, "PRAGMA application_id = 1234");
	check_left_alone(folder, ERR_INPUT, "another program");
}

/* Every table and index of the database there, as one text. */
static char *
tables_of(const char *folder)
{
	struct buf out = BUF_INIT;
	char path[256];
	sqlite3 *db = NULL;
	sqlite3_stmt *st = NULL;

	snprintf(path, sizeof(path), "%s/mpflash.db", folder);
	OK(sqlite3_open(path, &db) == SQLITE_OK);
	OK(sqlite3_prepare_v2(db, "SELECT sql FROM sqlite_schema WHERE sql IS "
	    "NOT NULL ORDER BY type, name", -1, &st, NULL) == SQLITE_OK);
	while (sqlite3_step(st) == SQLITE_ROW)
		buf_addf(&out, "%s\n",
		    (const char *)sqlite3_column_text(st, 0));
	sqlite3_finalize(st);
	sqlite3_close(db);
	return buf_steal(&out);
}

/*
 * A database of that version of the past: read as it is, and brought to
 * today's shape with all that is in it.
 */
static void
check_past(const char *sql_file, int version)
{
	struct buf sql = BUF_MAX(1u << 20);
	struct store *s = NULL;
	struct err e = ERR_INIT;
	const char *folder;
	char name[32], bak[64], *migrated, *fresh;

	OK(file_read(sql_file, &sql, &e) == 0);
	snprintf(name, sizeof(name), "past%d", version);
	folder = folder_with(name, sql.data);
	buf_release(&sql);

	OK(store_open(folder, STORE_READ, &s, &e) == 0);
	OK(files_of(s, "RPI_PICO", "") == 1);
	OK(boards_of(s, "Raspberry Pi Pico with RP2040") > 0);
	store_close(s);
	OK(number(folder, "PRAGMA user_version") == version);

	OK(store_open(folder, STORE_WRITE, &s, &e) == 0);
	OK(files_of(s, "RPI_PICO", "") == 1);
	store_close(s);
	OK(number(folder, "PRAGMA user_version") == 5);
	OK(number(folder, "SELECT count(*) FROM mpf_device WHERE uid = "
	    "'e6614103e7452d2f'") == 1);
	/* A column that came is filled, though the table is the same. */
	OK(number(folder, "SELECT count(*) FROM mpf_board WHERE board_id = "
	    "'PYBV11' AND variant = 'DP' AND differs = 'software'") == 1);
	snprintf(bak, sizeof(bak), "mpflash.db.v%d.bak", version);
	OK(exists(folder, bak));
	migrated = tables_of(folder);
	fresh = tables_of(in_tmp("a/b/firmware"));
	IS_STR(migrated, fresh);
	free(migrated);
	free(fresh);
}

/* An empty file, as a full disk leaves one, is a new database. */
static void
check_empty(void)
{
	struct store *s = NULL;
	struct err e = ERR_INIT;
	const char *folder = folder_with("empty", "");

	OK(store_open(folder, STORE_READ, &s, &e) == 0);
	OK(files_of(s, NULL, NULL) == 0);
	store_close(s);
	OK(store_open(folder, STORE_WRITE, &s, &e) == 0);
	store_close(s);
	OK(!exists(folder, "mpflash.db.v0.bak"));
}

static void
check_memory(void)
{
	struct store *s = NULL;
	struct err e = ERR_INIT;

	OK(store_memory(&s, &e) == 0);
	OK(boards_of(s, "Raspberry Pi Pico with RP2040") > 0);
	OK(boards_of(s, "'; DROP TABLE mpf_board; --") == 0);
	OK(boards_of(s, "Pololu 3pi+ 2040 Robot") > 0);
	OK(files_of(s, NULL, NULL) == 0);
	OK(store_begin(s, &e) == -1);
	store_close(s);
}

static int
note_queue(const struct store_device *d, void *ctx)
{
	snprintf(ctx, 40, "%s %s", d->queued_at != NULL ? d->queued_at : "-",
	    d->queued_why != NULL ? d->queued_why : "-");
	return 0;
}

/* The first reason stays; it goes with the board. */
static void
check_queue(void)
{
	const struct store_device d = { .uid = "q1", .build = -1 };
	struct store *s = NULL;
	struct err e = ERR_INIT;
	char queued[40];

	OK(store_open("x\xff", STORE_WRITE, &s, &e) == -1);
	OK(e.code == ERR_INPUT);
	IS_STR(e.msg, "x\xff: the folder's name is not UTF-8");
	OK(store_open(in_tmp("queue"), STORE_WRITE, &s, &e) == 0);
	OK(store_begin(s, &e) == 0 && store_device_put(s, &d, &e) == 0);
	OK(store_device_find(s, "q1", note_queue, queued, &e) == 1);
	IS_STR(queued, "- -");
	OK(store_queue_put(s, "q1", "2026-01", "offline", &e) == 0);
	OK(store_queue_put(s, "q1", "2026-02", "busy", &e) == 0);
	OK(store_device_find(s, "q1", note_queue, queued, &e) == 1);
	IS_STR(queued, "2026-01 offline");
	OK(store_device_remove(s, "q1", &e) == 1);
	OK(store_device_remove(s, "q1", &e) == 0);
	OK(store_device_put(s, &d, &e) == 0);
	OK(store_device_find(s, "q1", note_queue, queued, &e) == 1);
	IS_STR(queued, "- -");
	store_close(s);
}

int
main(void)
{
	char v1[PATH_MAX], v2[PATH_MAX], v3[PATH_MAX], v4[PATH_MAX];

	OK(realpath("tests/data/store/v1.sql", v1) != NULL);
	OK(realpath("tests/data/store/v2.sql", v2) != NULL);
	OK(realpath("tests/data/store/v3.sql", v3) != NULL);
	OK(realpath("tests/data/store/v4.sql", v4) != NULL);
	begin_in_tmp();
	check_new();
	check_mpflash("alchemy", sqlalchemy, "RPI_PICO", "");
	check_mpflash("peewee", peewee, "ESP32_GENERIC", "SPIRAM");
	check_old_rows();
	check_foreign();
	check_damaged();
	check_newer();
	check_past(v1, 1);
	check_past(v2, 2);
	check_past(v3, 3);
	check_past(v4, 4);
	check_empty();
	check_memory();
	check_queue();
	return tap_done();
}
