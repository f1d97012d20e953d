/* SPDX-License-Identifier: MIT */
#include "journal/journal.h"

#include <sqlite3.h>

#include "../tests/unit/tap.h"
#include "../tests/unit/tmp.h"

#define NOW	"2026-11-21T08:00:00Z"
#define LATER	"2026-11-22T08:00:00Z"

static const struct journal flashed = { .device_id = "h/usb/1-1", .uid = "e6",
	.flashed = true, .port = "rp2", .board_id = "X", .variant = "V",
	.version = "v1.2", .build = 7, .commit = "abc", .custom = 1,
	.flash_date = "2026-11-20T12:00:00Z", .source = "https://x/y",
	.file_name = "y", .sha256 = "00ff" };

/* The columns of the first row that are not NULL, with blanks between. */
static void
is_value(const char *sql, const char *want)
{
	struct buf got = BUF_INIT;
	sqlite3_stmt *st = NULL;
	sqlite3 *db = NULL;

	if (sqlite3_open_v2("mpflash.db", &db, SQLITE_OPEN_READWRITE, NULL) !=
	    SQLITE_OK || sqlite3_prepare_v2(db, sql, -1, &st, NULL) !=
	    SQLITE_OK || sqlite3_step(st) != SQLITE_ROW)
		printf("# %s\n", sqlite3_errmsg(db));
	for (int i = 0; i < sqlite3_data_count(st); i++) {
		const unsigned char *v = sqlite3_column_text(st, i);

		if (v != NULL)
			buf_addf(&got, "%s%s", got.len > 0 ? " " : "", v);
	}
	IS_STR(got.data, want);
	buf_release(&got);
	sqlite3_finalize(st);
	sqlite3_close(db);
}

static void
run_sql(const char *sql)
{
	sqlite3 *db = NULL;

	OK(sqlite3_open_v2("mpflash.db", &db, SQLITE_OPEN_READWRITE, NULL) ==
	    SQLITE_OK && sqlite3_exec(db, sql, NULL, NULL, NULL) ==
	    SQLITE_OK);
	sqlite3_close(db);
}

#define ROW "SELECT device_id, port, board_id, variant, " \
	"version, build, commit_id, custom, source, file_name, sha256, " \
	"flashed_at, recorded_at FROM mpf_device WHERE uid = 'e6'"
#define EVENT "SELECT uid, device_id, at, what, version, " \
	"sha256, error_code, error_message FROM mpf_event ORDER BY rowid DESC"
#define EVENTS "SELECT count(*) FROM mpf_event"

static void
write_it(struct store *s, const struct journal *j, const char *now,
    bool want)
{
	struct err e = ERR_INIT;
	bool written = !want;

	OK(store_begin(s, &e) == 0);
	OK(journal_write_store(j, s, now, &written, &e) == 0);
	OK(store_commit(s, &e) == 0);
	OK(written == want);
	IS_STR(e.msg, "");
}

static void
test_flashed(struct store *s)
{
	write_it(s, &flashed, NOW, true);
	is_value(ROW, "h/usb/1-1 rp2 X V v1.2 7 abc 1 https://x/y y 00ff "
	    "2026-11-20T12:00:00Z " NOW);
	is_value(EVENT, "e6 h/usb/1-1 2026-11-20T12:00:00Z flashed v1.2 00ff");
	write_it(s, &flashed, LATER, false);
	is_value(EVENTS, "1");
}

/* Found as it was: what was seen when it was flashed stays known. */
static void
test_skipped(struct store *s)
{
	struct journal j = { .device_id = "h/usb/1-1", .uid = "e6",
		.port = "rp2", .board_id = "X", .variant = "V",
		.version = "v1.2", .build = -1, .custom = -1 };

	write_it(s, &j, LATER, false);
	is_value(EVENTS, "1");

	j.device_id = "h/usb/2-1";
	write_it(s, &j, LATER, true);
	is_value(ROW, "h/usb/2-1 rp2 X V v1.2 7 abc 1 https://x/y y 00ff "
	    "2026-11-20T12:00:00Z " LATER);
	is_value(EVENT, "e6 h/usb/2-1 " LATER " recorded v1.2");

	/* somebody else put another version there */
	j.version = "v1.3";
	write_it(s, &j, NOW, true);
	is_value(ROW, "h/usb/2-1 rp2 X V v1.3 0 " NOW);
	j.build = 9;
	write_it(s, &j, NOW, true);
	j.build = 10;
	j.commit = "fff";
	write_it(s, &j, NOW, true);
	j.commit = "eee";
	write_it(s, &j, NOW, true);
	write_it(s, &j, LATER, false);
	j.custom = 1;
	write_it(s, &j, LATER, true);
	is_value(ROW, "h/usb/2-1 rp2 X V v1.3 10 eee 1 " LATER);
}

/* Flashed again: nothing of the file before it stays. */
static void
test_again(struct store *s)
{
	struct journal j = flashed;

	write_it(s, &j, NOW, true);
	j.sha256 = j.source = j.file_name = j.flash_date = NULL;
	write_it(s, &j, NOW, true);
	is_value(ROW, "h/usb/1-1 rp2 X V v1.2 7 abc 1 " NOW);
	is_value(EVENT, "e6 h/usb/1-1 " NOW " flashed v1.2");
}

/* The row and its event come together, or neither does. */
static void
test_half(struct store *s)
{
	struct journal j = flashed;
	struct err e = ERR_INIT;
	bool written;

	OK(journal_write_store(&j, s, NOW, &written, &e) == -1 &&
	    e.code == ERR_INTERNAL);		/* in no group */
	j.uid = "e7";
	run_sql("ALTER TABLE mpf_event RENAME TO mpf_away");
	OK(store_begin(s, &e) == 0);
	OK(journal_write_store(&j, s, NOW, &written, &e) == -1);
	OK(e.code == ERR_IO);
	OK(store_commit(s, &e) == 0);
	run_sql("ALTER TABLE mpf_away RENAME TO mpf_event");
	is_value("SELECT count(*) FROM mpf_device WHERE uid = 'e7'", "0");
	write_it(s, &j, NOW, true);
	is_value("SELECT count(*) FROM mpf_device WHERE uid = 'e7'", "1");
	run_sql("DELETE FROM mpf_device WHERE uid = 'e7'");

	run_sql("ALTER TABLE mpf_device RENAME TO mpf_away");
	OK(store_begin(s, &e) == 0);
	OK(journal_write_store(&j, s, NOW, &written, &e) == -1);
	store_rollback(s);
	run_sql("ALTER TABLE mpf_away RENAME TO mpf_device");
}

/* Of a group, what fails is taken back alone; the others stay. */
static void
test_group(struct store *s)
{
	struct journal j = flashed;
	struct err e = ERR_INIT;
	bool written;

	run_sql("CREATE TRIGGER no_e9 BEFORE INSERT ON mpf_event WHEN new.uid "
	    "= 'e9' BEGIN SELECT RAISE(FAIL, 'no e9 here'); END");
	OK(store_begin(s, &e) == 0);
	for (const char *uid = "e8\0e9\0ea\0"; *uid != '\0'; uid += 3) {
		j.uid = uid;
		OK(journal_write_store(&j, s, NOW, &written, &e) ==
		    (uid[1] == '9' ? -1 : 0));
	}
	OK(strstr(e.msg, "no e9 here") != NULL);
	is_value("SELECT count(*) FROM mpf_device WHERE uid > 'e7'", "0");
	OK(store_commit(s, &e) == 0);
	is_value("SELECT group_concat(uid) FROM (SELECT uid FROM mpf_device "
	    "WHERE uid > 'e7' ORDER BY uid)", "e8,ea");
	run_sql("DELETE FROM mpf_device WHERE uid > 'e7';"
	    "DROP TRIGGER no_e9");

	/* Where the database gives up the group, nobody is told it is in. */
	run_sql("CREATE TRIGGER no_e9 BEFORE INSERT ON mpf_event WHEN new.uid "
	    "= 'e9' BEGIN SELECT RAISE(ROLLBACK, 'all is lost'); END");
	OK(store_begin(s, &e) == 0);
	for (const char *uid = "e8\0e9\0ea\0"; *uid != '\0'; uid += 3) {
		j.uid = uid;
		OK(journal_write_store(&j, s, NOW, &written, &e) ==
		    (uid[1] == '8' ? 0 : -1));
	}
	OK(store_commit(s, &e) == -1 && strstr(e.msg, "all is lost") != NULL);
	is_value("SELECT count(*) FROM mpf_device WHERE uid > 'e7'", "0");
	run_sql("DROP TRIGGER no_e9");
	OK(store_begin(s, &e) == 0);
	store_rollback(s);
}

/* The database knows boards by their id. */
static void
test_without_id(struct store *s)
{
	struct journal j = flashed;

	j.uid = NULL;
	write_it(s, &j, NOW, true);
	is_value("SELECT count(*) FROM mpf_device", "1");
	is_value(EVENT, "h/usb/1-1 2026-11-20T12:00:00Z flashed v1.2 00ff");
	write_it(s, &j, LATER, false);		/* the very same flash */

	j.flashed = false;
	j.flash_date = j.sha256 = NULL;
	write_it(s, &j, LATER, false);		/* and nothing has changed */
	j.device_id = "h/usb/9-1";
	write_it(s, &j, LATER, true);
	write_it(s, &j, LATER, false);
	j.version = "v1.3";
	write_it(s, &j, LATER, true);
	is_value(EVENT, "h/usb/9-1 " LATER " recorded v1.3");
	j.sha256 = "01";
	write_it(s, &j, LATER, true);
	run_sql("INSERT INTO mpf_event (device_id, at, what, version, sha256) "
	    "VALUES ('h/usb/9-1', 'x', 'failed', 'v1.3', '01')");
	write_it(s, &j, LATER, true);
	write_it(s, &j, LATER, false);
}

static struct record *
record(const char *json)
{
	struct err e = ERR_INIT;
	struct record *rec = NULL;

	OK(record_parse(json, strlen(json), &rec, &e) == 0);
	return rec;
}

static void
test_failed(struct store *s)
{
	static const struct {
		const char	*json;
		bool		 worth;
	} rows[] = {
		{ "{\"mpf\":1,\"error\":{\"stage\":\"detect\"}}", false },
		{ "{\"mpf\":1,\"device\":{\"id\":\"d\"}}", false },
		{ "{\"mpf\":1,\"device\":{\"id\":\"d\"},\"error\":{\"stage\":"
		  "\"record\",\"code\":\"cancelled\"}}", false },
		{ "{\"mpf\":1,\"device\":{\"id\":\"d\"},\"error\":{\"stage\":"
		  "\"record\",\"code\":\"io\"}}", true },
		{ "{\"mpf\":1,\"device\":{\"id\":\"d\"},\"error\":{\"stage\":"
		  "\"flash\",\"code\":\"cancelled\"}}", true },
		{ "{\"mpf\":1,\"device\":{\"id\":\"d\"},\"flash\":{\"dry_run\""
		  ":true},\"error\":{\"stage\":\"flash\"}}", false },
		{ "{\"mpf\":1,\"device\":{\"id\":\"d\"},\"board\":{\"uid\":"
		  "\"e6\"},\"firmware\":{\"version\":\"v1.2\"},\"image\":{"
		  "\"sha256\":\"00\"},\"error\":{\"stage\":\"flash\",\"code\":"
		  "\"verify\",\"message\":\"d: not so\"}}", true },
	};
	struct record *rec = NULL;
	struct err e = ERR_INIT;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		record_free(rec);
		rec = record(rows[i].json);
		OK(journal_failed(rec) == rows[i].worth);
	}
	OK(store_begin(s, &e) == 0);
	OK(journal_write_failed(rec, s, NOW, &e) == 0);
	OK(store_commit(s, &e) == 0);
	is_value(EVENT, "e6 d " NOW " failed v1.2 00 verify d: not so");
	record_free(rec);
}

int
main(void)
{
	struct err e = ERR_INIT;
	struct store *s = NULL;
	char *share = realpath("share", NULL);

	if (share != NULL)
		setenv("MPF_SHARE", share, 1);
	free(share);
	tmp_enter();
	OK(store_open(".", STORE_WRITE, &s, &e) == 0);
	IS_STR(e.msg, "");
	if (s != NULL) {
		test_flashed(s);
		test_skipped(s);
		test_again(s);
		test_half(s);
		test_group(s);
		test_without_id(s);
		test_failed(s);
		store_close(s);
	}
	tmp_leave();
	return tap_done();
}
