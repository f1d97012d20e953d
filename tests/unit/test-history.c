/* SPDX-License-Identifier: MIT */
#include "store/history.h"

#include "base/buf.h"
#include "base/file.h"
#include "store-test.h"

static struct store *s;
static struct err e = ERR_INIT;

/* Everybody may write to the file, and knows SQL. */
static void
tamper(const char *sql)
{
	char path[256];
	sqlite3 *db = NULL;

	snprintf(path, sizeof(path), "%s/mpflash.db", store_dir(s));
	OK(sqlite3_open(path, &db) == SQLITE_OK &&
	    sqlite3_exec(db, sql, NULL, NULL, NULL) == SQLITE_OK);
	sqlite3_close(db);
}

static void
add_event(const char *uid, const char *at, const char *what)
{
	struct store_event ev = STORE_EVENT_INIT;

	ev.uid = uid;
	ev.device_id = "h/usb/1-1";
	ev.at = at;
	ev.what = what;
	ev.note = "1:x;2:'--\"";
	ev.attempts = 1;
	OK(store_begin(s, &e) == 0 && store_event_add(s, &ev, &e) == 0 &&
	    store_commit(s, &e) == 0);
}

static int
note_id(const struct store_event *ev, void *ctx)
{
	char *ids = ctx;
	const size_t n = strlen(ids);

	snprintf(ids + n, 64 - n, "%d%s ", (int)ev->id,
	    ev->uid != NULL ? ev->uid : "-");
	return 0;
}

static void
check_filter(const struct history_filter *f, const char *want)
{
	char ids[64] = "";

	OK(store_history(s, f, note_id, ids, &e) == 0);
	IS_STR(ids, want);
}

static void
check_filters(void)
{
	struct history_filter f = HISTORY_FILTER_INIT;

	check_filter(&f, "1e1 2- 3e2 ");
	f.limit = 2;
	check_filter(&f, "2- 3e2 ");
	f = (struct history_filter){ .uid = "e2", .limit = -1 };
	check_filter(&f, "3e2 ");
	f = (struct history_filter){ .device_id = "h/usb/1-1", .limit = 1 };
	check_filter(&f, "3e2 ");
	f = (struct history_filter){ .what = "failed", .limit = -1 };
	check_filter(&f, "2- ");
	f = (struct history_filter){ .since = "2026-01-02T00:00:00Z",
	    .until = "2026-01-03T00:00:00Z", .limit = -1 };
	check_filter(&f, "2- ");
}

/* What verify says after that change; it is undone by a copy. */
static void
check_broken(const char *sql, int64_t at, const char *why)
{
	struct history_proof p;

	tamper("DROP TRIGGER IF EXISTS mpf_event_kept;"
	    "DROP TRIGGER IF EXISTS mpf_event_whole;"
	    "CREATE TABLE saved AS SELECT * FROM mpf_event");
	tamper(sql);
	OK(store_history_verify(s, NULL, &p, &e) == 0);
	OK(p.broken == at);
	OK(strstr(p.why, why) != NULL);
	tamper("DELETE FROM mpf_event;"
	    "INSERT INTO mpf_event SELECT * FROM saved; DROP TABLE saved");
	OK(store_history_verify(s, NULL, &p, &e) == 0 && p.broken == -1);
}

static void
check_chain(void)
{
	static const char not_so[] = "0000000000000000000000000000000000000000"
	    "000000000000000000000000";
	struct history_proof p, later;

	OK(store_history_verify(s, NULL, &p, &e) == 0);
	OK(p.broken == -1 && p.events == 3 && !p.found);
	add_event("e3", "2026-01-04T00:00:00Z", "flashed");
	OK(store_history_verify(s, p.head, &later, &e) == 0);
	OK(later.events == 4 && later.found &&
	    strcmp(later.head, p.head) != 0);
	OK(store_history_verify(s, not_so, &later, &e) == 0 && !later.found);

	check_broken("UPDATE mpf_event SET at = '2027' WHERE id = 2", 2,
	    "not as it was");
	check_broken("UPDATE mpf_event SET uid = '' WHERE id = 2", 2, "not as");
	check_broken("UPDATE mpf_event SET took_ms = 1 WHERE id = 3", 3,
	    "not as");
	check_broken("DELETE FROM mpf_event WHERE id = 2", 3, "not as");
	check_broken("DELETE FROM mpf_event WHERE id = 4", 4, "missing");
	check_broken("DELETE FROM mpf_event", 1, "missing");
	check_broken("UPDATE mpf_event SET id = 9 WHERE id = 1", 2, "not as");
	check_broken("INSERT INTO mpf_event (at, what) VALUES ('2', 'x')", 5,
	    "not as");
	check_broken("UPDATE mpf_event SET chain = x'00' WHERE id = 1", 1,
	    "not as");
	/* A value that moves to the next column, where it says the same. */
	check_broken("UPDATE mpf_event SET stages = note, note = NULL "
	    "WHERE id = 2", 2, "not as");
}

/* A whole chain that is another than the head says. */
static void
check_head(void)
{
	struct history_proof p;

	tamper("CREATE TABLE was AS SELECT * FROM mpf_head;"
	    "UPDATE mpf_head SET chain = zeroblob(32)");
	OK(store_history_verify(s, NULL, &p, &e) == 0 && p.broken == 4);
	IS_STR(p.why, "the noted head is another");
	tamper("UPDATE mpf_head SET chain = (SELECT chain FROM was);"
	    "DROP TABLE was");
	OK(store_history_verify(s, NULL, &p, &e) == 0 && p.broken == -1);
}

/* SQL alone is told that this is not done. */
static void
check_guards(const char *folder)
{
	const int64_t n = number(folder, "SELECT count(*) FROM mpf_event");

	number(folder, "DELETE FROM mpf_event WHERE id = 1");
	number(folder, "UPDATE mpf_event SET what = 'x' WHERE id = 1");
	OK(n > 0 && n == number(folder, "SELECT count(*) FROM mpf_event "
	    "WHERE what <> 'x'"));
}

static void
check_known(void)
{
	struct store_event ev = STORE_EVENT_INIT;

	ev.uid = "e2";
	ev.device_id = "h/usb/1-1";
	ev.at = "2026-01-03T00:00:00Z";
	ev.what = "recorded";
	ev.note = "1:x;2:'--\"";
	ev.attempts = 1;
	OK(store_event_known(s, &ev, &e) == 1);
	ev.attempts = 2;
	OK(store_event_known(s, &ev, &e) == 0);
	ev.attempts = 1;
	ev.error_code = "busy";
	OK(store_event_known(s, &ev, &e) == 0);
}

/* The rows of a time before there was a chain have one. */
static void
check_migrated(const char *v3)
{
	struct buf sql = BUF_MAX(1u << 20);
	struct history_proof p;
	const char *folder;

	OK(file_read(v3, &sql, &e) == 0);
	folder = folder_with("past", sql.data);
	buf_release(&sql);
	OK(store_open(folder, STORE_READ, &s, &e) == 0);
	OK(store_history_verify(s, NULL, &p, &e) == 0 && p.events == 2 &&
	    p.broken == -1);
	store_close(s);
	OK(store_open(folder, STORE_WRITE, &s, &e) == 0);
	OK(store_history_verify(s, p.head, &p, &e) == 0 && p.found &&
	    p.broken == -1);
	check_guards(folder);
	store_close(s);
}

static int
note_success(const struct history_success *h, void *ctx)
{
	int64_t *n = ctx;

	n[0] += h->installations;
	n[1] += h->attempts;
	n[2] += h->first_pass;
	n[3] += h->final;
	return 0;
}

/* attempt: state NULL: the board was never touched. */
static void
add_attempt(const char *uid, bool done, const char *state, int64_t attempts)
{
	struct store_event ev = STORE_EVENT_INIT;

	ev.uid = uid;
	ev.at = "2026-02-01T00:00:00Z";
	ev.what = done ? "flashed" : "failed";
	ev.stage = done ? NULL : "flash";
	ev.state = state;
	ev.attempts = attempts;
	OK(store_event_add(s, &ev, &e) == 0);
}

static void
check_success(void)
{
	int64_t n[4] = { 0 };

	OK(store_open(in_tmp("success"), STORE_WRITE, &s, &e) == 0);
	OK(store_begin(s, &e) == 0);
	add_attempt("e1", true, "running", 1);		/* at once */
	add_attempt("e1", false, "unknown", 1);		/* at the second */
	add_attempt("e1", true, "running", 1);
	add_attempt("e2", true, "running", 3);		/* by itself */
	add_attempt("e3", false, "bootloader", -1);	/* not yet */
	add_attempt("e4", false, NULL, -1);		/* never begun */
	OK(store_commit(s, &e) == 0);
	OK(store_history_success(s, NULL, note_success, n, &e) == 0);
	OK(n[0] == 4 && n[1] == 7 && n[2] == 1 && n[3] == 3);
	memset(n, 0, sizeof(n));
	OK(store_history_success(s, "2026-03-01T00:00:00Z", note_success, n,
	    &e) == 0 && n[0] == 0);
	store_close(s);
}

int
main(void)
{
	char v3[PATH_MAX];

	OK(realpath("tests/data/store/v3.sql", v3) != NULL);
	begin_in_tmp();
	OK(store_open(in_tmp("fw"), STORE_WRITE, &s, &e) == 0);
	add_event("e1", "2026-01-01T00:00:00Z", "flashed");
	add_event(NULL, "2026-01-02T00:00:00Z", "failed");
	add_event("e2", "2026-01-03T00:00:00Z", "recorded");
	check_filters();
	check_guards(store_dir(s));
	check_known();
	check_chain();
	check_head();
	store_close(s);
	check_migrated(v3);
	check_success();
	return tap_done();
}
