/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/text.h"
#include "tool/run.h"

#define DRAW_MS		100		/* between two drawings */
#define AGAIN_MS	1000		/* of what waits: its seconds count */
#define QUICK_MS	500		/* no bar for what is done by then */
#define BAR_CELLS	20
#define ROWS_DEFAULT	24		/* of a terminal that does not say */
#define CELLS_DEFAULT	80

/* ECMA-48 and DEC private modes, which terminals of today have. */
#define UP_AND_CLEAR	"\r\033[%zuA\033[J"
#define NO_WRAP		"\033[?7l"
#define WRAP		"\033[?7h"

static void
show_bars(const struct buf *b)
{
	struct err ignored;

	file_write_all(STDERR_FILENO, b->data, b->len, "progress", &ignored);
}

static void
screen_size(size_t *rows, size_t *cells)
{
	struct winsize w = { 0 };

	ioctl(STDERR_FILENO, TIOCGWINSZ, &w);
	*rows = w.ws_row > 0 ? w.ws_row : ROWS_DEFAULT;
	*cells = w.ws_col > 0 ? w.ws_col : CELLS_DEFAULT;
}

static void
add_bar(struct buf *out, const struct step *s)
{
	static const char cells[BAR_CELLS + 1] = "####################";
	int full;

	if (s->total > 0) {
		full = s->done >= s->total ? BAR_CELLS : s->done <= 0 ? 0 :
		    (int)((double)s->done / (double)s->total * BAR_CELLS);
		buf_addf(out, "[%.*s%*s] ", full, cells, BAR_CELLS - full, "");
	}
	if (step_counts(s))
		step_amounts(out, s);
	else
		buf_addf(out, "%d s", (int)((clock_ms() - s->from_ms) / 1000));
}

/* One row: the name in so many cells, and how far it is. */
static void
add_bar_row(struct buf *out, const char *label, size_t name_cells,
    const char *ask, const struct step *s, size_t cells)
{
	struct buf raw = BUF_INIT, row = BUF_INIT;
	char *cut;

	text_show(&raw, label, strlen(label));
	buf_addf(&row, "%s%*s  ", raw.data, (int)(name_cells -
	    layout_width(raw.data)), "");
	if (ask != NULL) {
		buf_adds(&row, "> ");
		text_show(&row, ask, strlen(ask));
	} else {
		buf_addf(&row, "%-10s ", s->name);
		add_bar(&row, s);
	}
	cut = layout_cut(row.data, cells, "...");
	buf_addf(out, "%s\n", cut);
	free(cut);
	buf_release(&raw);
	buf_release(&row);
}

static bool
has_bar(const struct job *j)
{
	return j->state == JOB_RUNNING && (j->step.heard || j->ask != NULL ||
	    clock_ms() - j->step.begun_ms >= QUICK_MS);
}

static const char *
name_of_job(const struct job *j)
{
	return j->label != NULL ? j->label : "?";
}

static bool
any_bar(const struct tool_run *run)
{
	const struct job *j = run->first;

	while (j != NULL && !has_bar(j))
		j = j->next;
	return j != NULL || run->all.heard;
}

/* Those that ask, or those that do not. */
static void
add_jobs(struct tool_run *run, struct buf *out, bool ask, size_t most,
    size_t name_cells, size_t cells)
{
	const struct job *j = run->first;

	for (; j != NULL && run->bars < most; j = j->next)
		if (has_bar(j) && (j->ask != NULL) == ask) {
			add_bar_row(out, name_of_job(j), name_cells, j->ask,
			    &j->step, cells);
			run->bars++;
		}
}

/* All bars, at most one less than there are rows; their number in run. */
static void
add_bars(struct tool_run *run, struct buf *out)
{
	size_t rows, cells, n = 0, widest = 3, most, w;
	const bool all = run->all.heard;

	screen_size(&rows, &cells);
	for (const struct job *j = run->first; j != NULL; j = j->next)
		if (has_bar(j)) {
			w = layout_width(name_of_job(j));
			widest = w > widest ? w : widest;
			n++;
		}
	most = rows > 3 ? rows - 1 - (all && n != 1) : 1;
	if (n > most)
		most--;			/* for "and 12 more" */
	add_jobs(run, out, true, most, widest, cells);
	add_jobs(run, out, false, most, widest, cells);
	if (run->bars < n) {
		buf_addf(out, "and %zu more\n", n - run->bars);
		run->bars++;
	}
	if (all && n != 1) {
		add_bar_row(out, "all", widest, NULL, &run->all, cells);
		run->bars++;
	}
}

void
bars_hide(struct tool_run *run)
{
	struct buf b = BUF_INIT;

	if (run->bars == 0)
		return;
	buf_addf(&b, UP_AND_CLEAR, run->bars);
	show_bars(&b);
	buf_release(&b);
	run->bars = 0;
	run->stale = true;
}

int
bars_draw(struct tool_run *run)
{
	struct buf b = BUF_INIT;
	const int64_t next = run->drawn_ms + (run->stale ? DRAW_MS : AGAIN_MS);
	const int left = clock_left_ms(next);

	if (run->n_running + run->all.heard == 0)
		return -1;
	if (left > 0)
		return left;
	if (run->bars == 0 && !any_bar(run))
		return QUICK_MS;
	if (run->bars > 0)
		buf_addf(&b, UP_AND_CLEAR, run->bars);
	buf_adds(&b, NO_WRAP);
	run->bars = 0;
	add_bars(run, &b);
	buf_adds(&b, WRAP);
	show_bars(&b);
	buf_release(&b);
	run->drawn_ms = clock_ms();
	run->stale = false;
	return run->n_running > 0 ? AGAIN_MS : -1;
}
