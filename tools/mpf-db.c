/* SPDX-License-Identifier: MIT */

/* mpf-db: what the database knows of firmware and boards, and its history. */

#include <stdlib.h>
#include <string.h>

#include "base/dirs.h"
#include "base/stop.h"
#include "db/db.h"
#include "store/group.h"

#define TIMEOUT_MS	20000

#define READ(n, l, m, u, w, c)	{ .name = (n), .least = (l), .most = (m), \
				  .usage = (u), .work = (w), .columns = (c) }
#define FIND(n, l, m, u, w)	{ .name = (n), .least = (l), .most = (m), \
				  .usage = (u), .work = (w), \
				  .columns = db_rows, .below = true }
#define WRITE(n, l, m, u, w)	{ .name = (n), .least = (l), .most = (m), \
				  .usage = (u), .work = (w), \
				  .columns = db_rows, .writes = true }

static const struct verb verbs[] = {
	FIND("list", 0, 1, "list [firmware | boards | queue]", db_list),
	FIND("search", 1, WORDS_MAX, "search WORD...", db_search),
	FIND("show", 1, 1, "show NAME", db_show),
	READ("history", 0, 1, "history [NAME | verify]", db_history,
	    db_events),
	READ("stats", 0, 0, "stats", db_stats, db_statistics),
	FIND("outdated", 0, 0, "outdated", db_outdated),
	READ("check", 0, 0, "check", db_check, db_rows),
	WRITE("remove", 1, WORDS_MAX, "remove NAME...", db_remove),
	WRITE("prune", 0, 0, "prune", db_prune),
	READ("export", 0, 0, "export [--toml DIR]", db_export, db_rows),
	WRITE("migrate", 0, 0, "migrate", db_migrate),
	WRITE("create", 0, 0, "create [--shared]", db_create),
	{ .name = "import", .usage = "import <records | --toml DIR",
	    .writes = true, .columns = db_rows, .takes = db_imports,
	    .filter = db_import },
	{ .name = "validate", .least = 1, .most = WORDS_MAX,
	    .usage = "validate FILE...", .work = db_validate,
	    .columns = db_rows, .bare = true },
	{ .name = "sync", .usage = "sync <records", .writes = true,
	    .columns = db_rows, .takes = db_syncs, .filter = db_sync,
	    .rest = db_sync_rest },
};

#define N(a)	(sizeof(a) / sizeof((a)[0]))

static int
take_verb(struct db *db, const char *word, struct err *e)
{
	for (size_t i = 0; i < N(verbs); i++)
		if (strcmp(word, verbs[i].name) == 0) {
			db->verb = &verbs[i];
			return 0;
		}
	err_set(e, ERR_USAGE, "%.80s: not a command of mpf-db", word);
	return err_hint(e, "mpf-db --help lists the commands");
}

static int
take_verb_or_name(const char *word, void *p, struct err *e)
{
	struct db *db = p;

	if (db->verb == NULL)
		return take_verb(db, word, e);
	if (db->n_words == db->verb->most) {
		err_set(e, ERR_USAGE, "%.80s: one word too many for %s",
		    word, db->verb->name);
		return err_hint(e, "mpf-db %s", db->verb->usage);
	}
	db->words[db->n_words++] = word;
	return 0;
}

static int
tell(struct record *rec, const struct err *problem, void *p)
{
	struct db *db = p;

	db->problem = problem;
	tool_feed(db->run, rec);
	db->problem = NULL;
	return stop_requested();
}

static void
show_progress(const char *step, int64_t done, int64_t total,
    const char *unit, void *p)
{
	const struct db *db = p;

	tool_progress_all(db->run, step, done, total, unit);
}

/* What is read may be in the system store alone. */
static int
open_below(struct db *db, int r, struct err *e)
{
	if (r == -1 && (e->code != ERR_NOT_FOUND ||
	    store_memory(&db->l.store, e) == -1))
		return -1;
	if (store_below(db->l.store, e) == -1)
		return -1;
	return r == 0 || store_below_dir(db->l.store) != NULL ? 0 : -1;
}

static int
share_folder(const struct db *db, struct err *e)
{
	char *dir = dirs_firmware(db->dir);
	const int r = store_share(dir, e);

	free(dir);
	return r;
}

static int
open_verb_store(struct db *db, struct err *e)
{
	const bool write = db->verb->writes && !db->l.dry_run;
	int r;

	if (db->verb->bare)
		return 0;
	if (db->shared && share_folder(db, e) == -1)
		return -1;
	r = store_open_folder(db->dir, write ? STORE_WRITE : STORE_READ,
	    &db->l.store, e);
	if (db->verb->below)
		r = open_below(db, r, e);
	if (r == 0 && write && store_readonly(db->l.store) != NULL)
		return err_set(e, ERR_PERMISSION, "%s",
		    store_readonly(db->l.store));
	return r;
}

/* 2026-11-20, or 2026-11-20T12:00:00Z: texts that sort as times do. */
static int
check_time(const char *option, const char *time, struct err *e)
{
	static const char form[] = "0000-00-00T00:00:00Z";
	const size_t n = time != NULL ? strlen(time) : 0;
	bool good = n == 10 || n == sizeof(form) - 1;

	for (size_t i = 0; good && i < n; i++)
		good = form[i] == '0' ? time[i] >= '0' && time[i] <= '9' :
		    time[i] == form[i];
	if (time == NULL || good)
		return 0;
	err_set(e, ERR_USAGE, "--%s %.80s: not a time in UTC", option, time);
	return err_hint(e, "such as 2026-11-20 or 2026-11-20T12:00:00Z");
}

static int
begin(void *p, struct err *e)
{
	struct db *db = p;

	if (db->verb == NULL) {
		err_set(e, ERR_USAGE, "no command");
		return err_hint(e, "mpf-db list, search, show, history, "
		    "stats, outdated, check, remove, prune, export, import, "
		    "migrate, create, validate or sync");
	}
	if (db->n_words < db->verb->least) {
		err_set(e, ERR_USAGE, "%s: too few words", db->verb->name);
		return err_hint(e, "mpf-db %s", db->verb->usage);
	}
	if (db->shared && db->verb->work != db_create) {
		err_set(e, ERR_USAGE, "--shared: only for create");
		return err_hint(e, "mpf-db create --shared");
	}
	if (db->toml != NULL && db->verb->work != db_export &&
	    db->verb->filter != db_import) {
		err_set(e, ERR_USAGE, "--toml: only for export and import");
		return err_hint(e, "mpf-db export --toml DIR");
	}
	if (db->l.dry_run && db->verb->work == db_create)
		return err_set(e, ERR_USAGE, "create: not with --dry-run");
	if (check_time("since", db->since, e) == -1 ||
	    check_time("until", db->until, e) == -1)
		return -1;
	return open_verb_store(db, e);
}

static int
source(struct tool_run *run, void *p, struct err *e)
{
	struct db *db = p;

	db->run = run;
	return db->verb->work != NULL ? db->verb->work(db, e) :
	    db_import_tree(db, e);
}

/* What is told with a problem fails with it. */
static bool
wants(const struct record *rec, void *p)
{
	const struct db *db = p;

	return db->problem != NULL || (db->verb->takes != NULL &&
	    db->verb->takes(rec));
}

static int
filter(struct record *rec, void *p, struct err *e)
{
	struct db *db = p;

	if (db->problem == NULL)
		return db->verb->filter(db, rec, e);
	*e = *db->problem;
	return -1;
}

static bool
has_source(void *p)
{
	const struct db *db = p;

	return db->verb->work != NULL || db->toml != NULL;
}

static int
last(struct tool_run *run, void *p, struct err *e)
{
	struct db *db = p;

	db->run = run;
	if (db->verb->rest != NULL)
		return db->verb->rest(db, e);
	if (db->behind == 0)
		return 0;
	err_set(e, ERR_MISMATCH, "%lld of %lld boards run older firmware "
	    "than there is", (long long)db->behind, (long long)db->known);
	return err_hint(e, "mpf-detect | mpf-resolve | mpf-fetch | mpf-flash "
	    "| mpf-record");
}

static const struct column *
columns_of_verb(void *p)
{
	const struct db *db = p;

	return db->verb != NULL ? db->verb->columns : NULL;
}

static void
end(void *p)
{
	struct db *db = p;

	store_close(db->l.store);
	free(db->unsure);
}

static struct db the = { .timeout_ms = TIMEOUT_MS,
    .l = { .tell = tell, .progress = show_progress, .ctx = &the } };

static const struct opt opts[] = {
	OPT_STR('d', "dir", "DIR", &the.dir, "use DIR as the firmware folder"),
	OPT_LIST('b', "board", "BOARD", &the.board,
	    "show only BOARD, an id or a pattern"),
	OPT_LIST('p', "port", "PORT", &the.port,
	    "show only the boards of PORT, such as rp2"),
	OPT_FLAG(0, "custom", &the.custom, "show only custom firmware"),
	OPT_STR(0, "since", "TIME", &the.since,
	    "leave out events before TIME (RFC 3339)"),
	OPT_STR(0, "until", "TIME", &the.until,
	    "leave out events from TIME on"),
	OPT_STR(0, "what", "KIND", &the.what,
	    "show only events of KIND, such as flashed"),
	OPT_NUM(0, "limit", "N", &the.limit,
	    "show at most N rows of each kind, the newest"),
	OPT_STR(0, "head", "HEX", &the.head,
	    "prove that the history goes on from HEX"),
	OPT_FLAG(0, "files", &the.files, "remove the files too"),
	OPT_NUM(0, "keep", "N", &the.keep,
	    "keep the newest N versions of each board"),
	OPT_STR(0, "toml", "DIR", &the.toml,
	    "export or import a mpflash.toml for each board, in DIR"),
	OPT_FLAG(0, "shared", &the.shared,
	    "create the store for all members of its group"),
	OPT_FLAG(0, "strict", &the.strict,
	    "demand all that mpflash.toml(5) calls required"),
	OPT_MS('t', "timeout", "TIME", &the.timeout_ms,
	    "work at most TIME on each board"),
	OPT_FLAG('n', "dry-run", &the.l.dry_run,
	    "say what would be done, and do nothing"),
	OPT_END
};

int
main(int argc, char *argv[])
{
	const struct tool t = {
		.name = "mpf-db",
		.summary = "query the database of firmware and boards",
		.synopsis = "[options] COMMAND [WORD...]",
		.examples = "  mpf-db list --custom          firmware files\n"
		    "  mpf-db list boards            boards that were seen\n"
		    "  mpf-db search pico v1.24      what has these words\n"
		    "  mpf-db show RPI_PICO_W        what is known of it\n"
		    "  mpf-db history                every event; history "
		    "verify proves it\n"
		    "  mpf-db stats                  how well flashing went\n"
		    "  mpf-db outdated               status 1: a board is "
		    "behind\n"
		    "  mpf-db check                  files, rows, history\n"
		    "  mpf-db remove FILE, prune     rows, and files\n"
		    "  mpf-db export >all            all of it, as records\n"
		    "  mpf-db import <all            that again\n"
		    "  mpf-db migrate                an older database\n"
		    "  mpf-db create --shared        a store for a group\n"
		    "  mpf-db validate FILE          an mpflash.toml\n"
		    "  mpf-detect | mpf-db sync      boards and database\n",
		.arg = take_verb_or_name,
		.opts = opts,
		.columns = db_rows,
		.other_columns = columns_of_verb,
		.ctx = &the,
		.begin = begin,
		.source = source,
		.wants = wants,
		.filter = filter,
		.commit = db_commit,
		.has_source = has_source,
		.last = last,
		.end = end,
	};

	return tool_main(&t, argc, argv);
}
