/* SPDX-License-Identifier: MIT */

/* mpf-doctor: is this machine fit for work on boards?  mpf-doctor(1). */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/dirs.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/stop.h"
#include "base/text.h"
#include "doctor/doctor.h"
#include "site/mirror.h"
#include "tool/options.h"
#include "tool/table.h"

#define STATUS_BAD	1
#define STATUS_CANNOT	2
#define TIMEOUT_MS	5000
#define TEXT_COLUMN	20	/* where messages begin */

static const char name[] = "mpf-doctor";

struct opts {
	const char	*dir, *mirror, *sysroot, *colour;
	int64_t		 timeout_ms;
	bool		 offline, json, quiet, help, version;
};

/* What is found, and how it is shown. */
struct report {
	const struct opts *o;
	bool		 colour, any_bad, failed;
};

static const char *const words[] = {
	[FINDING_OK] = "ok", [FINDING_NOTE] = "note", [FINDING_BAD] = "bad"
};

/* Escaped, from that column on. */
static void
add_text(struct buf *out, const char *s)
{
	struct buf shown = BUF_INIT;

	text_show(&shown, s, strlen(s));
	layout_wrap(out, shown.data, TEXT_COLUMN, TEXT_COLUMN, layout_room());
	buf_release(&shown);
}

static void
print_line(const struct report *r, const struct finding *f)
{
	static const char *const colours[] = { "32", "33", "31" };
	struct buf line = BUF_INIT;

	if (r->colour)
		buf_addf(&line, "\033[%sm", colours[f->status]);
	buf_addf(&line, "%-4s", words[f->status]);
	buf_adds(&line, r->colour ? "\033[m" : "");
	buf_addf(&line, "  %-12s  ", f->check);
	add_text(&line, f->message);
	if (f->hint != NULL) {
		buf_addf(&line, "\n%*s", TEXT_COLUMN, "");
		add_text(&line, f->hint);
	}
	puts(line.data);
	buf_release(&line);
}

static int
print_json(const struct finding *f)
{
	struct buf line = BUF_INIT;
	struct record *rec;
	struct err ignored;

	if (record_parse("{}", 2, &rec, &ignored) == -1)
		return -1;
	record_put_str(rec, "check", f->check);
	record_put_str(rec, "status", words[f->status]);
	record_put_str(rec, "message", f->message);
	if (f->hint != NULL)
		record_put_str(rec, "hint", f->hint);
	if (f->next != NULL)
		record_put_str(rec, "next", f->next);
	record_dump(rec, &line);
	puts(line.data);
	buf_release(&line);
	record_free(rec);
	return 0;
}

static void
on_finding(const struct finding *f, void *ctx)
{
	struct report *r = ctx;

	r->any_bad = r->any_bad || f->status == FINDING_BAD;
	if (r->o->quiet && f->status != FINDING_BAD)
		return;
	if (r->o->json)
		r->failed = print_json(f) == -1 || r->failed;
	else
		print_line(r, f);
	fflush(stdout);			/* the next check may take a while */
}

/* share/udev of the tree that this was built in; NULL: it is installed. */
static char *
our_rules(void)
{
	char *share = dirs_share();
	char *path = mem_printf("%s/udev/60-mpf.rules", share);

	free(share);
	if (access(path, R_OK) == 0)
		return path;
	free(path);
	return NULL;
}

static int
examine(const struct opts *o)
{
	struct report r = { .o = o, .colour = table_colour(o->colour) };
	char *folder = dirs_firmware(o->dir), *rules = our_rules();
	struct doctor d = {
		.bus = bus_new(o->sysroot != NULL ? o->sysroot :
		    tool_sysroot()),
		.folder = folder, .rules = rules,
		.mirror = o->offline ? NULL : o->mirror,
		.timeout_ms = o->timeout_ms, .found = on_finding, .ctx = &r,
	};

	doctor_examine(&d);
	bus_free(d.bus);
	free(folder);
	free(rules);
	if (r.failed || fflush(stdout) == EOF || ferror(stdout)) {
		log_msg("standard output: not all could be written");
		return STATUS_CANNOT;
	}
	return r.any_bad ? STATUS_BAD : 0;
}

static int
run(const struct tool *t, const struct opts *o, struct options *all, int argc,
    char *argv[], struct err *e)
{
	if (options_parse(all, argc, argv, e) == -1 || (!o->help &&
	    !o->version && options_arguments(all, argc, argv, e) == -1)) {
		if (e->hint[0] == '\0')
			err_hint(e, "%s --help lists the options", name);
		log_err(e);
		return STATUS_CANNOT;
	}
	if (o->help) {
		options_help(all);
		printf("\nSee %s(1).\n", t->name);
	} else if (o->version) {
		printf("%s %s\n", t->name, MPF_VERSION);
	} else {
		return examine(o);
	}
	return 0;
}

int
main(int argc, char *argv[])
{
	static struct opts o = { .mirror = SITE_MIRROR, .colour = "auto",
	    .timeout_ms = TIMEOUT_MS };
	static const struct opt opts[] = {
		OPT_STR('d', "dir", "DIR", &o.dir,
		    "use DIR as the firmware folder"),
		OPT_STR(0, "mirror", "URL", &o.mirror, "ask the site at URL"),
		OPT_FLAG(0, "offline", &o.offline, "ask no site"),
		OPT_MS('t', "timeout", "TIME", &o.timeout_ms,
		    "wait at most TIME for the site"),
		OPT_FLAG(0, "json", &o.json, "print a JSON object a line"),
		OPT_STR(0, "color", "WHEN", &o.colour,
		    "use colour auto, always or never"),
		OPT_STR(0, "sysroot", "DIR", &o.sysroot,
		    "use the tree DIR instead of the system's /sys and /dev"),
		OPT_FLAG('q', "quiet", &o.quiet, "print errors only"),
		OPT_ENDS('h', "help", &o.help, "print the options"),
		OPT_ENDS('V', "version", &o.version, "print the version"),
		OPT_END
	};
	static const struct tool t = { .name = name,
		.synopsis = "[options]",
		.summary = "look for what keeps this machine from working on "
		    "boards",
		.examples = "  mpf-doctor\n"
		    "  mpf-doctor --json | jq 'select(.status == \"bad\")'\n",
		.opts = opts };
	struct options *all;
	struct err e = ERR_INIT;
	int status;

	log_open(name, LOG_NORMAL);
	stop_install();
	all = options_new(&t, NULL);
	status = run(&t, &o, all, argc, argv, &e);
	options_free(all);
	return status;
}
