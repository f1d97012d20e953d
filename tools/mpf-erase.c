/* SPDX-License-Identifier: MIT */

/* mpf-erase: erases the file systems of boards.  mpf-erase(1). */

#include "files/files.h"
#include "tool/tool.h"

#define TIMEOUT_MS	600000

struct opts {
	bool		 yes;
	int64_t		 timeout_ms;
};

static int
confirm(struct record *rec, void *ctx, struct err *e)
{
	const struct opts *o = ctx;

	return o->yes ? 0 : tool_confirm(rec, "all files on this board will "
	    "be erased.", e);
}

static int
erase_files(const struct files_job *job, void *ctx, struct files_done *out,
    struct err *e)
{
	(void)ctx;
	return files_erase(job, out, e);
}

static int
work_on_board(struct record *rec, void *ctx, struct err *e)
{
	const struct opts *o = ctx;
	const struct files_how how = { "erased", tool_sysroot(), o->timeout_ms,
		tool_progress, erase_files };

	return files_work(rec, &how, ctx, e);
}

int
main(int argc, char *argv[])
{
	struct opts o = { .timeout_ms = TIMEOUT_MS };
	const struct opt opts[] = {
		OPT_FLAG('y', "yes", &o.yes, "do not ask"),
		OPT_MS('t', "timeout", "TIME", &o.timeout_ms,
		    "work at most TIME on each board"),
		OPT_END
	};
	static const struct column columns[] = {
		{ "DEVICE", NULL, COLUMN_NAME, NULL },
		{ "BOARD", NULL, COLUMN_NAME, column_board },
		{ "ACTION", "files.action", COLUMN_STATE, NULL },
		{ "FILES", "files.count", COLUMN_NAME, NULL },
		{ "BYTES", "files.size_bytes", COLUMN_NAME, NULL },
		{ "REASON", "device.problem", COLUMN_REASON, NULL },
		COLUMN_END
	};
	const struct tool t = {
		.name = "mpf-erase",
		.summary = "erase the file systems of boards",
		.synopsis = "[options] <records",
		.examples = "  mpf-detect --serial ttyACM0 | mpf-erase\n"
		    "  mpf-detect | jq -c 'select(.board.port == \"rp2\")' |\n"
		    "      mpf-erase --yes\n",
		.feeder = "mpf-detect | mpf-erase",
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
