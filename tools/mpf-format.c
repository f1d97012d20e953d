/* SPDX-License-Identifier: MIT */

/* mpf-format: makes the file systems of boards anew.  mpf-format(1). */

#include "files/tool.h"

static int
format_board(const struct files_job *job, void *ctx,
    struct files_done *out, struct err *e)
{
	const bool *keep = ctx;

	return files_format(job, *keep, out, e);
}

int
main(int argc, char *argv[])
{
	bool keep = false;
	const struct opt opts[] = {
		OPT_FLAG('k', "keep-files", &keep,
		    "save all files first, and bring them back"),
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
	const struct files_tool t = {
		.name = "mpf-format",
		.summary = "make the file systems of boards anew",
		.examples = "  mpf-detect --serial ttyACM0 | mpf-format\n"
		    "  mpf-detect | mpf-format --keep-files\n",
		.opts = opts,
		.columns = columns,
		.action = "formatted",
		.loses = "all files on this board but mpflash.toml "
		    "will be lost.",
		.spared = &keep,
		.work = format_board,
		.ctx = &keep,
	};

	return files_main(&t, argc, argv);
}
