/* SPDX-License-Identifier: MIT */
#include "files/tool.h"

#include <stdlib.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/text.h"

#define TIMEOUT_MS	600000		/* 1 MB takes a minute or two */
#define OPTIONS_MAX	8		/* with the one at the end */

/* One run of a tool. */
struct run {
	const struct files_tool	*f;
	bool			 yes;
	int64_t			 timeout_ms;
	bool			 done;		/* at least one board */
};

static bool
is_running(const struct record *rec, void *ctx)
{
	(void)ctx;
	return text_same(record_str(rec, "device.mode"), "repl");
}

static int
confirm_loss(struct record *rec, void *ctx, struct err *e)
{
	const struct run *r = ctx;

	if (r->yes || (r->f->spared != NULL && *r->f->spared))
		return 0;
	return tool_confirm(rec, r->f->loses, e);
}

static int
read_nouns(const struct record *rec, struct device *d, struct board *b,
    struct err *e)
{
	if (device_get(rec, d, e) == -1 || board_get(rec, b, e) == -1)
		return -1;
	if (b->uid != NULL || b->description != NULL)
		return 0;
	err_set(e, ERR_INPUT, "%s: the record does not say which board it is "
	    "about", d->id);
	return err_hint(e, "begin with mpf-detect");
}

static void
put_done(struct record *rec, const char *action, const struct files_done *d)
{
	char now[CLOCK_TEXT];

	clock_text(clock_wall(), now);
	record_clear(rec, "files");
	record_put_str(rec, "files.action", action);
	record_put_int(rec, "files.count", (int64_t)d->count);
	record_put_int(rec, "files.size_bytes", d->size_bytes);
	if (d->unchanged > 0)
		record_put_int(rec, "files.unchanged", (int64_t)d->unchanged);
	if (d->path != NULL)
		record_put_str(rec, "files.path", d->path);
	record_put_str(rec, "files.at", now);
}

static int
work_on_board(struct record *rec, void *ctx, struct err *e)
{
	const struct run *r = ctx;
	struct files_done done = { .path = NULL };
	struct device d;
	struct board b;
	const struct files_job job = { &d, &b, tool_sysroot(),
		clock_ms() + r->timeout_ms, tool_progress, rec };
	int res = read_nouns(rec, &d, &b, e);

	if (res == 0)
		res = r->f->work(&job, r->f->ctx, &done, e);
	if (res == 0)
		put_done(rec, r->f->action, &done);
	files_done_release(&done);
	return res;
}

static int
note_done(struct record *rec, void *ctx, struct err *e)
{
	struct run *r = ctx;

	(void)rec, (void)e;
	r->done = true;
	return 0;
}

static void
warn(void *ctx)
{
	const struct run *r = ctx;

	if (r->done && r->f->warning != NULL)
		log_msg("%s", r->f->warning);
}

/* Its own options, then the common ones. */
static void
fill_options(struct run *r, struct opt out[OPTIONS_MAX])
{
	const struct opt *own = r->f->opts;

	while (own != NULL && own->name != NULL)
		*out++ = *own++;
	if (r->f->loses != NULL)
		*out++ = (struct opt)OPT_FLAG('y', "yes", &r->yes,
		    "do not ask");
	*out++ = (struct opt)OPT_MS('t', "timeout", "TIME", &r->timeout_ms,
	    "work at most TIME on each board");
	*out = (struct opt)OPT_END;
}

int
files_main(const struct files_tool *f, int argc, char *argv[])
{
	struct run r = { .f = f, .timeout_ms = TIMEOUT_MS };
	struct opt opts[OPTIONS_MAX];
	char *feeder = mem_printf("mpf-detect | %s", f->name);
	const struct tool t = {
		.name = f->name,
		.summary = f->summary,
		.synopsis = "[options] <records",
		.examples = f->examples,
		.feeder = feeder,
		.arg_option = f->arg_option,
		.opts = opts,
		.columns = f->columns,
		.ctx = &r,
		.wants = is_running,
		.prepare = f->loses != NULL ? confirm_loss : NULL,
		.filter = work_on_board,
		.finish = note_done,
		.end = warn,
		.workers = true,
	};
	int status;

	fill_options(&r, opts);
	status = tool_main(&t, argc, argv);
	free(feeder);
	return status;
}
