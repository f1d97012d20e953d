/* SPDX-License-Identifier: MIT */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/stop.h"
#include "tool/run.h"

#define EVERY_MS	100		/* between two notes of one step */
#define RATE_AFTER_MS	300		/* before it, a rate is a guess */
#define LEFT_AFTER_MS	1000		/* and so is the time that is left */

enum progress_how
progress_how(const struct tool_run *run)
{
	const char *asked = run->opt.progress;

	if (strcmp(asked, "none") == 0)
		return PROGRESS_NONE;
	if (run->events_fd != -1)
		return PROGRESS_EVENTS;
	if (run->opt.quiet)
		return PROGRESS_NONE;
	if (strcmp(asked, "bar") == 0)
		return PROGRESS_BARS;
	/* Bars need the terminal for themselves: no stage before is left. */
	return run->screen && (!run->in_pipe || run->fed) ? PROGRESS_BARS :
	    PROGRESS_LINES;
}

void
run_amount(struct buf *out, int64_t v, const char *unit)
{
	if (strcmp(unit, "bytes") != 0)
		buf_addf(out, "%" PRId64, v);
	else if (v < 1000)
		buf_addf(out, "%" PRId64 " B", v);
	else if (v < 1000000)
		buf_addf(out, "%.1f kB", (double)v / 1e3);
	else
		buf_addf(out, "%.1f MB", (double)v / 1e6);
}

int64_t
step_rate(const struct step *s)
{
	const int64_t ms = s->at_ms - s->from_ms;

	return ms < RATE_AFTER_MS || s->done < s->from ? 0 :
	    (s->done - s->from) * 1000 / ms;
}

static void
add_left(struct buf *out, int64_t s)
{
	if (s < 60)
		buf_addf(out, ", %" PRId64 " s left", s);
	else
		buf_addf(out, ", %" PRId64 " min left", (s + 59) / 60);
}

/* " 45 % of 1.6 MB, 80.1 kB/s, 11 s left", as far as it is known. */
void
step_amounts(struct buf *out, const struct step *s)
{
	const bool bytes = strcmp(s->unit, "bytes") == 0;
	const int64_t rate = step_rate(s);

	if (s->total > 0)
		buf_addf(out, "%3d %%%s", (int)((double)s->done * 100 /
		    (double)s->total), bytes ? " of " : ", ");
	if (s->total == 0 || !bytes)
		run_amount(out, s->done, s->unit);
	if (s->total > 0 && !bytes)
		buf_adds(out, " of ");
	if (s->total > 0)
		run_amount(out, s->total, s->unit);
	if (!bytes)
		buf_addf(out, " %s", s->unit);
	if (bytes && rate > 0) {
		buf_adds(out, ", ");
		run_amount(out, rate, s->unit);
		buf_adds(out, "/s");
	}
	if (rate > 0 && s->total > s->done &&
	    s->at_ms - s->from_ms >= LEFT_AFTER_MS)
		add_left(out, (s->total - s->done + rate - 1) / rate);
}

bool
step_counts(const struct step *s)
{
	return s->done > 0 || s->total > 0;
}

/* As an event; j NULL: all of them. */
static void
send_step(struct tool_run *run, const struct job *j, const struct step *s)
{
	struct event ev = EVENT_INIT("progress");

	if (j == NULL)
		ev.device = "all";
	ev.step = s->name;
	ev.total = s->total > 0 ? s->total : -1;
	if (step_counts(s)) {
		ev.done = s->done;
		ev.unit = s->unit;
	}
	ev.rate = step_rate(s) > 0 ? step_rate(s) : -1;
	run_event(run, j, &ev);
}

/* News: another step, its end, or a while since the last. */
static bool
news(const struct step *s, bool other, int64_t done, int64_t total,
    int64_t now)
{
	return other || (done == total && s->done != done) ||
	    now - s->at_ms >= EVERY_MS;
}

/* True: it is to be shown. */
static bool
step_note(struct step *s, const char *name, int64_t done, int64_t total,
    const char *unit)
{
	const int64_t now = clock_ms();
	const bool other = !s->heard ||
	    strncmp(s->name, name, sizeof(s->name) - 1) != 0;

	if (!news(s, other, done, total, now))
		return false;
	if (other) {
		s->from = done;
		s->from_ms = now;
	}
	snprintf(s->name, sizeof(s->name), "%s", name);
	snprintf(s->unit, sizeof(s->unit), "%s", unit);
	s->done = done;
	s->total = total;
	s->at_ms = now;
	s->heard = true;
	s->counted = s->counted || step_counts(s);
	return true;
}

/* What is drawn is no longer the newest. */
static void
renew(struct tool_run *run)
{
	run->stale = true;
	progress_show(run);
}

int
progress_show(struct tool_run *run)
{
	switch (progress_how(run)) {
	case PROGRESS_BARS:
		return bars_draw(run);
	case PROGRESS_LINES:	/* a log gets a line a board, at its end */
		return run->watched ? progress_lines_tell(run) : -1;
	default:
		return -1;
	}
}

void
progress_hide(struct tool_run *run)
{
	bars_hide(run);
}

void
run_end_now(struct tool_run *run)
{
	progress_hide(run);
	stop_end();
}

/* The person did it, or it is too late. */
static void
answered(struct job *j)
{
	free(j->ask);
	j->ask = NULL;
}

void
progress_ask(struct job *j, const char *text)
{
	struct event ev = EVENT_INIT("ask");
	char *named = run_named(text, j->device, j->label);
	const size_t n = j->label == NULL ? 0 : strlen(j->label);
	const char *what = named;

	ev.message = named;
	if (!run_event(j->run, j, &ev)) {
		answered(j);
		if (n > 0 && strncmp(what, j->label, n) == 0)
			what += n + strspn(what + n, ": ");
		j->ask = mem_str(what);
		run_message(j->run, j,
		    &(struct log_message){ named, "", ERR_NONE });
		renew(j->run);
	}
	free(named);
}

void
progress_begin(struct job *j)
{
	struct step *s = &j->step;

	s->begun_ms = s->from_ms = s->at_ms = clock_ms();
	snprintf(s->name, sizeof(s->name), "%s", run_verb(j->run->t));
	if (progress_how(j->run) == PROGRESS_EVENTS)
		send_step(j->run, j, &(struct step){ .name = "start" });
}

static void
send_result(struct job *j)
{
	struct event ev = EVENT_INIT("result");

	ev.status = record_failed(j->rec) ? "failed" : j->worked ? "done" :
	    "passed";
	ev.code = record_str(j->rec, "error.code");
	if (j->worked)
		ev.took_ms = clock_ms() - j->step.begun_ms;
	run_event(j->run, j, &ev);
}

void
progress_end(struct job *j)
{
	answered(j);
	if (record_ours(j->rec))
		send_result(j);
	if (j->worked && progress_how(j->run) == PROGRESS_BARS)
		j->run->stale = true;
	else if (j->worked && progress_how(j->run) == PROGRESS_LINES)
		progress_lines_end(j);
}

void
progress_note(struct job *j, const char *name, int64_t done, int64_t total,
    const char *unit)
{
	if (!step_note(&j->step, name, done, total, unit))
		return;
	answered(j);
	if (progress_how(j->run) == PROGRESS_EVENTS)
		send_step(j->run, j, &j->step);
	else
		renew(j->run);
}

void
progress_all(struct tool_run *run, const char *name, int64_t done,
    int64_t total, const char *unit)
{
	if (run->all.begun_ms == 0)
		run->all.begun_ms = clock_ms();
	if (!step_note(&run->all, name, done, total, unit))
		return;
	if (progress_how(run) == PROGRESS_EVENTS)
		send_step(run, NULL, &run->all);
	else
		renew(run);
}

void
tool_progress(const struct record *rec, const char *step, int64_t done,
    int64_t total, const char *unit)
{
	struct job *j = record_attached(rec);

	if (j != NULL)
		progress_note(j, step, done, total, unit);
}

void
tool_progress_all(struct tool_run *run, const char *step, int64_t done,
    int64_t total, const char *unit)
{
	progress_all(run, step, done, total, unit);
}

void
tool_ask(const struct record *rec, const char *text)
{
	struct job *j = record_attached(rec);

	if (j != NULL)
		progress_ask(j, text);
}

bool
tool_person(const struct record *rec)
{
	const struct job *j = record_attached(rec);

	return j != NULL && j->run->person;
}
