/* SPDX-License-Identifier: MIT */
#ifndef MPF_STORE_TEST_H
#define MPF_STORE_TEST_H

#include <limits.h>

#include <sqlite3.h>

#include "store/store.h"
#include "tap.h"
#include "tmp.h"

/* What the tests of the store share: databases by hand, and counting rows. */

static char share[PATH_MAX];		/* of this tree */

static inline void
begin_in_tmp(void)
{
	if (realpath("share", share) == NULL) {
		perror("share");
		exit(2);
	}
	setenv("MPF_SHARE", share, 1);
	tmp_enter();
	atexit(tmp_leave);
}

/* A path in the test's folder; good as long as the test runs. */
static inline const char *
in_tmp(const char *name)
{
	static char path[256][96];
	static size_t n;

	if (n == sizeof(path) / sizeof(path[0]))
		abort();
	snprintf(path[n], sizeof(path[n]), "%.60s/%.30s", tmp_path, name);
	return path[n++];
}

/* As mpflash wrote it when it used SQLAlchemy: keys, and a board is missing. */
static const char sqlalchemy[] =
    "CREATE TABLE metadata (name VARCHAR NOT NULL, value VARCHAR NOT NULL, "
    "PRIMARY KEY (name), UNIQUE (name));"
    "CREATE TABLE boards (board_id VARCHAR(40) NOT NULL, version VARCHAR(12) "
    "NOT NULL, board_name VARCHAR NOT NULL, mcu VARCHAR NOT NULL, variant "
    "VARCHAR NOT NULL, port VARCHAR(30) NOT NULL, path VARCHAR NOT NULL, "
    "description VARCHAR NOT NULL, family VARCHAR NOT NULL, custom BOOLEAN "
    "NOT NULL, PRIMARY KEY (board_id, version), UNIQUE (board_id, version));"
    "CREATE TABLE firmwares (board_id VARCHAR(40) NOT NULL, version "
    "VARCHAR(12) NOT NULL, firmware_file VARCHAR NOT NULL, port VARCHAR(20) "
    "NOT NULL, description VARCHAR NOT NULL, source VARCHAR NOT NULL, build "
    "INTEGER NOT NULL, custom BOOLEAN NOT NULL, "
    "PRIMARY KEY (board_id, version, firmware_file), "
    "FOREIGN KEY (board_id, version) REFERENCES boards (board_id, version));"
    "CREATE INDEX ix_firmwares_firmware_file ON firmwares (firmware_file);"
    "INSERT INTO metadata VALUES ('boards_version', 'v1.25.0');"
    "INSERT INTO boards VALUES ('RPI_PICO', 'v1.24.1', 'RPI_PICO', 'rp2040', "
    "'', 'rp2', 'p', 'kept as it was', 'micropython', 0);"
    "INSERT INTO boards VALUES ('MINE', 'v1.24.1', 'MINE', 'rp2040', "
    "'', 'rp2', 'p', 'my own', 'micropython', 1);"
    "INSERT INTO firmwares VALUES ('RPI_PICO', 'v1.25.0', "
    "'rp2\\RPI_PICO-v1.25.0.uf2', 'rp2', '', 'https://x/y.uf2', 0, 0);";

/* As it is today. */
static const char peewee[] =
    "CREATE TABLE \"boards\" (\"board_id\" VARCHAR(40) NOT NULL, \"version\" "
    "VARCHAR(12) NOT NULL, \"board_name\" TEXT NOT NULL, \"mcu\" TEXT NOT "
    "NULL, \"variant\" TEXT NOT NULL, \"port\" VARCHAR(30) NOT NULL, \"path\" "
    "TEXT NOT NULL, \"description\" TEXT NOT NULL, \"family\" TEXT NOT NULL, "
    "\"custom\" INTEGER NOT NULL, PRIMARY KEY (\"board_id\", \"version\"));"
    "CREATE UNIQUE INDEX \"board_board_id_version\" ON \"boards\" "
    "(\"board_id\", \"version\");"
    "CREATE TABLE \"firmwares\" (\"board_id\" VARCHAR(40) NOT NULL, "
    "\"version\" VARCHAR(12) NOT NULL, \"firmware_file\" TEXT NOT NULL, "
    "\"port\" VARCHAR(20) NOT NULL, \"description\" TEXT NOT NULL, \"source\" "
    "TEXT NOT NULL, \"build\" INTEGER NOT NULL, \"custom\" INTEGER NOT NULL, "
    "\"custom_id\" VARCHAR(40), PRIMARY KEY (\"board_id\", \"version\", "
    "\"firmware_file\"));"
    "CREATE INDEX \"firmware_firmware_file\" ON \"firmwares\" "
    "(\"firmware_file\");"
    "CREATE TABLE \"metadata\" (\"name\" VARCHAR(255) NOT NULL PRIMARY KEY, "
    "\"value\" TEXT NOT NULL);"
    "INSERT INTO metadata VALUES ('boards_version', 'v1.29.0-preview'), "
    "('schema_version', '1');"
    "INSERT INTO firmwares VALUES ('ESP32_GENERIC-SPIRAM', 'v1.24.1', "
    "'esp32/ESP32_GENERIC-SPIRAM-v1.24.1.bin', 'esp32', '', 'https://x/z', "
    "0, 0, NULL);";

/* One number from the database in folder, beside the store; -1: none. */
static inline int64_t
number(const char *folder, const char *sql)
{
	char path[256];
	sqlite3 *db = NULL;
	sqlite3_stmt *st = NULL;
	int64_t v = -1;

	snprintf(path, sizeof(path), "%s/mpflash.db", folder);
	if (sqlite3_open(path, &db) == SQLITE_OK &&
	    sqlite3_prepare_v2(db, sql, -1, &st, NULL) == SQLITE_OK &&
	    sqlite3_step(st) == SQLITE_ROW)
		v = sqlite3_column_int64(st, 0);
	sqlite3_finalize(st);
	sqlite3_close(db);
	return v;
}

static inline const char *
folder_with(const char *name, const char *sql)
{
	const char *folder = in_tmp(name);
	char path[256];
	sqlite3 *db;

	mkdir(folder, 0755);
	snprintf(path, sizeof(path), "%s/mpflash.db", folder);
	OK(sqlite3_open(path, &db) == SQLITE_OK &&
	    sqlite3_exec(db, sql, NULL, NULL, NULL) == SQLITE_OK);
	sqlite3_close(db);
	return folder;
}

static inline bool
exists(const char *folder, const char *name)
{
	char path[256];

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	return access(path, F_OK) == 0;
}

static inline int
count_file(const struct store_file *f, void *ctx)
{
	(void)f;
	++*(int *)ctx;
	return 0;
}

static inline int
files_of(struct store *s, const char *board_id, const char *variant)
{
	struct err e = ERR_INIT;
	int n = 0;

	OK(store_files(s, NULL, board_id, variant, count_file, &n, &e) == 0);
	return n;
}

static inline int
put_file(struct store *s, const char *board_id, const char *file,
    struct err *e)
{
	const struct store_file f = { .port = "rp2", .board_id = board_id,
	    .version = "v1.28.0", .file = file, .build = -1,
	    .size_bytes = 10 };

	return store_file_put(s, &f, e);
}

static inline int
count_board(const struct store_board *b, void *ctx)
{
	(void)b;
	++*(int *)ctx;
	return 0;
}

static inline int
boards_of(struct store *s, const char *machine)
{
	struct err e = ERR_INIT;
	int n = 0;

	OK(store_boards_by_machine(s, machine, count_board, &n, &e) == 0);
	return n;
}

#endif
