/* SPDX-License-Identifier: MIT */
#include "tool/tool.h"

#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/dirs.h"
#include "base/stop.h"
#include "base/wire.h"
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

/* Somebody else may write to the same terminal: a stage before us. */
static bool
is_pipe(int fd)
{
	struct stat st;

	return fstat(fd, &st) == 0 && (S_ISFIFO(st.st_mode) ||
	    S_ISSOCK(st.st_mode));
}

static void
message_of_parent(const struct log_message *m, void *run)
{
	run_message(run, NULL, m);
}

/* Of two versions of the board table, which. */
static void
say_share(void)
{
	char *dir = dirs_share();

	log_verbose("the data files are those in %s", dir);
	free(dir);
}

static const struct column *
columns(const struct tool *t)
{
	const struct column *other = t->other_columns == NULL ? NULL :
	    t->other_columns(t->ctx);

	return other != NULL ? other : t->columns;
}

/*
 * On a terminal the messages are above the table: our own and, where records
 * come by a pipe, those of the stages before.
 */
static void
open_result_table(struct tool_run *run)
{
	const bool seen = run->events_fd == -1 && run->watched &&
	    isatty(STDOUT_FILENO);

	run->table = table_new(&(struct table_look){
	    .columns = columns(run->t),
	    .said = seen ? run_verb(run->t) : NULL,
	    .all_said = seen && run->in_pipe,
	    .colour = table_colour(run->opt.colour) });
}

static void
show_wire(const char *line)
{
	log_debug("%.240s", line);
}

/* The options are known: what follows from them. */
static int
settle(struct tool_run *run, struct err *e)
{
	struct common *c = &run->opt;
	const bool tty = isatty(STDOUT_FILENO);
	const char *term = getenv("TERM");

	log_open(run->t->name, c->quiet ? LOG_QUIET :
	    c->verbose > 1 ? LOG_DEBUG : c->verbose > 0 ? LOG_VERBOSE :
	    LOG_NORMAL);
	log_to(message_of_parent, run);
	if (log_level() >= LOG_DEBUG)
		wire_show(show_wire);
	if (c->trace != NULL && wire_open(c->trace, e) == -1)
		return err_wrap(e, "--trace");
	if (event_open(c->events_fd, c->progress, &run->events_fd, e) == -1)
		return -1;
	run->watched = isatty(STDERR_FILENO);
	run->person = run->events_fd != -1 || run->watched;
	run->screen = tty && run->watched && term != NULL &&
	    strcmp(term, "dumb") != 0;
	run->in_pipe = is_pipe(run->in.fd);
	if (run->t->share)
		say_share();
	if (c->sysroot != NULL)
		setenv("MPF_SYSROOT", c->sysroot, 1);
	if (run->screen || c->table)
		setlocale(LC_CTYPE, "");	/* how wide a letter is */
	if (run->t->columns != NULL && (c->table || (tty && !c->json))) {
		c->keep_order = true;	/* it is shown at the end anyway */
		open_result_table(run);
	}
	return 0;
}

/* Nobody types records. */
static int
no_records(const struct tool_run *run, struct err *e)
{
	err_set(e, ERR_USAGE, "standard input is a terminal: %s reads records "
	    "from a pipe or a file", run->t->name);
	return run->t->feeder == NULL ? -1 : err_hint(e, "%s",
	    run->t->feeder);
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
	err_todo(&e, NEXT_RUN_AGAIN, "run it again");
	run_fail(run, &e);
	run->status = STATUS_FAILED;
	return true;
}

static int
work_all(struct tool_run *run, struct err *e)
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
		r = no_records(run, e);
	else
		r = source ? t->source(run, t->ctx, e) : 0;
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
finish_output(struct tool_run *run)
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
		    .progress = "auto", .colour = "auto", .events_fd = -1 },
		.events_fd = -1,
		.in = STREAM_INIT(STDIN_FILENO, "standard input"),
		.last = &run.first,
	};
	struct options *o = options_new(t, &run.opt);
	struct err e = ERR_INIT;

	hold_fds();
	log_open(t->name, LOG_NORMAL);
	stop_install();
	if (t->workers || t->submit != NULL)
		stop_hold();	/* workers and bars go first */
	if (options_parse(o, argc, argv, &e) == -1) {
		if (e.hint[0] == '\0')
			err_hint(&e, "%s --help lists the options", t->name);
		run_fail(&run, &e);
		run.status = STATUS_CANNOT;
	} else if (run.opt.help) {
		options_help(o);
	} else if (run.opt.version) {
		version(t);
	} else {
		if (next_start(&run, &e) == -1 || settle(&run, &e) == -1 ||
		    work_all(&run, &e) == -1) {
			run_fail(&run, &e);
			run.status = STATUS_CANNOT;
		}
	}
	finish_output(&run);
	next_end(&run);
	stream_release(&run.in);
	options_free(o);
	return run.status;
}
