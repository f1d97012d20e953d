/* SPDX-License-Identifier: MIT */
#include "store/db.h"
#include "store/history.h"

/*
 * Of an event: who, where, from what to what, and how; and the chain, which
 * proves that no row was changed, taken away or put between (history.h).
 * at: for statistics of a time.
 */
static const char events[] =
    "ALTER TABLE mpf_event ADD COLUMN stage TEXT;"
    "ALTER TABLE mpf_event ADD COLUMN host TEXT;"
    "ALTER TABLE mpf_event ADD COLUMN user TEXT;"
    "ALTER TABLE mpf_event ADD COLUMN port TEXT;"
    "ALTER TABLE mpf_event ADD COLUMN board_id TEXT;"
    "ALTER TABLE mpf_event ADD COLUMN variant TEXT;"
    "ALTER TABLE mpf_event ADD COLUMN version_before TEXT;"
    "ALTER TABLE mpf_event ADD COLUMN file_name TEXT;"
    "ALTER TABLE mpf_event ADD COLUMN method TEXT;"
    "ALTER TABLE mpf_event ADD COLUMN state TEXT;"
    "ALTER TABLE mpf_event ADD COLUMN attempts INTEGER;"
    "ALTER TABLE mpf_event ADD COLUMN took_ms INTEGER;"
    "ALTER TABLE mpf_event ADD COLUMN stages TEXT;"
    "ALTER TABLE mpf_event ADD COLUMN note TEXT;"
    "ALTER TABLE mpf_event ADD COLUMN chain BLOB;"
    "CREATE INDEX mpf_event_at ON mpf_event (at);"
    "CREATE INDEX mpf_event_place ON mpf_event (device_id);"
    "CREATE TABLE mpf_head (id INTEGER PRIMARY KEY CHECK (id = 1), "
    "events INTEGER NOT NULL, chain BLOB NOT NULL);"
    "INSERT INTO mpf_head VALUES (1, 0, zeroblob(32))";

/* With numbers that stay, for the search to point to. */
static const char numbered[] =
    "CREATE TABLE mpf_new (id INTEGER PRIMARY KEY, "
    "file TEXT NOT NULL UNIQUE, port TEXT, board_id TEXT NOT NULL, "
    "variant TEXT NOT NULL, version TEXT NOT NULL, build INTEGER, "
    "commit_id TEXT, source TEXT, sha256 TEXT, size_bytes INTEGER, "
    "custom INTEGER NOT NULL, description TEXT, added_at TEXT);"
    "INSERT INTO mpf_new (file, port, board_id, variant, version, build, "
    "commit_id, source, sha256, size_bytes, custom, description) "
    "SELECT file, port, board_id, variant, version, build, commit_id, "
    "source, sha256, size_bytes, custom, description FROM mpf_file;"
    "DROP TABLE mpf_file;"
    "ALTER TABLE mpf_new RENAME TO mpf_file;"
    "CREATE INDEX mpf_file_key ON mpf_file (board_id, variant, version);"
    "CREATE INDEX mpf_file_sha256 ON mpf_file (sha256);"

    "CREATE TABLE mpf_new (id INTEGER PRIMARY KEY, "
    "uid TEXT NOT NULL UNIQUE, device_id TEXT, port TEXT, board_id TEXT, "
    "variant TEXT, version TEXT, build INTEGER, commit_id TEXT, "
    "custom INTEGER NOT NULL, source TEXT, file_name TEXT, sha256 TEXT, "
    "flashed_at TEXT, recorded_at TEXT, toml TEXT, toml_state TEXT, "
    "toml_reason TEXT);"
    "INSERT INTO mpf_new (uid, device_id, port, board_id, variant, version, "
    "build, commit_id, custom, source, file_name, sha256, flashed_at, "
    "recorded_at) SELECT uid, device_id, port, board_id, variant, version, "
    "build, commit_id, custom, source, file_name, sha256, flashed_at, "
    "recorded_at FROM mpf_device;"
    "DROP TABLE mpf_device;"
    "ALTER TABLE mpf_new RENAME TO mpf_device;"
    "CREATE INDEX mpf_device_sha256 ON mpf_device (sha256)";

/* What waits for a board to be seen, and mpflash's rows that are not ours. */
static const char others[] =
    "CREATE TABLE mpf_queue (uid TEXT NOT NULL PRIMARY KEY, "
    "at TEXT NOT NULL, why TEXT NOT NULL);"
    "CREATE TABLE mpf_theirs (id INTEGER PRIMARY KEY)";

int
schema_add_history(struct store *s, struct err *e)
{
	return db_exec(s, events, e) == 0 && db_exec(s, numbered, e) == 0 &&
	    db_exec(s, others, e) == 0 && history_chain(s, e) == 0 ? 0 : -1;
}
