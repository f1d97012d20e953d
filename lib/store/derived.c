/* SPDX-License-Identifier: MIT */
#include "store/derived.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "store/db.h"

#define N(a)		(sizeof(a) / sizeof((a)[0]))

/* For the search: the words of a column. */
#define W(column)	"coalesce(" #column ", '') || ' ' || "

#define CUSTOM_WORDS	W(c.description) W(c.custom_id) W(c.git_url) \
			W(c.git_branch) W(c.git_tag) W(c.custom_author) \
			W(c.custom_organization) W(c.custom_features) \
			W(c.custom_dependencies) W(c.custom_tags) \
			"coalesce(c.build_toolchain, '')"
#define FILE_WORDS	W(port) W(board_id) W(variant) \
			W(version) W(file) W(commit_id) \
			W(sha256) W(source) W(description) \
			"iif(custom, 'custom ', '') || coalesce((SELECT " \
			CUSTOM_WORDS " FROM mpf_custom AS c " \
			"WHERE c.file = mpf_file.file), '')"
#define DEVICE_WORDS	W(uid) W(device_id) W(port) \
			W(board_id) W(variant) W(version) \
			W(commit_id) W(file_name) W(sha256) \
			W(source) "iif(custom, 'custom', '')"
#define EVENT_WORDS	W(uid) W(device_id) W(host) W(user) \
			W(port) W(board_id) W(variant) \
			W(version_before) W(version) W(file_name) \
			W(sha256) W(method) W(what) W(stage) \
			W(error_code) W(error_message) \
			"coalesce(note, '')"
#define BOARD_WORDS	W(port) W(board_id) W(variant) \
			W(name) W(machine) W(mcu) \
			W(product) W(vendor) "coalesce(" \
			"variant_text, '')"

/*
 * Many words begin so: without an index of beginnings SQLite would gather all
 * rows of all these words before the first is told.
 */
#define PREFIXES	", prefix='1 2 3'"

/*
 * An index of words, whose rows have the numbers of those that they are of.
 * The indexes of what changes keep the words, which they need to take a row
 * out: the row may have been changed by another program since.  (Triggers could
 * keep them right, but SQLite 3.40 trusts no trigger that writes to an index of
 * words.)
 */
#define FINDER(t, name, opts, key, text) { \
	.index = name, .words = opts ": " text, \
	.drop = "DROP TABLE IF EXISTS " name, \
	.make = "CREATE VIRTUAL TABLE " name " USING fts5(words" opts ")", \
	.fill = "INSERT INTO " name " (rowid, words) SELECT id, " text \
	    " FROM " t, \
	.add = "INSERT OR REPLACE INTO " name " (rowid, words) " \
	    "SELECT id, " text " FROM " t " WHERE " key " = ?1", \
	.take = "DELETE FROM " name " WHERE rowid IN (SELECT id FROM " t \
	    " WHERE " key " = ?1)" }

static const struct finder {
	const char	*index, *words;	/* words: with the options */
	const char	*drop, *make, *fill, *add, *take;
} finders[] = {
	[FIND_FILE] = FINDER("mpf_file", "mpf_find_file", PREFIXES, "file",
	    FILE_WORDS),
	[FIND_DEVICE] = FINDER("mpf_device", "mpf_find_device", "", "uid",
	    DEVICE_WORDS),
	[FIND_EVENT] = FINDER("mpf_event", "mpf_find_event",
	    ", content=''" PREFIXES, "id", EVENT_WORDS),
	[FIND_BOARD] = FINDER("main.mpf_board", "mpf_find_board",
	    ", content=''", "id", BOARD_WORDS),
};

static const char guards[] =
    "DROP TRIGGER IF EXISTS mpf_event_kept;"
    "DROP TRIGGER IF EXISTS mpf_event_whole;"
    "CREATE TRIGGER mpf_event_kept BEFORE UPDATE ON mpf_event BEGIN "
    "SELECT RAISE(ABORT, 'the history can only be added to'); END;"
    "CREATE TRIGGER mpf_event_whole BEFORE DELETE ON mpf_event BEGIN "
    "SELECT RAISE(ABORT, 'the history can only be added to'); END;"
    /* mpflash writes to its table; it need not know of the search. */
    "DROP TRIGGER IF EXISTS mpf_theirs_new;"
    "DROP TRIGGER IF EXISTS mpf_theirs_gone;"
    "CREATE TRIGGER mpf_theirs_new AFTER INSERT ON firmwares BEGIN "
    "INSERT OR IGNORE INTO mpf_theirs (id) VALUES (new.rowid); END;"
    "CREATE TRIGGER mpf_theirs_gone AFTER DELETE ON firmwares BEGIN "
    "DELETE FROM mpf_theirs WHERE id = old.rowid; END;"
    "DELETE FROM mpf_theirs;"
    "INSERT INTO mpf_theirs (id) SELECT f.rowid FROM firmwares AS f "
    "WHERE NOT EXISTS (SELECT 1 FROM mpf_file AS m "
    "WHERE m.file = replace(f.firmware_file, '\\', '/'))";

/* 1: the index is there, and of these words; 0; -1. */
static int
finder_there(struct store *s, const struct finder *f, struct err *e)
{
	struct query q;
	int r;

	if (query_begin(s, "SELECT 1 FROM mpf_find WHERE name = ?1 AND "
	    "words = ?2", &q, e) == -1)
		return -1;
	query_text(&q, f->index);
	query_text(&q, f->words);
	r = query_next(&q, e);
	query_end(&q);
	return r;
}

static int
note_finder(struct store *s, const struct finder *f, struct err *e)
{
	struct query q;

	if (query_begin(s, "INSERT INTO mpf_find (name, words) VALUES "
	    "(?1, ?2) ON CONFLICT (name) DO UPDATE SET words = ?2", &q,
	    e) == -1)
		return -1;
	query_text(&q, f->index);
	query_text(&q, f->words);
	return query_run(&q, e);
}

static int
make_finder(struct store *s, const struct finder *f, struct err *e)
{
	const int there = finder_there(s, f, e);

	if (there != 0)
		return there == 1 ? 0 : -1;
	return db_exec(s, f->drop, e) == 0 && db_exec(s, f->make, e) == 0 &&
	    db_exec(s, f->fill, e) == 0 ? note_finder(s, f, e) : -1;
}

int
derived_make(struct store *s, struct err *e)
{
	if (db_exec(s, "CREATE TABLE IF NOT EXISTS mpf_find "
	    "(name TEXT NOT NULL PRIMARY KEY, words TEXT NOT NULL)", e) == -1)
		return -1;
	for (size_t i = 0; i < N(finders); i++)
		if (make_finder(s, &finders[i], e) == -1)
			return -1;
	return db_exec(s, guards, e) == -1 ? -1 : views_make(s, e);
}

int
find_refill(struct store *s, enum find_what what, struct err *e)
{
	const struct finder *f = &finders[what];

	return db_exec(s, f->drop, e) == 0 && db_exec(s, f->make, e) == 0 ?
	    db_exec(s, f->fill, e) : -1;
}

int
find_take(struct store *s, enum find_what what, const char *key,
    struct err *e)
{
	struct query q;

	if (query_begin(s, finders[what].take, &q, e) == -1)
		return -1;
	query_text(&q, key);
	return query_run(&q, e);
}

int
find_add(struct store *s, enum find_what what, const char *key,
    struct err *e)
{
	struct query q;

	if (query_begin(s, finders[what].add, &q, e) == -1)
		return -1;
	query_text(&q, key);
	return query_run(&q, e);
}

int
find_add_number(struct store *s, enum find_what what, int64_t key,
    struct err *e)
{
	struct query q;

	if (query_begin(s, finders[what].add, &q, e) == -1)
		return -1;
	query_int(&q, key);
	return query_run(&q, e);
}
