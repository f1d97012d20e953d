/* SPDX-License-Identifier: MIT */
/*
 * mpf-sim: plugs a simulated board into a tree that --sysroot names, and plays
 * it until it is told to stop.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/dirs.h"
#include "base/file.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/text.h"
#include "sim/esp_opts.h"
#include "sim/event.h"
#include "sim/net.h"
#include "sim/sim.h"
#include "sim/tree.h"
#include "tool/tool.h"

#define OPTIONS_MAX	48
#define VERSION		"1.24.1"	/* unless the kind is newer */

static const char name[] = "mpf-sim";

struct opts {
	const char	*board, *variant, *version, *date, *machine, *uid;
	const char	*image, *sysroot, *path, *link, *serial, *tty, *files;
	const char	*keep, *repl, *fail_at, *after, *events;
	bool		 new_name, old, busy, stdio, blank;
	bool		 verbose, help, show_version;
	const char	*rfc2217;
	int64_t		 slow_ms, boot_ms, settle_ms;
	struct sim_esp_words esp;
};

/* What opts come to. */
struct setup {
	struct sim_opts	 sim;
	char		*tsv;
	char		*made;		/* a sysroot of our own; NULL */
	char		*root;		/* the sysroot's real name; NULL */
	FILE		*events;	/* NULL: nobody is told */
	bool		 lost;		/* events did not get there */
};

static void
usage(const struct tool *t)
{
	tool_help(t);
	printf("\nKINDs:\n");
	for (const struct sim_kind *k = sim_kinds; k->name != NULL; k++)
		printf("  %-14s%s\n", k->name, k->summary);
	printf("\nWhat --fail-at may name, some with :N behind it:\n");
	for (size_t i = 0; sim_fault_names[i].name != NULL; i++)
		printf("  %-14s%s\n", sim_fault_names[i].name,
		    sim_fault_names[i].summary);
	printf("\nSee %s(1).\n", name);
}

/* getopt_long permutes: what is left is KIND and then COMMAND. */
static int
parse(const struct tool *t, const struct opts *o, int argc, char *argv[],
    struct err *e)
{
	if (tool_options(t, argc, argv, e) == -1)
		return err_hint(e, "%s --help lists the options; those of a "
		    "command come after --", name);
	if (o->slow_ms > INT32_MAX || o->boot_ms > INT32_MAX ||
	    o->settle_ms > INT32_MAX)
		return err_set(e, ERR_USAGE, "--slow, --boot and --settle: up "
		    "to %d ms", INT32_MAX);
	return 0;
}

/* --- what runs on the board --- */

static int
parse_uid(const char *hex, struct sim_identity *id, struct err *e)
{
	const int n = text_unhex(id->uid, SIM_UID_MAX, hex, strlen(hex));

	if (n < 1)
		return err_set(e, ERR_USAGE,
		    "--uid %s: not 1 to %d bytes in hex", hex, SIM_UID_MAX);
	id->uid_len = (size_t)n;
	return 0;
}

static int
identify(const struct opts *o, struct setup *s, struct err *e)
{
	const struct sim_kind *k = s->sim.kind;
	struct sim_identity *id = &s->sim.id;
	const char *board = o->board != NULL ? o->board : k->board_id;
	const char *version = o->version != NULL ? o->version :
	    k->version != NULL ? k->version : VERSION;

	sim_identity_uid(o->link != NULL ? o->link : o->path, k->uid_bytes,
	    id);
	if (o->uid != NULL && parse_uid(o->uid, id, e) == -1)
		return -1;
	if (board == NULL)
		return 0;		/* it is no MicroPython */
	if (sim_identity_board(s->tsv, board, o->variant, version, id,
	    e) == -1)
		return -1;
	snprintf(id->date, sizeof(id->date), "%s", o->date);
	if (o->machine != NULL)
		snprintf(id->machine, sizeof(id->machine), "%s", o->machine);
	if (k->port != NULL && strcmp(k->port, id->port) != 0)
		return err_set(e, ERR_USAGE, "--board %s: a board of %s, "
		    "not of %s", board, id->port, k->port);
	return o->image == NULL ? 0 :
	    sim_identity_image(s->tsv, o->image, id, e);
}

/* --- where it is --- */

/* The tree, by a name that holds wherever the command goes. */
static int
enter(const char *root, struct setup *s, struct err *e)
{
	if (file_mkdirs(root, 0777, e) == -1)
		return -1;
	s->root = realpath(root, NULL);
	if (s->root == NULL || setenv("MPF_SYSROOT", s->root, 1) == -1)
		return err_sys(e, "%s", root);
	s->sim.root = s->root;
	return 0;
}

/* Exactly one of a tree, a link, a server and standard input. */
static int
place(const struct opts *o, struct setup *s, struct err *e)
{
	const char *root = o->sysroot != NULL ? o->sysroot :
	    getenv("MPF_SYSROOT");
	char *tmp;

	s->sim.link = o->link;
	s->sim.stdio = o->stdio;
	s->sim.net = o->rfc2217 != NULL;
	if (s->sim.net)
		return sim_net_parse(o->rfc2217, &s->sim.tcp_port, e);
	if (o->link != NULL || o->stdio)
		return 0;
	if (root != NULL && root[0] != '\0') {
		s->made = NULL;		/* the user's */
	} else if (s->sim.command != NULL) {
		tmp = getenv("TMPDIR");
		s->made = mem_printf("%s/mpf-sim.XXXXXX",
		    tmp != NULL ? tmp : "/tmp");
		if (mkdtemp(s->made) == NULL)
			return err_sys(e, "%s", s->made);
		root = s->made;
	} else {
		err_set(e, ERR_USAGE, "no place to plug it in");
		return err_hint(e, "give --sysroot DIR (or MPF_SYSROOT), "
		    "--link NAME, --rfc2217 PORT, --stdio or -- COMMAND");
	}
	return enter(root, s, e);
}

static void
on_event(const char *line, size_t n, void *ctx)
{
	struct setup *s = ctx;
	struct err e = ERR_INIT;

	if (s->events == NULL || s->lost)
		return;
	if (fwrite(line, 1, n, s->events) == n && fflush(s->events) == 0)
		return;
	err_sys(&e, "events");
	log_err(&e);
	s->lost = true;			/* and the board plays on */
}

/* To standard output, unless that is the command's or the board's. */
static int
open_sim_events(const struct opts *o, struct setup *s, struct err *e)
{
	if (o->events != NULL && strcmp(o->events, "-") != 0)
		s->events = sim_event_open(o->events);
	else if (o->events != NULL ||
	    (s->sim.command == NULL && !s->sim.stdio))
		s->events = stdout;
	else
		return 0;
	return s->events != NULL ? 0 : err_sys(e, "%s", o->events);
}

static int
prepare(const struct opts *o, char *rest[], struct setup *s, struct err *e)
{
	char *share = dirs_share();

	s->tsv = mem_printf("%s/boards.tsv", share);
	log_verbose("the data files are those in %s", share);
	free(share);
	s->sim.kind = rest[0] != NULL ? sim_kind(rest[0]) : NULL;
	if (s->sim.kind == NULL)
		return sim_kind_missing(rest[0], e);
	s->sim.command = rest[1] != NULL ? rest + 1 : NULL;
	s->sim.tsv = s->tsv;
	s->sim.usb_path = o->path;
	s->sim.serial = o->serial;
	s->sim.name = o->tty;
	s->sim.new_name = o->new_name;
	s->sim.files = o->files;
	s->sim.keep = o->keep;
	s->sim.after = o->after;
	s->sim.boot_ms = o->boot_ms;
	s->sim.settle_ms = o->settle_ms;
	s->sim.blank = o->blank;
	s->sim.talk = (struct sim_talk_opts){ .command = o->repl,
	    .slow_ms = o->slow_ms,
	    .console = { .old = o->old, .busy = o->busy } };
	if (o->fail_at != NULL && sim_fault_parse(o->fail_at,
	    &s->sim.talk.console.fault, e) == -1)
		return -1;
	s->sim.esp.chip = s->sim.kind->esp;
	s->sim.esp.revision = s->sim.kind->revision;
	s->sim.paced = sim_esp_paced(&o->esp);
	sim_esp_fail(&s->sim.talk.console.fault, &s->sim.esp);
	if (identify(o, s, e) == -1 ||
	    sim_esp_words(&o->esp, &s->sim.id, &s->sim.esp, e) == -1 ||
	    place(o, s, e) == -1 ||
	    open_sim_events(o, s, e) == -1)
		return -1;
	s->sim.event = on_event;
	s->sim.ctx = s;
	return 0;
}

/* The exit status. */
static int
work(const struct opts *o, char *rest[])
{
	struct setup s = { .made = NULL };
	struct err e = ERR_INIT;
	int status = 0;

	if (prepare(o, rest, &s, &e) == -1 ||
	    sim_run(&s.sim, &status, &e) == -1) {
		log_err(&e);
		status = 2;
	}
	if (s.lost && status == 0)
		status = 2;
	if (s.events != NULL && s.events != stdout)
		fclose(s.events);
	if (s.made != NULL)
		tree_remove(s.made);
	free(s.made);
	free(s.root);
	free(s.tsv);
	return status;
}

/* The board; returns how many options that is. */
static size_t
describe_board(struct opts *o, struct opt *out)
{
	const struct opt table[] = {
		OPT_STR(0, "board", "ID", &o->board,
		    "play the board ID of boards.tsv"),
		OPT_STR(0, "variant", "NAME", &o->variant,
		    "play this variant of the board"),
		OPT_STR(0, "version", "V", &o->version,
		    "run version V of MicroPython"),
		OPT_STR(0, "date", "DAY", &o->date,
		    "report DAY as the date of the build"),
		OPT_STR(0, "machine", "TEXT", &o->machine,
		    "report TEXT as the machine string"),
		OPT_STR(0, "image", "FILE", &o->image, "run the firmware FILE"),
		OPT_STR(0, "uid", "HEX", &o->uid,
		    "report HEX as machine.unique_id()"),
		OPT_STR(0, "repl", "COMMAND", &o->repl,
		    "run COMMAND, a real MicroPython, as the REPL"),
		OPT_STR(0, "files", "DIR", &o->files,
		    "keep the board's files in the folder DIR"),
		OPT_FLAG(0, "blank", &o->blank,
		    "begin with an ESP chip whose flash is empty"),
		OPT_STR(0, "flash-size", "SIZE", &o->esp.flash,
		    "give an ESP chip a flash of SIZE (default 4MB)"),
		OPT_STR(0, "psram", "SIZE", &o->esp.psram,
		    "give an ESP chip PSRAM of SIZE in its package"),
		OPT_STR(0, "revision", "N.M", &o->esp.revision,
		    "play an ESP chip of the revision N.M"),
		OPT_STR(0, "package", "NAME", &o->esp.package,
		    "play an ESP32 in the package NAME, such as ESP32-D2WD"),
		OPT_STR(0, "rise", "MS", &o->esp.rise,
		    "let EN of an ESP chip rise in MS milliseconds"),
		OPT_STR(0, "wiring", "HOW", &o->esp.wiring,
		    "wire DTR and RTS to an ESP chip: usual or direct"),
		OPT_STR(0, "hold", "PIN", &o->esp.hold,
		    "hold a pin of an ESP chip low: boot (IO0) or reset (EN)"),
		OPT_STR(0, "flash-lines", "N", &o->esp.flash_lines,
		    "wire N lines to the flash of an ESP chip: 2 or 4 (default "
		    "4)"),
		OPT_STR(0, "secure", "LIST", &o->esp.secure,
		    "burn eFuses of an ESP chip: boot, flash, download"),
		OPT_STR(0, "timing", "LIST", &o->esp.timing,
		    "take an ESP board's time: line, flash"),
		OPT_FLAG(0, "busy", &o->busy, "run a program until ^C"),
		OPT_FLAG(0, "old", &o->old,
		    "know no raw-paste mode, as before v1.14"),
	};

	memcpy(out, table, sizeof(table));
	return sizeof(table) / sizeof(table[0]);
}

static void
fill_sim_options(struct opts *o, struct opt out[OPTIONS_MAX])
{
	const struct opt table[] = {
		OPT_STR(0, "sysroot", "DIR", &o->sysroot,
		    "plug the board into the tree DIR (default MPF_SYSROOT)"),
		OPT_STR(0, "path", "PATH", &o->path,
		    "plug the board in at this USB path"),
		OPT_STR(0, "serial", "TEXT", &o->serial,
		    "report TEXT as the USB serial number"),
		OPT_STR(0, "tty", "NAME", &o->tty,
		    "call the tty NAME, such as ttyACM3"),
		OPT_FLAG(0, "new-name", &o->new_name,
		    "come back under another tty name"),
		OPT_STR(0, "link", "NAME", &o->link,
		    "make a symlink NAME to the tty, and no tree"),
		OPT_STR(0, "rfc2217", "PORT", &o->rfc2217,
		    "serve the port by RFC 2217 at TCP port PORT; 0 is any"),
		OPT_FLAG(0, "stdio", &o->stdio,
		    "speak on standard input and output, and make no tree"),
		OPT_STR(0, "keep", "FILE", &o->keep,
		    "write the image that the drive received to FILE"),
		OPT_NUM(0, "slow", "MS", &o->slow_ms,
		    "wait MS milliseconds before each answer"),
		OPT_NUM(0, "boot", "MS", &o->boot_ms,
		    "stay away MS milliseconds"),
		OPT_NUM(0, "settle", "MS", &o->settle_ms,
		    "stay MS milliseconds after the last block"),
		OPT_STR(0, "fail-at", "STEP", &o->fail_at,
		    "fail at STEP, one of the list below"),
		OPT_STR(0, "after", "TEXT", &o->after,
		    "report TEXT as the machine string with --fail-at board"),
		OPT_STR(0, "events", "FILE", &o->events,
		    "write events, as lines of JSON, to FILE; - is standard "
		    "output"),
		OPT_FLAG('v', "verbose", &o->verbose, "print more"),
		OPT_ENDS('h', "help", &o->help, "print the options"),
		/* --version is the board's, as it is the choice of resolve. */
		OPT_ENDS('V', "version", &o->show_version, "print the version"),
		OPT_END
	};

	memcpy(out + describe_board(o, out), table, sizeof(table));
}

int
main(int argc, char *argv[])
{
	struct opts o = { .variant = "",
	    .date = "2024-11-29", .path = "1-1", .boot_ms = 20,
	    .settle_ms = 20,
	    .after = "Raspberry Pi Pico with RP2040" };
	struct opt table[OPTIONS_MAX];
	const struct tool tool = {
		.name = name,
		.summary = "plug a simulated board into the tree that "
		    "--sysroot names, and play it",
		.synopsis = "KIND [options] [-- COMMAND [ARG...]]",
		.examples = "  mpf-sim rp2 -- mpf-sim silent --path 1-2 -- "
		    "mpf-detect\n"
		    "  mpf-sim rp2 --link ./port & mpremote connect ./port "
		    "exec 'print(1)'\n",
		.opts = table,
	};
	struct err e = ERR_INIT;

	log_open(name, LOG_NORMAL);
	fill_sim_options(&o, table);
	if (parse(&tool, &o, argc, argv, &e) == -1) {
		log_err(&e);
		return 2;
	}
	if (o.verbose)
		log_open(name, LOG_VERBOSE);
	if (o.help)
		usage(&tool);
	else if (o.show_version)
		printf("%s %s\n", name, MPF_VERSION);
	else
		return work(&o, argv + optind);
	return fclose(stdout) == EOF ? 2 : 0;
}
