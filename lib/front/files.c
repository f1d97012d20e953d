/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"
#include "base/stop.h"
#include "front/choose.h"
#include "tool/table.h"

/* files: the commands that save, restore or wipe the files of boards. */

struct files_opts {
	struct devices	 devices;
	const char	*output, *from;
	bool		 keep_files, other_board, help;
};

/* What such a command is. */
struct files_command {
	const char	*tool;		/* "mpf-erase" */
	const char	*question;	/* "Erase all files on"; NULL: it asks
					   nothing */
};

static const struct column columns[] = {
	{ "DEVICE", NULL, COLUMN_NAME, NULL },
	{ "MODE", "device.mode", COLUMN_STATE, NULL },
	{ "BOARD", NULL, COLUMN_NAME, column_board },
	{ "VERSION", "board.version", COLUMN_MORE, NULL },
	{ "ACTION", "files.action", COLUMN_STATE, NULL },
	{ "FILES", "files.count", COLUMN_MORE, NULL },
	{ "SIZE", "files.size_bytes", COLUMN_MORE, NULL },
	{ "ARCHIVE", "files.path", COLUMN_PATH, NULL },
	{ "REASON", "device.problem", COLUMN_REASON, NULL },
	COLUMN_END
};

static void
files_stage(const struct front *f, struct front_pipe *p,
    const struct files_command *c, const struct files_opts *o)
{
	front_stage(p, c->tool);
	front_value(p, "--output", o->output);
	front_value(p, "--from", o->from);
	front_flag(p, "--keep-files", o->keep_files);
	front_flag(p, "--other-board", o->other_board);
	front_flag(p, "--yes", c->question != NULL);
	front_common(f, p);
}

static bool
answers(const struct record *rec)
{
	const char *mode = record_str(rec, "device.mode");

	return !record_failed(rec) && mode != NULL &&
	    strcmp(mode, "repl") == 0;
}

/* All boards at once are shown, and asked for once.  1: go on. */
static int
agree_files(struct front *f, const struct files_command *c,
    const struct front_records *found, struct err *e)
{
	char question[80];
	size_t n = 0;

	for (size_t i = 0; i < found->n; i++)
		n += answers(found->v[i]);
	if (n == 0 || stop_requested())
		return front_show(f, columns, found, false, e);
	if (f->yes)
		return 1;
	if (front_table(f, columns, found, false, e) == -1)
		return -1;
	snprintf(question, sizeof(question), "\n%s %zu board%s?", c->question,
	    n, n == 1 ? "" : "s");
	if (front_ask(question))
		return 1;
	log_msg("nothing was done");
	f->status = 2;
	return 0;
}

/* Without a person, only --yes may answer. */
static int
check_person(const struct front *f, const struct files_command *c,
    struct err *e)
{
	if (c->question == NULL || f->yes || (f->interactive &&
	    isatty(STDIN_FILENO) && isatty(STDOUT_FILENO) &&
	    isatty(STDERR_FILENO)))
		return 0;
	err_set(e, ERR_USAGE, "nobody is there to be asked");
	return err_hint(e, "say --yes");
}

static int
work_on_files(struct front *f, const struct files_command *c,
    const struct files_opts *o, struct err *e)
{
	struct front_pipe p = FRONT_PIPE_INIT;
	struct front_pipe *const pipes[] = { &p };
	struct front_records found = { NULL, 0 }, out = { NULL, 0 };
	int r;

	if (check_person(f, c, e) == -1)
		return -1;
	r = devices_find(f, &o->devices, &found, e);
	if (r == 0)
		r = c->question != NULL ? agree_files(f, c, &found, e) : 1;
	if (r == 1) {
		files_stage(f, &p, c, o);
		command_tell(f, &p);
		r = front_run(f, pipes, 1, &found, &out, e);
		if (r == 0)
			r = front_show(f, columns, &out, false, e);
	}
	front_records_release(&found);
	front_records_release(&out);
	front_pipe_release(&p);
	return r;
}

/* The same for all of these commands. */
static int
run_files_command(struct front *f, const struct tool *t,
    const struct files_command *c, struct files_opts *o, int argc,
    char *argv[], struct err *e)
{
	struct choose ch = { .command = argv[0], .devices = &o->devices,
	    .serial = &o->devices.serial };
	struct options *all;
	int r = command_options(t, argc, argv, &o->help, &all, e);

	if (r == 0)
		r = choose_options(f, &ch, e);
	if (r == 0)
		r = work_on_files(f, c, o, e);
	options_free(all);
	choose_release(&ch);
	return r < 0 ? -1 : 0;
}

int
front_erase(struct front *f, int argc, char *argv[], struct err *e)
{
	struct files_opts o = { .help = false };
	const struct opt opts[] = {
		DEVICES_OPTS(&o.devices),
		OPT_FLAG('y', "yes", &f->yes, "do not ask"),
		OPT_FLAG(0, "json", &f->json, "print records"),
		COMMAND_OPTS(f, &o.help)
	};
	const struct tool t = { .name = "mpf erase",
		.synopsis = "[options]",
		.summary = "erase the file systems of boards",
		.examples = "  mpf erase --serial ttyACM0\n",
		.arg_option = "serial", .opts = opts };
	static const struct files_command c = { "mpf-erase",
	    "Erase all files on" };

	return run_files_command(f, &t, &c, &o, argc, argv, e);
}

int
front_format(struct front *f, int argc, char *argv[], struct err *e)
{
	struct files_opts o = { .help = false };
	const struct opt opts[] = {
		DEVICES_OPTS(&o.devices),
		OPT_FLAG('k', "keep-files", &o.keep_files,
		    "save all files first, and bring them back"),
		OPT_FLAG('y', "yes", &f->yes, "do not ask"),
		OPT_FLAG(0, "json", &f->json, "print records"),
		COMMAND_OPTS(f, &o.help)
	};
	const struct tool t = { .name = "mpf format",
		.synopsis = "[options]",
		.summary = "make the file systems of boards anew",
		.examples = "  mpf format --serial ttyACM0 --keep-files\n",
		.arg_option = "serial", .opts = opts };
	static const struct files_command c = { "mpf-format",
	    "Make a new file system on" };

	return run_files_command(f, &t, &c, &o, argc, argv, e);
}

int
front_backup(struct front *f, int argc, char *argv[], struct err *e)
{
	struct files_opts o = { .help = false };
	const struct opt opts[] = {
		DEVICES_OPTS(&o.devices),
		OPT_STR('o', "output", "DIR", &o.output,
		    "write the archives into DIR (default .)"),
		OPT_FLAG(0, "json", &f->json, "print records"),
		COMMAND_OPTS(f, &o.help)
	};
	const struct tool t = { .name = "mpf backup",
		.synopsis = "[options]",
		.summary = "save the files of boards into archives",
		.examples = "  mpf backup --output backups\n",
		.arg_option = "serial", .opts = opts };
	static const struct files_command c = { "mpf-backup", NULL };

	return run_files_command(f, &t, &c, &o, argc, argv, e);
}

int
front_restore(struct front *f, int argc, char *argv[], struct err *e)
{
	struct files_opts o = { .help = false };
	const struct opt opts[] = {
		DEVICES_OPTS(&o.devices),
		OPT_STR(0, "from", "PATH", &o.from, "take PATH, an archive or "
		    "a folder of archives (default .)"),
		OPT_FLAG(0, "other-board", &o.other_board,
		    "also restore what another board had"),
		OPT_FLAG(0, "json", &f->json, "print records"),
		COMMAND_OPTS(f, &o.help)
	};
	const struct tool t = { .name = "mpf restore",
		.synopsis = "[options]",
		.summary = "bring the files of archives back onto boards",
		.examples = "  mpf restore --from backups\n",
		.arg_option = "serial", .opts = opts };
	static const struct files_command c = { "mpf-restore", NULL };

	return run_files_command(f, &t, &c, &o, argc, argv, e);
}
