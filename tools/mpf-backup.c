/* SPDX-License-Identifier: MIT */

/* mpf-backup: all files of each board into an archive here.  mpf-backup(1). */

#include "base/log.h"
#include "files/files.h"
#include "tool/tool.h"

#define TIMEOUT_MS	600000		/* 1 MB takes a minute or two */

struct opts {
	const char	*folder;
	int64_t		 timeout_ms;
	bool		 saved;		/* at least one archive */
};

static int
save_files(const struct files_job *job, void *ctx, struct files_done *out,
    struct err *e)
{
	const struct opts *o = ctx;

	return files_save(job, o->folder, out, e);
}

static int
work_on_board(struct record *rec, void *ctx, struct err *e)
{
	const struct opts *o = ctx;
	const struct files_how how = { "saved", tool_sysroot(), o->timeout_ms,
		tool_progress, save_files };

	return files_work(rec, &how, ctx, e);
}

static int
note_saved(struct record *rec, void *ctx, struct err *e)
{
	struct opts *o = ctx;

	(void)rec, (void)e;
	o->saved = true;
	return 0;
}

static void
warn_of_secrets(void *ctx)
{
	const struct opts *o = ctx;

	if (o->saved)
		log_msg("the archives hold all files of the boards, and any "
		    "passwords in them; only you can read them");
}

int
main(int argc, char *argv[])
{
	struct opts o = { .folder = ".", .timeout_ms = TIMEOUT_MS };
	const struct opt opts[] = {
		OPT_STR('o', "output", "DIR", &o.folder,
		    "write the archives into DIR"),
		OPT_MS('t', "timeout", "TIME", &o.timeout_ms,
		    "work at most TIME on each board"),
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
	const struct tool t = {
		.name = "mpf-backup",
		.summary = "save the files of boards into archives",
		.synopsis = "[options] <records",
		.examples = "  mpf-detect | mpf-backup -o backups\n"
		    "  mpf-detect --serial ttyACM0 | mpf-backup\n",
		.feeder = "mpf-detect | mpf-backup",
		.arg_option = "output",
		.opts = opts,
		.columns = columns,
		.ctx = &o,
		.wants = files_wanted,
		.filter = work_on_board,
		.finish = note_saved,
		.end = warn_of_secrets,
		.workers = true,
	};

	return tool_main(&t, argc, argv);
}
