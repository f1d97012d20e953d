/* SPDX-License-Identifier: MIT */

/* mpf-restore: files from archives back onto boards.  mpf-restore(1). */

#include "files/tool.h"

struct opts {
	const char	*from;
	bool		 other_board;
};

static int
restore_files(const struct files_job *job, void *ctx, struct files_done *out,
    struct err *e)
{
	const struct opts *o = ctx;

	return files_restore(job, o->from, o->other_board, out, e);
}

int
main(int argc, char *argv[])
{
	struct opts o = { .from = "." };
	const struct opt opts[] = {
		OPT_STR(0, "from", "PATH", &o.from,
		    "take PATH, an archive or a folder of archives"),
		OPT_FLAG(0, "other-board", &o.other_board,
		    "also restore what another board had"),
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
	const struct files_tool t = {
		.name = "mpf-restore",
		.summary = "bring the files of archives back onto boards",
		.examples = "  mpf-detect | mpf-restore --from backups\n"
		    "  mpf-detect --serial ttyACM0 | mpf-restore --from "
		    "RPI_PICO-e661-20261130T120000Z.tar\n",
		.arg_option = "from",
		.opts = opts,
		.columns = columns,
		.action = "restored",
		.work = restore_files,
		.ctx = &o,
	};

	return files_main(&t, argc, argv);
}
