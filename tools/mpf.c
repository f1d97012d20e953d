/* SPDX-License-Identifier: MIT */

/* mpf: the front door: commands that put the tools together.  mpf(1). */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/dirs.h"
#include "base/file.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/stop.h"
#include "front/dotenv.h"
#include "front/front.h"
#include "tool/event.h"
#include "tool/options.h"

#define STATUS_CANNOT	2

struct opts {
	bool		 interactive, no_interactive, help, version;
	const char	*dir, *sysroot;
};

static int	help(struct front *f, int argc, char *argv[], struct err *e);

static const struct front_command commands[] = {
	{ "list", "devs", "list the boards that are plugged in", front_list,
	    NULL, NULL },
	{ "flash", NULL, "update boards, or flash a file", front_flash, NULL,
	    NULL },
	{ "download", NULL, "download firmware", front_download, NULL, NULL },
	{ "add", NULL, "take custom firmware into the firmware folder",
	    front_add, NULL, NULL },
	{ "erase", NULL, "erase the files of boards", front_erase, NULL,
	    NULL },
	{ "format", NULL, "make the file systems of boards anew",
	    front_format, NULL, NULL },
	{ "backup", NULL, "save the files of boards", front_backup, NULL,
	    NULL },
	{ "restore", NULL, "bring saved files back", front_restore, NULL,
	    NULL },
	{ "boards", NULL, "list the firmware that there is for a board", NULL,
	    "mpf-index", "list" },
	{ "db", NULL, "query the database of firmware and boards", NULL,
	    "mpf-db", NULL },
	{ "sim", NULL, "plug in simulated boards", NULL, "mpf-sim", NULL },
	{ "doctor", NULL, "look for what keeps this machine from working",
	    NULL, "mpf-doctor", NULL },
	{ "help", NULL, "print help on a command, or for agents", help, NULL,
	    NULL },
	{ NULL, NULL, NULL, NULL, NULL, NULL }
};

/* Commands of mpflash that mpf does not have, and what does their job. */
static const struct moved others[] = {
	{ "plugins", "mpf-flash --list-methods" },
	{ "list-probes", "pyocd list" },
	{ "pyocd-info", "pyocd list" },
	{ "pyocd-targets", "pyocd list --targets" },
	{ NULL, NULL }
};

static const struct front_command *
find_command(const char *name)
{
	for (const struct front_command *c = commands; c->name != NULL; c++)
		if (strcmp(c->name, name) == 0 ||
		    (c->alias != NULL && strcmp(c->alias, name) == 0))
			return c;
	return NULL;
}

static int
unknown(const char *name, struct err *e)
{
	err_set(e, ERR_USAGE, "%s: not a command of mpf", name);
	for (const struct moved *m = others; m->name != NULL; m++)
		if (strcmp(m->name, name) == 0)
			return err_hint(e, "%s does that", m->to);
	return err_hint(e, "mpf help lists the commands");
}

static void
print_commands(void)
{
	printf("\nCommands:\n");
	for (const struct front_command *c = commands; c->name != NULL; c++)
		printf("  %-12s%s\n", c->name, c->summary);
	printf("\nmpf COMMAND --help lists the options of a command.  See "
	    "mpf(1).\n");
}

/* The page for agents, as it is. */
static int
print_page(const char *name, struct err *e)
{
	char *dir = dirs_share(), *path = mem_printf("%s/help/%s.txt", dir,
	    name);
	struct buf text = BUF_INIT;
	int r = file_read(path, &text, e);

	if (r == 0 && (fputs(text.data, stdout) == EOF ||
	    fflush(stdout) == EOF))
		r = err_sys(e, "standard output");
	if (r == -1 && e->code == ERR_NOT_FOUND)
		err_hint(e, DIRS_SHARE_HINT);
	buf_release(&text);
	free(path);
	free(dir);
	return r;
}

static int	run_command(struct front *f, int argc, char *argv[],
		    struct err *e);

static int
help(struct front *f, int argc, char *argv[], struct err *e)
{
	char ask[] = "--help", *args[] = { argv[1], ask, NULL };

	if (argc > 2)
		return err_set(e, ERR_USAGE, "%s: help is about a single "
		    "command", argv[2]);
	if (argc == 2 && strcmp(argv[1], "agent") == 0)
		return print_page("agent", e);
	if (argc == 2 && strcmp(argv[1], "help") != 0 &&
	    strncmp(argv[1], "-", 1) != 0)
		return run_command(f, 2, args, e);
	printf("usage: mpf help [COMMAND | agent]\n");
	print_commands();
	return 0;
}

/* The tool gets what stands behind the command. */
static int
become(const struct front *f, const struct front_command *c, int argc,
    char *argv[], struct err *e)
{
	struct front_pipe p = FRONT_PIPE_INIT;
	int r;

	front_stage(&p, c->tool);
	front_arg(&p, c->first);
	if (strcmp(c->tool, "mpf-sim") != 0 &&
	    strcmp(c->tool, "mpf-doctor") != 0)
		front_common(f, &p);
	for (int i = 1; i < argc; i++)
		front_arg(&p, argv[i]);
	r = front_become(c->tool, p.v[0].args, e);
	front_pipe_release(&p);
	return r;
}

static int
run_command(struct front *f, int argc, char *argv[], struct err *e)
{
	const struct front_command *c = find_command(argv[0]);
	int r;

	if (c == NULL)
		return unknown(argv[0], e);
	r = c->run != NULL ? c->run(f, argc, argv, e) :
	    become(f, c, argc, argv, e);
	if (r == -1 && c->run != help && e->code == ERR_USAGE &&
	    e->hint[0] == '\0')
		err_hint(e, "mpf %s --help lists the options", c->name);
	return r;
}

static bool
is_true(const char *variable)
{
	const char *v = getenv(variable);

	return v != NULL && (strcmp(v, "1") == 0 || strcmp(v, "true") == 0 ||
	    strcmp(v, "True") == 0);
}

/* A .env that is not read is no reason not to work.  *file: it was; or NULL. */
static void
read_dotenv(struct front *f, char **file)
{
	struct err e = ERR_INIT;

	if (dotenv_load(file, &e) == 0)
		return;
	front_say(f, &e);
	free(*file);
	*file = NULL;
}

/* What mpflash reads from the environment, and the tools do not. */
static void
read_environment(struct front *f, struct opts *o)
{
	const char *workspace = getenv("GITHUB_WORKSPACE");
	char *folder;

	f->quiet = f->quiet || is_true("MPFLASH_QUIET");
	f->interactive = !o->no_interactive &&
	    (o->interactive || !is_true("GITHUB_ACTIONS"));
	f->choose = o->interactive;
	if (o->dir != NULL) {
		folder = dirs_firmware(o->dir);
		setenv("MPFLASH_FIRMWARE", folder, 1);
		free(folder);
	} else if (is_true("GITHUB_ACTIONS") && workspace != NULL) {
		folder = mem_printf("%s/firmware", workspace);
		setenv("MPFLASH_FIRMWARE", folder, 0);
		free(folder);
	}
	if (o->sysroot != NULL)
		setenv("MPF_SYSROOT", o->sysroot, 1);
}

/* Who is told of progress: as the tools have it. */
static int
open_front_events(struct front *f, struct err *e)
{
	static const char *const modes[] = { "auto", "bar", "json", "none",
	    NULL };
	static const char *const colours[] = { "auto", "always", "never",
	    NULL };
	int fd;

	if (options_check_word("progress", f->progress, modes, e) == -1 ||
	    options_check_word("color", f->colour, colours, e) == -1 ||
	    event_open(f->events_fd, f->progress, &fd, e) == -1)
		return -1;
	f->events_fd = fd;
	if (strcmp(f->progress, "json") == 0)
		f->progress = "none";
	return 0;
}

static int
mpf(const struct tool *t, struct front *f, struct opts *o, int argc,
    char *argv[], struct options **all, struct err *e)
{
	char *file = NULL;

	*all = options_new(t, NULL);
	if (options_parse(*all, argc, argv, e) == -1)
		return -1;
	if (o->version) {
		printf("mpf %s\n", MPF_VERSION);
		return 0;
	}
	if (o->help || optind >= argc) {
		options_help(*all);
		print_commands();
		f->status = o->help ? 0 : STATUS_CANNOT;
		return 0;
	}
	if (open_front_events(f, e) == -1)
		return -1;
	read_dotenv(f, &file);
	read_environment(f, o);
	log_open("mpf", f->quiet ? LOG_QUIET : f->verbose > 0 ? LOG_VERBOSE :
	    LOG_NORMAL);
	if (file != NULL)
		log_verbose("%s: read", file);
	free(file);
	return run_command(f, argc - optind, argv + optind, e);
}

int
main(int argc, char *argv[])
{
	static struct front f = { .progress = "auto", .colour = "auto",
	    .events_fd = -1 };
	static struct opts o;
	static const struct opt opts[] = {
		OPT_STR('d', "dir", "DIR", &o.dir,
		    "use DIR as the firmware folder"),
		OPT_FLAG('i', "interactive", &o.interactive,
		    "choose from lists what no option says"),
		OPT_FLAG('x', "no-interactive", &o.no_interactive,
		    "ask nothing"),
		OPT_FLAG('u', "usb", &f.usb, "also show USB ids and places"),
		OPT_STR(0, "progress", "HOW", &f.progress,
		    "show progress as auto, bar, json or none"),
		OPT_STR(0, "color", "WHEN", &f.colour,
		    "use colour auto, always or never"),
		OPT_NUM(0, "events-fd", "N", &f.events_fd,
		    "write events for a program, in JSON, to descriptor N"),
		OPT_STR(0, "sysroot", "DIR", &o.sysroot,
		    "use the tree DIR instead of the system's /sys and /dev"),
		OPT_FLAG('q', "quiet", &f.quiet, "print errors only"),
		OPT_COUNT('V', "verbose", &f.verbose,
		    "print more; twice: also each pipe"),
		OPT_ENDS('h', "help", &o.help, "print the options"),
		OPT_ENDS(0, "version", &o.version, "print the version"),
		OPT_END
	};
	static const struct tool t = { .name = "mpf",
		.synopsis = "[options] COMMAND [options]",
		.summary = "keep MicroPython boards up to date",
		.opts = opts, .commands = true };
	struct err e = ERR_INIT;
	struct options *all = NULL;

	f.begun_ms = clock_ms();
	log_open("mpf", LOG_NORMAL);
	stop_install();
	stop_hold();
	if (mpf(&t, &f, &o, argc, argv, &all, &e) == -1) {
		if (e.hint[0] == '\0' && e.code == ERR_USAGE)
			err_hint(&e, "mpf --help lists the options");
		front_say(&f, &e);
		f.status = STATUS_CANNOT;
	}
	if (fclose(stdout) == EOF && f.status == 0)
		f.status = STATUS_CANNOT;
	if (all != NULL)
		options_free(all);
	return f.status;
}
