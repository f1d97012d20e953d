/* SPDX-License-Identifier: MIT */

/*
 * mpf-fetch: brings the firmware that each record names into the firmware
 * folder, and says in "image" where it is and what.
 */

#include <inttypes.h>
#include <signal.h>
#include <stdlib.h>

#include "base/dirs.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/stop.h"
#include "fetch/fetch.h"
#include "model/codec.h"
#include "tool/tool.h"

struct ctx {
	struct fetch_opts	 o;
	const char		*dir;		/* as the user gave it */
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

/* For errors that are the same wherever they come from. */
static const struct err *
with_hint(const struct err *e, struct err *out)
{
	if (e == NULL || e->hint[0] != '\0')
		return e;
	*out = *e;
	if (e->code == ERR_NETWORK)
		err_hint(out, e->retry ? "run it again" :
		    "--mirror names another site");
	else if (e->code == ERR_INPUT || e->code == ERR_NOT_FOUND)
		err_hint(out, "mpf-resolve --version chooses another one");
	else if (e->code == ERR_VERIFY)
		err_hint(out, "--force downloads it again");
	return out;
}

static void
on_done(struct fetch_job *j, const struct err *e)
{
	struct job *job = j->ctx;
	struct err hinted;

	firmware_put(job->rec, &j->chosen);
	if (j->image.path != NULL) {
		record_clear(job->rec, "image");
		image_put(job->rec, &j->image);
	}
	say_stale(job);
	tool_done(job->ctx->run, job->rec, with_hint(e, &hinted));
	free(job);
}

static void
on_progress(struct fetch_job *j, int64_t done, int64_t total)
{
	const struct job *job = j->ctx;

	tool_progress(job->rec, "download", done, total, "bytes");
}

static int
begin(void *p, struct err *e)
{
	struct ctx *ctx = p;
	char *dir = dirs_firmware(ctx->dir);
	int r;

	signal(SIGXFSZ, SIG_IGN);	/* a limit is an error of write(2) */
	ctx->o.dir = dir;
	ctx->o.done = on_done;
	ctx->o.progress = on_progress;
	r = fetch_open(&ctx->o, &ctx->f, e);
	free(dir);
	if (r == 0 && fetch_readonly(ctx->f) != NULL)
		log_msg("%s", fetch_readonly(ctx->f));
	return r;
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
	job->ctx = ctx;
	job->rec = rec;
	job->j.firmware = &job->firmware;
	job->j.board = &job->board;
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

static void
end(void *p)
{
	struct ctx *ctx = p;

	fetch_close(ctx->f);
}

int
main(int argc, char *argv[])
{
	struct ctx ctx = { .dir = NULL };
	const struct opt opts[] = {
		OPT_STR(0, "mirror", "URL", &ctx.o.mirror,
		    "download from there (default " FETCH_MIRROR ")"),
		OPT_STR('d', "dir", "DIR", &ctx.dir, "the firmware folder"),
		OPT_FLAG(0, "offline", &ctx.o.offline,
		    "use what is in the firmware folder, and no network"),
		OPT_FLAG('f', "force", &ctx.o.force,
		    "download what is there already, too"),
		OPT_MS('t', "timeout", "TIME", &ctx.o.timeout_ms,
		    "how long a server may be silent (default 10s, then 30s)"),
		OPT_STR(0, "cacert", "FILE", &ctx.o.cacert,
		    "trust these certificates (PEM), and no others"),
		OPT_END
	};
	static const struct column columns[] = {
		{ "DEVICE", "device.id" },
		{ "BOARD", "firmware.board_id" },
		{ "VERSION", "firmware.version" },
		{ "SIZE", "image.size_bytes" },
		{ "FILE", "image.path" },
		{ NULL, NULL }
	};
	const struct tool t = {
		.name = "mpf-fetch",
		.summary = "download the firmware that each record names",
		.synopsis = "[options] <records",
		.opts = opts,
		.columns = columns,
		.ctx = &ctx,
		.begin = begin,
		.wants = wants,
		.submit = submit,
		.turn = turn,
		.end = end,
	};

	return tool_main(&t, argc, argv);
}
