/* SPDX-License-Identifier: MIT */

/* mpf-fetch: brings the firmware that each record names into the folder. */

#include <inttypes.h>
#include <signal.h>
#include <stdlib.h>

#include "base/dirs.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/stop.h"
#include "fetch/fetch.h"
#include "http/options.h"
#include "model/codec.h"
#include "tool/tool.h"

struct ctx {
	struct fetch_opts	 o;
	const char		*dir;		/* as the user gave it */
	struct opt_list		 mirrors, pubkeys, boards;
	struct fetch_hand	 hand;
	bool			 clean;
	struct fetch		*f;
	struct tool_run		*run;
};

/* One record, while it is out. */
struct job {
	struct fetch_job	 j;
	struct ctx		*ctx;
	struct record		*rec;
	struct firmware		 firmware;
	struct board		 board;
};

static void
say_stale(const struct job *job)
{
	const struct firmware *fw = &job->j.chosen;

	if (job->firmware.version == NULL && fw->version != NULL &&
	    fw->index_stale == 1)
		log_msg("%s: chosen from a list that is %" PRId64 " days old",
		    fw->board_id, fw->index_age_s / 86400);
}

static void
on_job_done(struct fetch_job *j, const struct err *e)
{
	struct job *job = j->ctx;

	firmware_put(job->rec, &j->chosen);
	if (j->image.path != NULL) {
		record_clear(job->rec, "image");
		image_put(job->rec, &j->image);
	}
	say_stale(job);
	tool_done(job->ctx->run, job->rec, e);
	free(job);
}

static void
on_file_progress(struct fetch_job *j, int64_t done, int64_t total)
{
	const struct job *job = j->ctx;

	tool_progress(job->rec, "download", done, total, "bytes");
}

static void
on_progress_all(int64_t done, int64_t total, void *p)
{
	const struct ctx *ctx = p;

	tool_progress_all(ctx->run, "download", done, total, "bytes");
}

static bool
has_source(void *p)
{
	const struct ctx *ctx = p;

	return fetch_hand_used(&ctx->hand);
}

static int
check_hand(struct ctx *ctx, struct err *e)
{
	ctx->hand.boards = ctx->boards.v;
	if (ctx->o.no_clean && ctx->clean)
		return err_set(e, ERR_USAGE, "--clean, --no-clean: not both");
	return fetch_hand_check(&ctx->hand, e);
}

static int
begin(void *p, struct err *e)
{
	struct ctx *ctx = p;
	char *dir;
	int r;

	if (check_hand(ctx, e) == -1)
		return -1;
	signal(SIGXFSZ, SIG_IGN);	/* a limit is an error of write(2) */
	dir = dirs_firmware(ctx->dir);
	ctx->o.mirrors = ctx->mirrors.v;
	ctx->o.pubkeys = ctx->pubkeys.v;
	ctx->o.dir = dir;
	r = fetch_open(&ctx->o, &ctx->f, e);
	free(dir);
	if (r == 0 && fetch_readonly(ctx->f) != NULL)
		log_msg("%s", fetch_readonly(ctx->f));
	return r;
}

static void
feed_board(struct tool_run *run, struct ctx *ctx, const char *board)
{
	struct record *rec = record_new();
	struct firmware fw;
	struct err e = ERR_INIT;

	if (fetch_by_hand(ctx->f, &ctx->hand, board, &fw, &e) == 0) {
		firmware_put(rec, &fw);
	} else {
		log_err(&e);
		record_fail(rec, "fetch", &e);
	}
	tool_feed(run, rec);
}

static int
source(struct tool_run *run, void *p, struct err *e)
{
	struct ctx *ctx = p;

	(void)e;
	ctx->run = run;
	if (ctx->boards.n == 0 && fetch_hand_used(&ctx->hand))
		feed_board(run, ctx, NULL);
	for (size_t i = 0; i < ctx->boards.n; i++)
		feed_board(run, ctx, ctx->boards.v[i]);
	return 0;
}

static bool
wants(const struct record *rec, void *ctx)
{
	(void)ctx;
	return !firmware_skipped(rec);
}

static int
start(struct ctx *ctx, struct record *rec, struct err *e)
{
	struct job *job = mem_alloc(sizeof(*job));

	if (firmware_get(rec, &job->firmware, e) == -1 ||
	    board_get(rec, &job->board, e) == -1 ||
	    record_opt_str(rec, "device.mode", &job->j.mode, e) == -1 ||
	    record_opt_str(rec, "board.record.source.hash", &job->j.hash,
	    e) == -1) {
		free(job);
		return -1;
	}
	if (record_has(rec, "device.probe"))
		job->j.mode = MEANS_PROBE;
	job->ctx = ctx;
	job->rec = rec;
	job->j.firmware = &job->firmware;
	job->j.board = &job->board;
	job->j.hand = &ctx->hand;
	job->j.ctx = job;
	fetch_start(ctx->f, &job->j);
	return 0;
}

static void
submit(struct tool_run *run, struct record *rec, void *p)
{
	struct ctx *ctx = p;
	struct err e = ERR_INIT;

	ctx->run = run;
	if (start(ctx, rec, &e) == -1)
		tool_done(run, rec, &e);
}

static int
turn(struct tool_run *run, int in_fd, void *p, struct err *e)
{
	struct ctx *ctx = p;

	ctx->run = run;
	if (!stop_requested())
		return fetch_turn(ctx->f, in_fd, e);
	fetch_cancel(ctx->f);
	return 0;
}

static int
last(struct tool_run *run, void *p, struct err *e)
{
	struct ctx *ctx = p;

	ctx->run = run;
	return fetch_finish(ctx->f, e);
}

static void
end(void *p)
{
	struct ctx *ctx = p;

	fetch_close(ctx->f);
}

/* What the options say. */
static struct ctx the = { .o = { .http = HTTP_OPTS_INIT, .done = on_job_done,
    .progress = on_file_progress, .progress_all = on_progress_all, .ctx = &the,
    .say = log_msg } };

static const struct opt opts[] = {
	OPT_LIST('b', "board", "ID", &the.boards,
	    "download firmware for the board ID, and read no records"),
	OPT_STR(0, "variant", "NAME", &the.hand.variant,
	    "download this variant of the board; - is the plain build"),
	OPT_STR(0, "port", "NAME", &the.hand.port,
	    "take the board of the MicroPython port NAME"),
	OPT_STR(0, "version", "WHICH", &the.hand.version,
	    "download stable, preview, latest, 1.24.1, 1.24 or "
	    "\">=1.22,<1.25\" (default stable)"),
	OPT_STR(0, "source", "WHAT", &the.hand.source,
	    "take a file, a folder, an address or github:OWNER/REPO@TAG#GLOB"),
	OPT_LIST(0, "mirror", "URL", &the.mirrors,
	    "download from URL (default " SITE_MIRROR ")"),
	OPT_STR('d', "dir", "DIR", &the.dir, "use DIR as the firmware folder"),
	OPT_FLAG(0, "clean", &the.clean,
	    "name files without date and commit, which is the default"),
	OPT_FLAG(0, "no-clean", &the.o.no_clean, "name files as the site does"),
	OPT_STR(0, "lock", "FILE", &the.o.lock,
	    "use the lock file FILE (default mpf.lock, if it exists)"),
	OPT_FLAG(0, "locked", &the.o.locked,
	    "refuse files that are not in the lock file"),
	OPT_FLAG(0, "no-lock", &the.o.no_lock, "use no lock file"),
	OPT_LIST(0, "pubkey", "KEY", &the.pubkeys,
	    "refuse files that KEY, a key of minisign, has not signed"),
	OPT_FLAG(0, "offline", &the.o.offline,
	    "use only the firmware folder, and no network"),
	OPT_FLAG('f', "force", &the.o.force,
	    "download files again that are already there"),
	HTTP_OPTS(&the.o.http),
	OPT_END
};

static const struct column columns[] = {
	{ "DEVICE", NULL, COLUMN_NAME, NULL },
	{ "BOARD", NULL, COLUMN_NAME, column_board },
	{ "VERSION", "firmware.version", COLUMN_NAME, NULL },
	{ "SIZE", "image.size_bytes", COLUMN_NAME, NULL },
	{ "FILE", "image.path", COLUMN_PATH, NULL },
	{ "REASON", NULL, COLUMN_REASON, column_skipped },
	COLUMN_END
};

static const struct moved moved[] = {
	{ "refresh", "mpf-index refresh" },
	{ "list", "mpf-index list BOARD" },
	{ "export", "mpf-fetch ... | mpf-bundle export FILE" },
	{ "import", "mpf-bundle import FILE" },
	{ "seckey", "minisign -S, for what mpf-bundle export wrote," },
	{ NULL, NULL }
};

int
main(int argc, char *argv[])
{
	const struct tool t = {
		.name = "mpf-fetch",
		.summary = "download the firmware that each record names",
		.synopsis = "[options] <records",
		.examples = "  mpf-detect | mpf-resolve | mpf-fetch\n"
		    "  mpf-fetch --board RPI_PICO_W --list\n",
		.arg_option = "board",
		.feeder = "mpf-detect | mpf-resolve | mpf-fetch",
		.opts = opts,
		.columns = columns,
		.moved = moved,
		.ctx = &the,
		.share = true,
		.begin = begin,
		.source = source,
		.has_source = has_source,
		.wants = wants,
		.submit = submit,
		.turn = turn,
		.last = last,
		.end = end,
	};

	return tool_main(&t, argc, argv);
}
