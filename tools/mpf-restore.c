/* SPDX-License-Identifier: MIT */

/* mpf-restore: files from archives back onto boards.  mpf-restore(1). */

#include "files/files.h"
#include "tool/tool.h"

#define TIMEOUT_MS	600000

struct opts {
	const char	*from;
	bool		 other_board;
	int64_t		 timeout_ms;
};

static int
restore_files(const struct files_job *job, void *ctx, struct files_done *out,
    struct err *e)
{
	const struct opts *o = ctx;

	return files_restore(job, o->from, o->other_board, out, e);
}

static int
work_on_board(struct record *rec, void *ctx, struct err *e)
{
	const struct opts *o = ctx;
	const struct files_how how = { "restored", tool_sysroot(),
		o->timeout_ms, tool_progress, restore_files };

	return files_work(rec, &how, ctx, e);
}

int
main(int argc, char *argv[])
{
	struct opts o = { .from = ".", .timeout_ms = TIMEOUT_MS };
	const struct opt opts[] = {
		OPT_STR(0, "from", "PATH", &o.from,
		    "take PATH, an archive or a folder of archives"),
		OPT_FLAG(0, "other-board", &o.other_board,
		    "also restore what another board had"),
		OPT_MS('t', "timeout", "TIME", &o.timeout_ms,
		    "work at most TIME on each board"),
		OPT_END
	};
	static const struct column columns[] = {
		{ "DEVICE", NULL, COLUMN_NAME, NULL },
		{ "BOARD", NULL, COLUMN_NAME, column_board },
		{ "FILES", "files.count", COLUMN_NAME, NULL },
		{ "UNCHANGED", "files.unchanged", COLUMN_NAME, NULL },
		{ "ARCHIVE", "files.path", COLUMN_PATH, NULL },
		{ "REASON", "device.problem", COLUMN_REASON, NULL },
		COLUMN_END
	};
	const struct tool t = {
		.name = "mpf-restore",
		.summary = "bring the files of archives back onto boards",
		.synopsis = "[options] <records",
		.examples = "  mpf-detect | mpf-restore --from backups\n"
		    "  mpf-detect --serial ttyACM0 | mpf-restore --from "
		    "RPI_PICO-e661-20261130T120000Z.tar\n",
		.feeder = "mpf-detect | mpf-restore",
		.arg_option = "from",
		.opts = opts,
		.columns = columns,
		.ctx = &o,
		.wants = files_wanted,
		.filter = work_on_board,
		.workers = true,
	};

	return tool_main(&t, argc, argv);
}
