/* SPDX-License-Identifier: MIT */

/* mpf-record: write down on each board, and in the database, what it runs. */

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "journal/journal.h"
#include "tool/tool.h"

#define TIMEOUT_MS	20000
#define TEXT		"record.text"	/* from a worker to its parent alone */

struct opts {
	const char	*dir;
	bool		 no_board, no_database;
	int64_t		 timeout_ms;
	struct store	*store;		/* the parent's; NULL: not open yet */
	bool		 group;		/* of writes, begun and not committed */
	struct record	**unsure;	/* those that it is about */
	size_t		 n_unsure;
};

static bool
wants(const struct record *rec, void *ctx)
{
	struct journal j;
	struct err ignored;

	(void)ctx;
	if (!record_has(rec, "device"))
		return false;		/* firmware alone, fetched by hand */
	return journal_read(rec, &j, &ignored) != 0;
}

static int
check_options(void *ctx, struct err *e)
{
	const struct opts *o = ctx;

	if (o->no_board && o->no_database)
		return err_set(e, ERR_USAGE, "--no-board and --no-database "
		    "leave nothing to do");
	return 0;
}

/* A board is talked to by a process of its own, if there is need. */
static bool
needs_board(const struct record *rec, void *ctx)
{
	const struct opts *o = ctx;
	struct journal j;
	struct err ignored;

	return !o->no_board && journal_read(rec, &j, &ignored) == 1 &&
	    !journal_current(&j, rec);
}

static void
put_toml(struct record *rec, const char *state, const char *reason)
{
	record_put_str(rec, "record.toml", state);
	if (reason != NULL)
		record_put_str(rec, "record.toml_reason", reason);
}

/* On the board. */
static int
record_board(struct record *rec, void *ctx, struct err *e)
{
	const struct opts *o = ctx;
	struct journal_done done = { .renamed = true };
	const int64_t began = clock_ms();
	int64_t took = -1;
	struct journal j;

	if (journal_read(rec, &j, e) == -1)
		return -1;
	if (o->no_board) {
		if (!journal_current(&j, rec))
			put_toml(rec, "queued", "--no-board");
		return 0;
	}
	if (!journal_current(&j, rec)) {
		if (journal_write_board(&j, tool_sysroot(),
		    began + o->timeout_ms, &done, e) == -1)
			return -1;
		took = clock_ms() - began;
	}
	if (done.replaced)
		log_msg("%s: its %s was no TOML, and is kept as %s.bad",
		    j.device_id, JOURNAL_FILE, JOURNAL_FILE);
	if (!done.renamed)
		log_verbose("%s: it can not rename files: %s was written in "
		    "place", j.device_id, JOURNAL_FILE);
	if (done.none[0] != '\0')
		put_toml(rec, done.later ? "queued" : "none", done.none);
	else
		put_toml(rec, done.written ? "written" : "unchanged", NULL);
	if (took != -1)
		record_put_int(rec, "record.took_ms", took);
	if (done.text != NULL)
		record_put_str(rec, TEXT, done.text);
	free(done.text);
	return 0;
}

/* From here on rec is told only when all that is written is sure to stay. */
static int
begin_group(struct opts *o, struct record *rec, struct err *e)
{
	if (o->store == NULL &&
	    store_open_folder(o->dir, STORE_WRITE, &o->store, e) == -1)
		return -1;
	if (!o->group && store_begin(o->store, e) == -1)
		return -1;
	o->group = true;
	o->unsure = mem_grow(o->unsure, o->n_unsure + 1, sizeof(*o->unsure));
	o->unsure[o->n_unsure++] = rec;
	return 0;
}

static int
not_kept(const struct opts *o, const struct record *rec, struct err *e)
{
	if (record_failed(rec))
		return err_wrap(e, "the failure is not in the history");
	if (e->hint[0] == '\0')
		err_hint(e, "fix that and run it again, or name another folder "
		    "with --dir");
	return err_wrap(e, o->no_board ? "not in the database" :
	    "on the board, but not in the database");
}

/* What was written for these records is not there, if the commit fails. */
static void
commit_group(void *ctx)
{
	struct opts *o = ctx;
	struct err e = ERR_INIT, why;

	if (o->group && store_commit(o->store, &e) == -1) {
		for (size_t i = 0; i < o->n_unsure; i++) {
			struct record *rec = o->unsure[i];

			why = e;
			not_kept(o, rec, &why);
			if (i == 0)
				log_err(&why);
			if (record_failed(rec))
				continue;	/* for a reason of its own */
			record_drop(rec, "record.database");
			record_drop(rec, "record.at");
			record_fail(rec, "record", &why);
		}
	}
	o->group = false;
	o->n_unsure = 0;
}

static int
record_row(const struct journal *j, struct opts *o, struct record *rec,
    const char *now, struct err *e)
{
	bool written;

	if (begin_group(o, rec, e) == -1 ||
	    journal_write_store(j, o->store, now, &written, e) == -1)
		return not_kept(o, rec, e);
	if (j->uid != NULL)
		record_put_str(rec, "record.database", written ? "written" :
		    "unchanged");
	return 0;
}

/* After the board and its row: what became of the file, and are they alike? */
static int
compare_both(const struct journal *j, struct opts *o,
    const struct record *rec, const char *now, struct err *e)
{
	const char *state = record_str(rec, "record.toml");
	const char *text = record_str(rec, TEXT);

	if (state == NULL)
		return 0;
	if (journal_write_toml(j, o->store, now, state,
	    record_str(rec, "record.toml_reason"), text, e) == -1)
		return not_kept(o, rec, e);
	return journal_compare(j, o->store, text, e);
}

static int
record_failure(struct record *rec, struct opts *o, const char *now,
    struct err *e)
{
	if (o->no_database || !journal_failed(rec))
		return 0;
	if (begin_group(o, rec, e) == -1 ||
	    journal_write_failed(rec, o->store, now, e) == -1)
		return not_kept(o, rec, e);
	return 0;
}

/* In the database, which belongs to the parent alone. */
static int
record_database(struct record *rec, void *ctx, struct err *e)
{
	struct opts *o = ctx;
	char now[CLOCK_TEXT];
	struct journal j;

	int r = 0;

	clock_text(clock_wall(), now);
	if (record_failed(rec))
		return record_failure(rec, o, now, e);
	if (journal_read(rec, &j, e) == -1)
		return -1;
	if (!o->no_database && (record_row(&j, o, rec, now, e) == -1 ||
	    compare_both(&j, o, rec, now, e) == -1))
		r = -1;
	record_drop(rec, TEXT);
	if (r == 0)
		record_put_str(rec, "record.at", now);
	return r;
}

static void
close_store(void *ctx)
{
	struct opts *o = ctx;

	store_close(o->store);
	free(o->unsure);
}

/* "written"; where board and database differ, both. */
static void
show_record(const struct record *rec, struct buf *out)
{
	struct buf board = BUF_INIT, database = BUF_INIT;

	record_text(rec, "record.toml", &board);
	record_text(rec, "record.database", &database);
	if (database.len == 0 || strcmp(board.data, database.data) == 0)
		buf_adds(out, board.data);
	else if (board.len == 0)
		buf_adds(out, database.data);
	else
		buf_addf(out, "board %s, database %s", board.data,
		    database.data);
	buf_release(&board);
	buf_release(&database);
}

int
main(int argc, char *argv[])
{
	struct opts o = { .timeout_ms = TIMEOUT_MS };
	const struct opt opts[] = {
		OPT_STR('d', "dir", "DIR", &o.dir,
		    "use DIR as the firmware folder"),
		OPT_FLAG(0, "no-board", &o.no_board,
		    "write to the database, not to the boards"),
		OPT_FLAG(0, "no-database", &o.no_database,
		    "write to the boards, not to the database"),
		OPT_MS('t', "timeout", "TIME", &o.timeout_ms,
		    "work at most TIME on each board"),
		OPT_END
	};
	static const struct column columns[] = {
		{ "DEVICE", NULL, COLUMN_NAME, NULL },
		{ "BOARD", "board.board_id", COLUMN_NAME, NULL },
		{ "VERSION", NULL, COLUMN_NAME, column_versions },
		{ "ACTION", NULL, COLUMN_STATE, column_action },
		{ "RECORD", NULL, COLUMN_STATE, show_record },
		{ "REASON", "firmware.reason", COLUMN_REASON, NULL },
		COLUMN_END
	};
	const struct tool t = {
		.name = "mpf-record",
		.summary = "write down, on the boards and in the database, "
		    "what they run",
		.synopsis = "[options] <records",
		.examples = "  mpf-flash <plan | mpf-record\n"
		    "  mpf-detect | mpf-resolve | mpf-record --no-board\n",
		.feeder = "mpf-flash <plan | mpf-record",
		.opts = opts,
		.columns = columns,
		.ctx = &o,
		.share = true,
		.begin = check_options,
		.wants = wants,
		.filter = record_board,
		.finish = record_database,
		.finish_failed = true,
		.commit = commit_group,
		.end = close_store,
		.workers = true,
		.forks = needs_board,
	};

	return tool_main(&t, argc, argv);
}
