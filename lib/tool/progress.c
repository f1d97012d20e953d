/* SPDX-License-Identifier: MIT */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/text.h"
#include "tool/run.h"

#define EVERY_MS	100		/* of one board's notes, and redraws */
#define BAR_CELLS	20
#define RATE_AFTER_MS	300		/* before it, a rate is a guess */

/* ECMA-48 and DEC private modes, which terminals of today have. */
#define UP_AND_CLEAR	"\033[%zuA\033[J"
#define NO_WRAP		"\033[?7l"
#define WRAP		"\033[?7h"

static void
show(const struct buf *b, int fd)
{
	struct err ignored;

	file_write_all(fd, b->data, b->len, "progress", &ignored);
}

void
run_amount(struct buf *out, int64_t v, const char *unit)
{
	if (strcmp(unit, "bytes") != 0)
		buf_addf(out, "%" PRId64, v);
	else if (v < 1000000)
		buf_addf(out, "%.1f kB", (double)v / 1e3);
	else
		buf_addf(out, "%.1f MB", (double)v / 1e6);
}

/* A second, since the stage began; 0: too early to say. */
static int64_t
rate(const struct step *s)
{
	const int64_t ms = s->at_ms - s->from_ms;

	return ms < RATE_AFTER_MS || s->done < s->from ? 0 :
	    (s->done - s->from) * 1000 / ms;
}

static void
amounts(struct buf *out, const struct step *s)
{
	if (s->done == 0 && s->total == 0)
		return;			/* it does not say */
	run_amount(out, s->done, s->unit);
	if (s->total > 0) {
		buf_adds(out, " of ");
		run_amount(out, s->total, s->unit);
	}
	if (strcmp(s->unit, "bytes") != 0) {
		buf_addf(out, " %s", s->unit);
	} else if (rate(s) > 0) {
		buf_adds(out, ", ");
		run_amount(out, rate(s), s->unit);
		buf_adds(out, "/s");
	}
}

static void
bar(struct buf *out, const char *label, const struct step *s)
{
	static const char cells[BAR_CELLS + 1] = "####################";
	int full;

	text_show(out, label, strlen(label));
	buf_addf(out, "  %-10s ", s->stage);
	if (s->total > 0) {
		full = s->done >= s->total ? BAR_CELLS : s->done <= 0 ? 0 :
		    (int)((double)s->done / (double)s->total * BAR_CELLS);
		buf_addf(out, "[%.*s%*s] ", full, cells, BAR_CELLS - full, "");
	}
	amounts(out, s);
	buf_addc(out, '\n');
}

void
progress_hide(struct tool_run *run)
{
	struct buf b = BUF_INIT;

	if (run->bars == 0)
		return;
	buf_addf(&b, UP_AND_CLEAR, run->bars);
	show(&b, STDERR_FILENO);
	buf_release(&b);
	run->bars = 0;
	run->stale = true;
}

int
progress_draw(struct tool_run *run)
{
	struct buf b = BUF_INIT;
	int left;

	if (!run->stale)
		return -1;
	left = clock_left_ms(run->drawn_ms + EVERY_MS);
	if (left > 0)
		return left;
	if (run->bars > 0)
		buf_addf(&b, UP_AND_CLEAR, run->bars);
	buf_adds(&b, NO_WRAP);
	run->bars = 0;
	for (const struct job *j = run->first; j != NULL; j = j->next)
		if (j->state == JOB_RUNNING && j->step.stage[0] != '\0') {
			bar(&b, j->label != NULL ? j->label : "?", &j->step);
			run->bars++;
		}
	if (run->bars != 1 && run->all.stage[0] != '\0') {
		bar(&b, "all", &run->all);
		run->bars++;
	}
	buf_adds(&b, WRAP);
	show(&b, STDERR_FILENO);
	buf_release(&b);
	run->drawn_ms = clock_ms();
	run->stale = false;
	return -1;
}

/* One JSON object on standard error; keys as in mpf-stream(5). */
static void
event(const char *what, const char *stage, const struct job *j,
    const struct step *s)
{
	struct record *rec;
	struct err ignored;

	if (record_parse("{}", 2, &rec, &ignored) == -1)
		return;
	record_put_str(rec, "event", what);
	record_put_str(rec, "stage", stage);
	if (j != NULL && j->device != NULL)
		record_put_str(rec, "device", j->device);
	else if (j != NULL && j->label != NULL)
		record_put_str(rec, "name", j->label);
	if (s != NULL) {
		record_put_int(rec, "done", s->done);
		if (s->total > 0)
			record_put_int(rec, "total", s->total);
		record_put_str(rec, "unit", s->unit);
		if (rate(s) > 0)
			record_put_int(rec, "rate", rate(s));
	}
	stream_write(STDERR_FILENO, rec, &ignored);
	record_free(rec);
}

void
progress_begin(struct job *j)
{
	j->step.begun_ms = clock_ms();
	if (j->run->opt.mode == PROGRESS_JSON)
		event("start", run_verb(j->run->t), j, NULL);
}

void
progress_end(struct job *j)
{
	const enum progress_mode mode = j->run->opt.mode;
	const bool heard = j->step.stage[0] != '\0';

	if (!j->worked)
		return;
	if (mode == PROGRESS_JSON)
		event("end", run_verb(j->run->t), j, NULL);
	else if (mode == PROGRESS_BAR && heard)
		j->run->stale = true;
	else if (mode == PROGRESS_LINE && heard && !record_failed(j->rec))
		log_msg("%s: done in %.1f s", j->label != NULL ? j->label :
		    "?", (double)(clock_ms() - j->step.begun_ms) / 1e3);
}

/* From a worker to its parent; see worker.c. */
static void
tell(const struct job *j)
{
	const struct step *s = &j->step;
	struct buf b = BUF_INIT;

	buf_addf(&b, "p %" PRId64 " %" PRId64 " %s %s\n", s->done, s->total,
	    s->unit, s->stage);
	show(&b, j->fd);
	buf_release(&b);
}

/* News: another stage, its end, or a while since the last. */
static bool
news(const struct step *s, const char *stage, int64_t done, int64_t total,
    int64_t now)
{
	return strncmp(s->stage, stage, sizeof(s->stage) - 1) != 0 ||
	    (done == total && s->done != done) ||
	    now - s->at_ms >= EVERY_MS;
}

/* True: it is to be shown. */
static bool
step_note(struct step *s, const char *stage, int64_t done, int64_t total,
    const char *unit)
{
	const int64_t now = clock_ms();

	if (!news(s, stage, done, total, now))
		return false;
	if (strncmp(s->stage, stage, sizeof(s->stage) - 1) != 0) {
		s->from = done;
		s->from_ms = now;
	}
	snprintf(s->stage, sizeof(s->stage), "%s", stage);
	snprintf(s->unit, sizeof(s->unit), "%s", unit);
	s->done = done;
	s->total = total;
	s->at_ms = now;
	return true;
}

void
progress_note(struct job *j, const char *stage, int64_t done, int64_t total,
    const char *unit)
{
	const enum progress_mode mode = j->run->opt.mode;
	struct step *s = &j->step;
	const bool first = s->stage[0] == '\0';

	if (mode == PROGRESS_NONE || !step_note(s, stage, done, total, unit))
		return;
	if (j->pid == 0 && j->fd != -1) {
		tell(j);
	} else if (mode == PROGRESS_JSON) {
		event("progress", s->stage, j, s);
	} else if (mode == PROGRESS_BAR) {
		j->run->stale = true;
		progress_draw(j->run);
	} else if (first) {
		log_msg("%s: %s", j->label != NULL ? j->label : "?", stage);
	}
}

void
progress_all(struct tool_run *run, const char *stage, int64_t done,
    int64_t total, const char *unit)
{
	const enum progress_mode mode = run->opt.mode;
	const bool first = run->all.stage[0] == '\0';
	const bool alone = run->n_running == 0;		/* no board's work */

	if (mode == PROGRESS_NONE ||
	    !step_note(&run->all, stage, done, total, unit))
		return;
	if (mode == PROGRESS_JSON) {
		event("total", stage, NULL, &run->all);
	} else if (mode == PROGRESS_BAR) {
		run->stale = true;
		if (alone)
			progress_draw(run);
	} else if (first && alone) {
		log_msg("%s: %" PRId64 " %s", stage, total, unit);
	}
}
