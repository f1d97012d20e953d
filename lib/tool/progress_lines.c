/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "tool/run.h"

#define PATIENCE_MS	2000		/* before the first line */
#define EVERY_MS	5000		/* between two lines about the same */
#define NAMES_MOST	3		/* more are "and 12 others" */

static int64_t
run_patience(const struct tool_run *run)
{
	return run->t->patience_ms > 0 ? run->t->patience_ms : PATIENCE_MS;
}

/* When the next line about it is due. */
static int64_t
due(const struct tool_run *run, const struct step *s)
{
	return s->said_ms > 0 ? s->said_ms + EVERY_MS :
	    s->begun_ms + run_patience(run);
}

/* Is it worth a line when others are told of as well? */
static bool
lasts(const struct job *j, int64_t now)
{
	return j->state == JOB_RUNNING && j->ask == NULL &&
	    now >= j->step.begun_ms + run_patience(j->run);
}

static bool
same_step(const struct job *j, const struct job *other)
{
	return strcmp(j->step.name, other->step.name) == 0 &&
	    strcmp(j->step.unit, other->step.unit) == 0;
}

/* Adds what j has done to the sum; one that does not count spoils it. */
static void
add_step(struct step *sum, const struct step *s, bool first)
{
	if (first) {
		*sum = *s;
		return;
	}
	if (sum->total > 0 && s->total > 0)
		sum->total += s->total;
	else
		sum->total = 0;
	sum->done += s->done;
	sum->from += s->from;
	if (s->from_ms < sum->from_ms)
		sum->from_ms = s->from_ms;
	if (s->at_ms > sum->at_ms)
		sum->at_ms = s->at_ms;
}

static void
add_job_name(struct buf *out, const struct job *j, size_t i, size_t n)
{
	if (i > 0)
		buf_adds(out, i + 1 == n ? " and " : ", ");
	buf_adds(out, j->label != NULL ? j->label : "?");
}

/* The step in the words of a sentence. */
static const char *
words(const char *step)
{
	static const char *const of[][2] = {
		{ "ask", "waiting for an answer" },
		{ "bootloader", "going into its bootloader" },
		{ "download", "downloading" },
		{ "fetch", "waiting for the site" },
		{ "flash", "at work" },
		{ "record", "writing down what it runs" },
		{ "refresh", "reading the boards' pages" },
		{ "restart", "waiting for it to start again" },
		{ "write", "writing" },
	};

	for (size_t i = 0; i < sizeof(of) / sizeof(of[0]); i++)
		if (strcmp(step, of[i][0]) == 0)
			return of[i][1];
	return step;
}

static void
say_step(const char *names, const struct step *s)
{
	struct buf b = BUF_INIT;

	if (step_counts(s))
		step_amounts(&b, s);
	else
		buf_addf(&b, "%d s so far",
		    (int)((clock_ms() - s->from_ms + 500) / 1000));
	log_msg("%s%s%s, %s", names, names[0] != '\0' ? ": " : "",
	    words(s->name), b.data + strspn(b.data, " "));
	buf_release(&b);
}

/* One line about all that are at the same step as first. */
static void
tell_of(struct job *first, int64_t now)
{
	struct buf names = BUF_INIT;
	struct step sum = { .name = "" };
	size_t n = 0, i = 0, shown;

	for (struct job *j = first; j != NULL; j = j->next)
		if (lasts(j, now) && same_step(j, first)) {
			add_step(&sum, &j->step, n == 0);
			n++;
		}
	shown = n <= NAMES_MOST ? n : NAMES_MOST - 1;
	for (struct job *j = first; j != NULL; j = j->next) {
		if (!lasts(j, now) || !same_step(j, first))
			continue;
		if (i < shown)
			add_job_name(&names, j, i, n);
		i++;
		j->step.said_ms = now;
	}
	if (n > shown)
		buf_addf(&names, " and %zu others", n - shown);
	say_step(names.data, &sum);
	buf_release(&names);
}

static bool
any_due(const struct tool_run *run, int64_t now)
{
	for (const struct job *j = run->first; j != NULL; j = j->next)
		if (lasts(j, now) && now >= due(run, &j->step))
			return true;
	return false;
}

/* What is left until the next line, or -1. */
static int
until_next(const struct tool_run *run)
{
	int64_t next = INT64_MAX;

	for (const struct job *j = run->first; j != NULL; j = j->next)
		if (j->state == JOB_RUNNING && j->ask == NULL &&
		    due(run, &j->step) < next)
			next = due(run, &j->step);
	return next == INT64_MAX ? -1 : clock_left_ms(next);
}

int
progress_lines_tell(struct tool_run *run)
{
	const int64_t now = clock_ms();

	if (run->all.heard && now >= due(run, &run->all)) {
		say_step("", &run->all);
		run->all.said_ms = now;
	}
	if (run->all.heard)
		return run->n_running > 0 ?
		    clock_left_ms(due(run, &run->all)) : -1;
	if (any_due(run, now))
		for (struct job *j = run->first; j != NULL; j = j->next)
			if (lasts(j, now) && j->step.said_ms != now)
				tell_of(j, now);
	return until_next(run);
}

void
progress_lines_end(struct job *j)
{
	const struct step *s = &j->step;
	const int64_t took = clock_ms() - s->begun_ms;

	if (record_failed(j->rec))
		return;			/* a message has said so */
	if (s->counted && (s->said_ms > 0 || !j->run->watched))
		log_msg("%s: done in %.1f s", j->label != NULL ? j->label :
		    "?", (double)took / 1e3);
}
