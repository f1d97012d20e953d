/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/stop.h"
#include "front/flow.h"
#include "tool/table.h"

#define LAST_MS		3000		/* for who was told twice to end */

/* --- records --- */

/* A line that is no record of ours goes on as well. */
static void
push(struct run_pipe *p, const struct record *rec)
{
	if (p->in == -1)
		return;
	record_dump(rec, &p->pending);
	buf_addc(&p->pending, '\n');
}

static void
take_stage_record(struct flow *w, size_t i, struct record *rec)
{
	struct err e = ERR_INIT;

	if (i + 1 < w->n) {
		lost_note(&w->lost, rec);
		screen_board(&w->screen, rec);
		push(&w->pipes[i + 1], rec);
		record_free(rec);
		return;
	}
	lost_found(&w->lost, rec);
	screen_result(&w->screen, rec);
	front_keep(w->out, rec);
	if (w->f->at_once && !w->f->lost && front_json(w->f, w->out, &e) == 0)
		w->f->emitted = w->out->n;
}

static void
take_records(struct flow *w, size_t i)
{
	struct run_pipe *p = &w->pipes[i];
	struct record *rec;
	struct err e = ERR_INIT;
	int r;

	if (stream_fill(&p->from, &e) == -1)
		p->from.eof = true;
	while ((r = stream_next(&p->from, &rec, &e)) != 0)
		if (r == 1)
			take_stage_record(w, i, rec);
		else
			front_say(w->f, &e);
	if (p->from.eof)
		flow_close(&p->out);
}

/* What fits goes in; the end, once nothing more can come. */
static void
give(struct flow *w, size_t i)
{
	struct run_pipe *p = &w->pipes[i];
	ssize_t n;

	if (p->pending.len > 0) {
		n = write(p->in, p->pending.data, p->pending.len);
		if (n > 0)
			buf_drop(&p->pending, (size_t)n);
		else if (errno != EAGAIN && errno != EINTR)
			flow_close(&p->in);	/* it has gone */
	}
	if (p->in != -1 && p->pending.len == 0 &&
	    (i == 0 || w->pipes[i - 1].out == -1))
		flow_close(&p->in);
}

/* --- the end --- */

static void
signal_stages(struct flow *w, int sig, bool all)
{
	for (size_t i = 0; i < w->n; i++)
		process_signal(w->pipes[i].p, sig, all);
}

/*
 * A first signal goes to each stage but to who writes down what was done; the
 * second one ends them all, those that were not told of the first one, too.
 */
static void
pass_signals(struct flow *w)
{
	w->seen = stop_count();
	if (w->seen > 0 && w->stopped == 0) {
		w->stopped = 1;
		signal_stages(w, SIGTERM, false);
		if (isatty(STDERR_FILENO)) {
			screen_hide(&w->screen);
			log_msg("stopping as soon as it is safe; ^C again "
			    "ends it at once");
		}
	}
	if (w->seen > 1 && w->stopped == 1) {
		w->stopped = 2;
		signal_stages(w, SIGTERM, true);
		signal_stages(w, SIGINT, true);	/* another one: both count */
		w->kill_ms = clock_ms() + LAST_MS;
	}
	if (w->kill_ms > 0 && clock_ms() >= w->kill_ms) {
		kill(-w->group, SIGKILL);
		w->kill_ms = 0;
	}
}

static nfds_t
watch_flow(const struct flow *w, struct pollfd *p)
{
	nfds_t n = 0;

	for (size_t i = 0; i < w->n; i++) {
		p[n++] = (struct pollfd){ w->pipes[i].out, POLLIN, 0 };
		p[n++] = (struct pollfd){ w->pipes[i].pending.len > 0 ||
		    i == 0 || w->pipes[i - 1].out == -1 ?
		    w->pipes[i].in : -1, POLLOUT, 0 };
	}
	p[n++] = (struct pollfd){ w->events, POLLIN, 0 };
	p[n++] = (struct pollfd){ w->errors, POLLIN, 0 };
	return n;
}

static bool
turn_flow(struct flow *w)
{
	struct pollfd p[2 * PIPES + 2];
	const nfds_t n = watch_flow(w, p);
	bool any = false;
	int ms = screen_draw(&w->screen);

	for (nfds_t i = 0; i < n; i++)
		any = any || p[i].fd != -1;
	if (!any)
		return false;
	if (w->kill_ms > 0 && (ms < 0 || ms > 100))
		ms = 100;
	stop_poll(p, n, ms, w->seen);
	pass_signals(w);
	/* What was told of a board came before its record. */
	if (p[n - 2].revents != 0)
		hear_events(w);
	for (size_t i = 0; i < w->n; i++) {
		if (p[2 * i].revents != 0)
			take_records(w, i);
		if (p[2 * i + 1].revents != 0)
			give(w, i);
	}
	if (p[n - 1].revents != 0)
		hear_errors(w);
	return true;
}

/* Has it died?  What it ended with goes into the status. */
static bool
judge_stage(struct flow *w, const struct front_stage *s)
{
	struct buf why = BUF_INIT;
	struct err e = ERR_INIT;
	const bool died = process_died(s, &why);

	if (died && w->stopped < 2) {
		err_set(&e, ERR_INTERNAL, "%s", why.data);
		front_say(w->f, &e);
		w->f->status = 2;
	}
	if (!died && s->ended && WEXITSTATUS(s->status) == 2 &&
	    w->stopped < 2)
		w->f->status = 2;
	buf_release(&why);
	return died;
}

/* The first stage that did not end as it should; the status of all. */
static const struct front_stage *
judge_stages(struct flow *w)
{
	const struct front_stage *died = NULL, *s;

	for (size_t i = 0; i < w->n; i++)
		for (size_t k = 0; k < w->pipes[i].p->n; k++) {
			s = &w->pipes[i].p->v[k];
			if (judge_stage(w, s) && died == NULL)
				died = s;
		}
	return died;
}

static void
flow_release(struct flow *w)
{
	screen_close(&w->screen);
	lost_release(&w->lost);
	for (size_t i = 0; i < w->n; i++) {
		flow_close(&w->pipes[i].in);
		flow_close(&w->pipes[i].out);
		buf_release(&w->pipes[i].pending);
		stream_release(&w->pipes[i].from);
	}
	flow_close(&w->events);
	flow_close(&w->errors);
	buf_release(&w->told);
	buf_release(&w->said);
}

/* The boards as they were first told of: the tool that finds them has order. */
static void
sort_by_rows(struct flow *w, size_t first)
{
	const char **keys = mem_alloc((w->screen.n + 1) * sizeof(*keys));

	for (size_t i = 0; i < w->screen.n; i++)
		keys[i] = w->screen.rows[i].key;
	front_sort(w->out, first, keys, w->screen.n);
	free(keys);
}

static bool
has_screen(const struct front *f)
{
	const char *term = getenv("TERM");

	if (f->quiet || f->events_fd != -1 ||
	    strcmp(f->progress, "none") == 0)
		return false;
	return strcmp(f->progress, "bar") == 0 || (isatty(STDERR_FILENO) &&
	    isatty(STDOUT_FILENO) && term != NULL &&
	    strcmp(term, "dumb") != 0);
}

int
front_run(struct front *f, struct front_pipe *const pipes[], size_t n,
    const struct front_records *given, struct front_records *out,
    struct err *e)
{
	struct flow w = { .f = f, .n = n, .events = -1, .errors = -1,
	    .told = BUF_INIT, .said = BUF_INIT, .out = out };
	const struct front_stage *died;
	const size_t begun = out->n;
	int r;

	for (size_t i = 0; i < n; i++)
		w.pipes[i] = (struct run_pipe){ .p = pipes[i], .in = -1,
		    .out = -1, .pending = BUF_INIT,
		    .from = STREAM_INIT(-1, "a stage") };
	screen_open(&w.screen, has_screen(f), table_colour(f->colour));
	r = flow_start(&w, given != NULL, e);
	for (size_t i = 0; r == 0 && given != NULL && i < given->n; i++) {
		lost_note(&w.lost, given->v[i]);
		screen_board(&w.screen, given->v[i]);
		push(&w.pipes[0], given->v[i]);
	}
	if (r == -1)
		signal_stages(&w, SIGTERM, true);
	while (r == 0 && turn_flow(&w))
		;
	for (size_t i = 0; i < n; i++) {
		flow_close(&w.pipes[i].in);
		flow_close(&w.pipes[i].out);
		process_wait(w.pipes[i].p);
	}
	screen_hide(&w.screen);
	died = judge_stages(&w);
	lost_add(&w.lost, died, w.stopped > 1, out);
	if (w.stopped > 0 && f->status == 0)
		f->status = 1;		/* not all was done */
	if (!f->at_once)
		sort_by_rows(&w, begun);
	flow_release(&w);
	return r;
}
