/* SPDX-License-Identifier: MIT */
#include "tool/tool.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/dirs.h"
#include "base/stop.h"
#include "tool/run.h"

#define JOBS_DEFAULT	16

const char *
run_verb(const struct tool *t)
{
	return strncmp(t->name, "mpf-", 4) == 0 ? t->name + 4 : t->name;
}

const char *
tool_sysroot(void)
{
	const char *dir = getenv("MPF_SYSROOT");

	return dir != NULL && dir[0] != '\0' ? dir : NULL;
}

/*
 * Standard input, output and error are open from here on, so that no file
 * takes their place; one that was closed stays one that cannot be used.
 */
static void
hold_fds(void)
{
	static const int flags[] = { O_WRONLY, O_RDONLY, O_RDWR };

	for (int fd = 0; fd < 3; fd++)
		if (fcntl(fd, F_GETFD) == -1 &&
		    open("/dev/null", flags[fd]) != fd)
			abort();
}

static enum progress_mode
progress_mode(const struct common *c)
{
	const char *term = getenv("TERM");
	const bool tty = isatty(STDERR_FILENO) && isatty(STDOUT_FILENO) &&
	    term != NULL && strcmp(term, "dumb") != 0;

	if (strcmp(c->progress, "json") == 0)
		return PROGRESS_JSON;
	if (strcmp(c->progress, "none") == 0 || c->quiet)
		return PROGRESS_NONE;
	return tty || strcmp(c->progress, "bar") == 0 ? PROGRESS_BAR :
	    PROGRESS_LINE;
}

static const struct column *
columns(const struct tool *t)
{
	const struct column *other = t->other_columns == NULL ? NULL :
	    t->other_columns(t->ctx);

	return other != NULL ? other : t->columns;
}

static void
hide(void *run)
{
	progress_hide(run);
}

/* Of two versions of the board table, which. */
static void
say_share(void)
{
	char *dir = dirs_share();

	log_verbose("the data files are those in %s", dir);
	free(dir);
}

/* The options are known: what follows from them. */
static void
settle(struct tool_run *run)
{
	struct common *c = &run->opt;
	const bool tty = isatty(STDOUT_FILENO);

	c->mode = progress_mode(c);
	log_open(run->t->name, c->quiet ? LOG_QUIET :
	    c->verbose ? LOG_VERBOSE : LOG_NORMAL);
	log_before(hide, run);
	if (run->t->share)
		say_share();
	if (c->sysroot != NULL)
		setenv("MPF_SYSROOT", c->sysroot, 1);
	if (run->t->columns != NULL && (c->table || (tty && !c->json))) {
		c->keep_order = true;	/* it is shown at the end anyway */
		run->table = table_new(columns(run->t),
		    tty && isatty(STDERR_FILENO) ? run_verb(run->t) : NULL);
	}
}

/* A signal came before the first record: else all would seem to be done. */
static bool
stopped_early(struct tool_run *run)
{
	struct err e = ERR_INIT;

	if (!stop_requested() || run->said)
		return false;
	err_set(&e, ERR_CANCELLED, "stopped by a signal before the first "
	    "record");
	err_hint(&e, "run it again");
	tool_fail(run, &e);
	return true;
}

static int
work(struct tool_run *run, struct err *e)
{
	const struct tool *t = run->t;
	struct err last = ERR_INIT;
	bool source;
	int r = -1;

	if (t->begin != NULL && t->begin(t->ctx, e) == -1)
		return -1;
	source = t->source != NULL &&
	    (t->has_source == NULL || t->has_source(t->ctx));
	if (!source && isatty(run->in.fd))
		log_msg("reads records from the terminal; ^D ends them");
	if (!source || t->source(run, t->ctx, e) == 0)
		r = 0;
	run->fed = source;
	if (r == 0)
		r = run_loop(run, e);
	else if (run->first != NULL)
		run_loop(run, &(struct err)ERR_INIT);
	if (r == 0 && !stopped_early(run) && t->last != NULL &&
	    t->last(run, t->ctx, &last) == -1)
		run_fail(run, &last);
	progress_hide(run);
	if (t->end != NULL)
		t->end(t->ctx);
	return r;
}

/* The last words: the table, and whether all of it went out. */
static void
finish(struct tool_run *run)
{
	struct err e = ERR_INIT;
	int r = 0;

	if (run->table != NULL)
		r = table_end(run->table, &e);
	if (r == 0 && fclose(stdout) == EOF)
		r = err_sys(&e, "standard output");
	if (r == -1 && !run->lost) {
		log_err(&e);
		run->status = STATUS_CANNOT;
	}
}

static void
version(const struct tool *t)
{
	printf("%s %s\n", t->name, MPF_VERSION);
}

int
tool_main(const struct tool *t, int argc, char *argv[])
{
	struct tool_run run = {
		.t = t,
		.opt = { .jobs = t->jobs > 0 ? t->jobs : JOBS_DEFAULT,
		    .progress = "auto" },
		.in = STREAM_INIT(STDIN_FILENO, "standard input"),
		.last = &run.first,
	};
	struct options *o = options_new(t, &run.opt);
	struct err e = ERR_INIT;

	hold_fds();
	log_open(t->name, LOG_NORMAL);
	stop_install();
	if (t->workers)
		stop_hold();	/* the workers end first */
	if (options_parse(o, argc, argv, &e) == -1) {
		err_hint(&e, "%s --help lists the options", t->name);
		run_fail(&run, &e);
		run.status = STATUS_CANNOT;
	} else if (run.opt.help) {
		options_help(o);
	} else if (run.opt.version) {
		version(t);
	} else {
		settle(&run);
		if (work(&run, &e) == -1) {
			run_fail(&run, &e);
			run.status = STATUS_CANNOT;
		}
	}
	finish(&run);
	stream_release(&run.in);
	options_free(o);
	return run.status;
}
