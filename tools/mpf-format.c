/* SPDX-License-Identifier: MIT */

/* mpf-format: makes the file systems of boards anew.  mpf-format(1). */

#include "files/files.h"
#include "tool/tool.h"

#define TIMEOUT_MS	600000

struct opts {
	bool		 yes, keep;
	int64_t		 timeout_ms;
};

static int
confirm(struct record *rec, void *ctx, struct err *e)
{
	const struct opts *o = ctx;

	if (o->yes || o->keep)
		return 0;
	return tool_confirm(rec, "all files on this board but mpflash.toml "
	    "will be lost.", e);
}

static int
format_board(const struct files_job *job, void *ctx,
    struct files_done *out, struct err *e)
{
	const struct opts *o = ctx;

	return files_format(job, o->keep, out, e);
}

static int
work_on_board(struct record *rec, void *ctx, struct err *e)
{
	const struct opts *o = ctx;
	const struct files_how how = { "formatted", tool_sysroot(),
		o->timeout_ms, tool_progress, format_board };

	return files_work(rec, &how, ctx, e);
}

int
main(int argc, char *argv[])
{
	struct opts o = { .timeout_ms = TIMEOUT_MS };
	const struct opt opts[] = {
		OPT_FLAG('k', "keep-files", &o.keep,
		    "save all files first, and bring them back"),
		OPT_FLAG('y', "yes", &o.yes, "do not ask"),
		OPT_MS('t', "timeout", "TIME", &o.timeout_ms,
		    "work at most TIME on each board"),
		OPT_END
	};
	static const struct column columns[] = {
		{ "DEVICE", NULL, COLUMN_NAME, NULL },
		{ "BOARD", NULL, COLUMN_NAME, column_board },
		{ "ACTION", "files.action", COLUMN_STATE, NULL },
		{ "KEPT", "files.count", COLUMN_NAME, NULL },
		{ "REASON", "device.problem", COLUMN_REASON, NULL },
		COLUMN_END
	};
	const struct tool t = {
		.name = "mpf-format",
		.summary = "make the file systems of boards anew",
		.synopsis = "[options] <records",
		.examples = "  mpf-detect --serial ttyACM0 | mpf-format\n"
		    "  mpf-detect | mpf-format --keep-files\n",
		.feeder = "mpf-detect | mpf-format",
		.opts = opts,
		.columns = columns,
		.ctx = &o,
		.wants = files_wanted,
		.prepare = confirm,
		.filter = work_on_board,
		.workers = true,
	};

	return tool_main(&t, argc, argv);
}
