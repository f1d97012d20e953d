/* SPDX-License-Identifier: MIT */

/* mpf-erase: erases the file systems of boards.  mpf-erase(1). */

#include "files/tool.h"

static int
erase_files(const struct files_job *job, void *ctx, struct files_done *out,
    struct err *e)
{
	(void)ctx;
	return files_erase(job, out, e);
}

int
main(int argc, char *argv[])
{
	static const struct column columns[] = {
		{ "DEVICE", NULL, COLUMN_NAME, NULL },
		{ "BOARD", NULL, COLUMN_NAME, column_board },
		{ "ACTION", "files.action", COLUMN_STATE, NULL },
		{ "FILES", "files.count", COLUMN_NAME, NULL },
		{ "BYTES", "files.size_bytes", COLUMN_NAME, NULL },
		{ "REASON", "device.problem", COLUMN_REASON, NULL },
		COLUMN_END
	};
	const struct files_tool t = {
		.name = "mpf-erase",
		.summary = "erase the file systems of boards",
		.examples = "  mpf-detect --serial ttyACM0 | mpf-erase\n"
		    "  mpf-detect | jq -c 'select(.board.port == \"rp2\")' |\n"
		    "      mpf-erase --yes\n",
		.columns = columns,
		.action = "erased",
		.loses = "all files on this board will be erased.",
		.work = erase_files,
	};

	return files_main(&t, argc, argv);
}
