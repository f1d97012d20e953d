/* SPDX-License-Identifier: MIT */
#include <inttypes.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/stop.h"
#include "tool/run.h"

#define JOBS_AHEAD	256		/* records read and not yet gone */
#define RECORD_VERSION	1
#define INPUT_ENDS_MS	1000		/* after ^C, before it is said */

static void
job_free(struct job *j)
{
	record_free(j->rec);
	buf_release(&j->heard);
	free(j->device);
	free(j->label);
	free(j->ask);
	free(j);
}

static void
commit(const struct tool_run *run)
{
	if (run->t->commit != NULL)
		run->t->commit(run->t->ctx);
}

/* What is done leaves; with --keep-order not before what came earlier. */
static void
flush(struct tool_run *run)
{
	struct job **p = &run->first, *j;

	commit(run);
	while ((j = *p) != NULL) {
		if (j->state == JOB_DONE) {
			run_emit(run, j->rec);
			*p = j->next;
			run->n_jobs--;
			job_free(j);
		} else if (run->opt.keep_order) {
			break;
		} else {
			p = &j->next;
		}
	}
	for (p = &run->first; *p != NULL; p = &(*p)->next)
		;
	run->last = p;
}

static void
finish_job(struct job *j)
{
	const struct tool *t = j->run->t;
	const bool failed = record_failed(j->rec);
	struct err e = ERR_INIT;

	if (t->finish == NULL || !record_ours(j->rec) ||
	    !(failed ? t->finish_failed : j->worked) ||
	    t->finish(j->rec, t->ctx, &e) == 0)
		return;
	run_say(j->run, j, &e);
	if (!failed)
		record_fail(j->rec, run_verb(t), &e);
}

void
run_done(struct job *j, const struct err *e)
{
	if (e != NULL) {
		run_say(j->run, j, e);
		record_fail(j->rec, run_verb(j->run->t), e);
	}
	finish_job(j);
	if (j->state == JOB_RUNNING)
		j->run->n_running--;
	j->state = JOB_DONE;
	progress_end(j);
}

/* May this one begin?  Those before it on the same board come first. */
static bool
ready(const struct tool_run *run, const struct job *j)
{
	const struct job *i;

	if (j->state != JOB_WAITING)
		return false;
	if (j->forks && !run->lost && !stop_requested() &&
	    run->n_running >= (size_t)run->opt.jobs)
		return false;
	for (i = run->first; j->device != NULL && i != j; i = i->next)
		if (i->state != JOB_DONE && i->device != NULL &&
		    strcmp(i->device, j->device) == 0)
			return false;
	return true;
}

static void
begin_job(struct job *j)
{
	const struct tool *t = j->run->t;
	struct err e = ERR_INIT;
	int r = 0;

	if (j->run->lost)
		return;			/* nobody would learn of it */
	if (stop_requested()) {
		err_set(&e, ERR_CANCELLED, "cancelled before it began");
		err_todo(&e, NEXT_RUN_AGAIN, "run it again");
		run_done(j, &e);
		return;
	}
	j->worked = true;
	j->state = JOB_RUNNING;
	j->run->n_running++;
	progress_begin(j);
	if (t->prepare != NULL)
		r = t->prepare(j->rec, t->ctx, &e);
	if (r == 0 && t->submit != NULL) {
		t->submit(j->run, j->rec, t->ctx);
		return;
	}
	if (r == 0 && j->forks) {
		commit(j->run);		/* a child shares what is half done */
		if (worker_start(j, &e) == 0)
			return;
		r = -1;
	}
	if (r == 0 && t->filter != NULL)
		r = t->filter(j->rec, t->ctx, &e);
	run_done(j, r == -1 ? &e : NULL);
}

static void
start_job(struct job *j)
{
	if (j->wanted)
		begin_job(j);
	else
		run_done(j, NULL);
	if (j->state == JOB_WAITING)
		j->state = JOB_DONE;
}

void
run_start(struct tool_run *run)
{
	struct job *j;

	flush(run);
	for (;;) {
		for (j = run->first; j != NULL && !ready(run, j); j = j->next)
			;
		if (j == NULL)
			break;
		start_job(j);
	}
	flush(run);
}

void
run_take(struct tool_run *run, struct record *rec)
{
	const struct tool *t = run->t;
	struct job *j = mem_alloc(sizeof(*j));

	j->run = run;
	j->rec = rec;
	j->fd = -1;
	j->heard = (struct buf)BUF_INIT;
	if (record_ours(rec)) {
		j->device = mem_str(record_str(rec, "device.id"));
		j->label = mem_str(run_label(rec));
		j->wanted = !record_failed(rec) &&
		    (t->wants == NULL || t->wants(rec, t->ctx));
		j->forks = j->wanted && t->workers &&
		    (t->forks == NULL || t->forks(rec, t->ctx));
	}
	record_attach(rec, j);
	*run->last = j;
	run->last = &j->next;
	run->n_jobs++;
	if (ready(run, j))
		start_job(j);
}

/* Is it of the version that is known here?  Others' lines have none. */
static int
check_record_version(const struct record *rec, unsigned long line,
    struct err *e)
{
	int64_t version = RECORD_VERSION;

	if (record_ours(rec) && record_get_int(rec, "mpf", &version, e) == -1)
		return err_wrap(e, "line %lu", line);
	if (version == RECORD_VERSION)
		return 0;
	err_set(e, ERR_UNSUPPORTED,
	    "line %lu: record of version %" PRId64 ": only %d is known here",
	    line, version, RECORD_VERSION);
	return err_todo(e, NEXT_UPGRADE_MPF,
	    "use the tools of one release of mpf together");
}

/* What no tool can read leaves as a record that says so; rec may be NULL. */
static void
take_bad(struct tool_run *run, struct record *rec, const struct err *e)
{
	run_say(run, NULL, e);
	run_take(run, run_stand_in(run, rec, e));
	record_free(rec);
}

/* Takes what has been read; true if there is room for more. */
static bool
take_lines(struct tool_run *run)
{
	struct err e = ERR_INIT;
	struct record *rec;
	int r = 1;

	if (run->lost)
		run->fed = true;
	while (!run->fed && run->n_jobs < JOBS_AHEAD && r != 0) {
		rec = NULL;
		r = stream_next(&run->in, &rec, &e);
		if (r == 1)
			r = check_record_version(rec, run->in.line, &e) == 0 ?
			    1 : -1;
		if (r == 1)
			run_take(run, rec);
		else if (r == -1)
			take_bad(run, rec != NULL ? rec :
			    stream_broken(&run->in), &e);
		if (run->lost || (r == 0 && run->in.eof))
			run->fed = true;
	}
	return !run->fed && run->n_jobs < JOBS_AHEAD;
}

static void
fail_running(struct tool_run *run, const struct err *e)
{
	for (struct job *j = run->first; j != NULL; j = j->next)
		if (j->state == JOB_RUNNING)
			run_done(j, e);
}

/* One turn of a tool that does many at once. */
static int
turn_tool(struct tool_run *run, bool want_input, struct err *e)
{
	struct pollfd p = { .fd = run->in.fd, .events = POLLIN };

	if (stop_count() > 1)
		run_end_now(run);
	progress_show(run);
	if (run->t->turn(run, want_input ? p.fd : -1, run->t->ctx, e) == -1) {
		fail_running(run, e);
		run->fed = true;
		return -1;
	}
	if (want_input && poll(&p, 1, 0) == 1)
		return stream_fill(&run->in, e);
	return 0;
}

static int
wait_for_jobs(struct tool_run *run, bool want_input, struct err *e)
{
	return run->t->turn != NULL && run->n_running > 0 ?
	    turn_tool(run, want_input, e) : worker_wait(run, want_input, e);
}

/* Stages before this one mostly end by the same ^C, and with them the input. */
static bool
input_stays(const struct tool_run *run)
{
	struct pollfd p = { .fd = run->in.fd, .events = POLLIN };

	return !run->fed && poll(&p, 1, INPUT_ENDS_MS) == 0;
}

/* After ^C, why is there no prompt?  Once, and only at a terminal. */
static void
answer_signal(struct tool_run *run)
{
	if (!stop_requested() || run->answered)
		return;
	run->answered = true;
	if (!isatty(STDERR_FILENO))
		return;
	if (run->n_running > 0)
		log_msg("stopping as soon as it is safe; ^C again ends it at "
		    "once");
	else if (input_stays(run))
		log_msg("waiting for the end of the input; ^C again ends it");
}

int
run_loop(struct tool_run *run, struct err *e)
{
	bool want_input;
	int r = 0;

	for (;;) {
		want_input = take_lines(run);
		run_start(run);
		if (run->fed && run->first == NULL)
			break;
		/* All that was ahead is done already: read on. */
		if (!want_input && !run->fed && run->n_running == 0)
			continue;
		if (wait_for_jobs(run, want_input, r == 0 ? e :
		    &(struct err)ERR_INIT) == -1) {
			run->fed = true;	/* and finish what was begun */
			r = -1;
		}
		answer_signal(run);
	}
	progress_hide(run);
	return r;
}

void
tool_feed(struct tool_run *run, struct record *rec)
{
	run_take(run, rec);
	/* A source may have a million of them. */
	if (run->first != NULL && run->first->state == JOB_DONE)
		flush(run);
}

void
tool_done(struct tool_run *run, struct record *rec, const struct err *e)
{
	(void)run;
	run_done(record_attached(rec), e);
}

bool
tool_more(const struct tool_run *run)
{
	return !run->fed;
}