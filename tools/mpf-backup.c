/* SPDX-License-Identifier: MIT */

/* mpf-backup: all files of each board into an archive here.  mpf-backup(1). */

#include "files/tool.h"

static int
save_files(const struct files_job *job, void *ctx, struct files_done *out,
    struct err *e)
{
	const char *const *folder = ctx;

	return files_save(job, *folder, out, e);
}

int
main(int argc, char *argv[])
{
	const char *folder = ".";
	const struct opt opts[] = {
		OPT_STR('o', "output", "DIR", &folder,
		    "write the archives into DIR"),
		OPT_END
	};
	static const struct column columns[] = {
		{ "DEVICE", NULL, COLUMN_NAME, NULL },
		{ "BOARD", NULL, COLUMN_NAME, column_board },
		{ "FILES", "files.count", COLUMN_NAME, NULL },
		{ "BYTES", "files.size_bytes", COLUMN_NAME, NULL },
		{ "ARCHIVE", "files.path", COLUMN_PATH, NULL },
		{ "REASON", "device.problem", COLUMN_REASON, NULL },
		COLUMN_END
	};
	const struct files_tool t = {
		.name = "mpf-backup",
		.summary = "save the files of boards into archives",
		.examples = "  mpf-detect | mpf-backup -o backups\n"
		    "  mpf-detect --serial ttyACM0 | mpf-backup\n",
		.arg_option = "output",
		.opts = opts,
		.columns = columns,
		.action = "saved",
		.warning = "archives hold all files, passwords too; only you "
		    "can read them",
		.work = save_files,
		.ctx = &folder,
	};

	return files_main(&t, argc, argv);
}
