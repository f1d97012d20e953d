/* SPDX-License-Identifier: MIT */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/mem.h"
#include "front/impl.h"
#include "tool/step.h"
#include "tool/table.h"

#define DRAW_MS		100		/* between two drawings */
#define AGAIN_MS	1000		/* without news: the seconds count */
#define QUICK_MS	300		/* nothing is drawn before */
#define ROWS_DEFAULT	24
#define CELLS_DEFAULT	80
#define STEP_CELLS	10
#define TIME_CELLS	8		/* "  59.9 s" */

/* ECMA-48 and DEC private modes, which terminals of today have. */
#define CLEAR_LINE	"\033[K"
#define CLEAR_BELOW	"\033[J"
#define NO_WRAP		"\033[?7l"
#define WRAP		"\033[?7h"

static void
window_size(size_t *rows, size_t *cells)
{
	struct winsize w = { 0 };

	ioctl(STDERR_FILENO, TIOCGWINSZ, &w);
	*rows = w.ws_row > 0 ? w.ws_row : ROWS_DEFAULT;
	*cells = w.ws_col > 0 ? w.ws_col : CELLS_DEFAULT;
}

static size_t
bar_cells(const struct screen_layout *l)
{
	return (l->bar > 0 ? l->bar + 3 : 0) + 5 + (l->size ? 11 : 0) +
	    (l->rate ? 12 : 0);
}

static size_t
all_cells(const struct screen_layout *l, size_t middle)
{
	return l->name + 2 + (l->board > 0 ? l->board + 2 : 0) + STEP_CELLS +
	    1 + middle + (l->time ? TIME_CELLS + 1 : 0);
}

/*
 * What goes where a line is too long, in this order: the size, half of the
 * bar, the rate, the board, the bar, the time, and the end of the name.
 */
void
screen_fit(struct screen_layout *l, size_t cells, size_t name, size_t board)
{
	static const struct {
		bool	size, rate, board, time;
		size_t	bar;
	} ways[] = {
		{ true, true, true, true, 20 },
		{ false, true, true, true, 20 },
		{ false, true, true, true, 10 },
		{ false, false, true, true, 10 },
		{ false, false, false, true, 10 },
		{ false, false, false, true, 0 },
		{ false, false, false, false, 0 },
	};
	const size_t n = sizeof(ways) / sizeof(ways[0]);
	size_t least;

	for (size_t i = 0; i < n; i++) {
		*l = (struct screen_layout){ .cells = cells, .name = name,
		    .board = ways[i].board ? board : 0, .bar = ways[i].bar,
		    .size = ways[i].size, .rate = ways[i].rate,
		    .time = ways[i].time };
		if (all_cells(l, bar_cells(l)) <= cells)
			break;
	}
	l->middle = bar_cells(l);
	least = all_cells(l, l->middle);
	if (least < cells)
		l->middle += cells - least;
	else
		l->name -= least - cells < l->name ? least - cells : l->name;
}

static void
draw_bar(struct buf *out, const struct screen_layout *l,
    const struct screen_row *r)
{
	static const char full[] = "####################";
	int n = 0;

	if (r->total > 0 && r->done > 0)
		n = r->done >= r->total ? (int)l->bar : (int)((double)r->done /
		    (double)r->total * (double)l->bar);
	if (l->bar > 0)
		buf_addf(out, "[%.*s%*s] ", n, full, (int)l->bar - n, "");
	buf_addf(out, "%3d %%", (int)((double)r->done * 100 /
	    (double)r->total));
}

/* " 45 % of 1.6 MB  80.1 kB/s", as far as there is room. */
static void
add_amounts(struct buf *out, const struct screen_layout *l,
    const struct screen_row *r)
{
	const bool bytes = strcmp(r->unit, "bytes") == 0;

	if (r->total > 0)
		draw_bar(out, l, r);
	else
		run_amount(out, r->done, r->unit);
	if (r->total > 0 && l->size) {
		buf_adds(out, " of ");
		run_amount(out, r->total, r->unit);
	}
	if (!bytes)
		buf_addf(out, " %s", r->unit);
	if (bytes && r->rate > 0 && l->rate) {
		buf_adds(out, "  ");
		run_amount(out, r->rate, r->unit);
		buf_adds(out, "/s");
	}
}

static void
add_middle(struct buf *out, const struct screen_layout *l,
    const struct screen_row *r)
{
	struct buf text = BUF_INIT;

	if (r->result != NULL)
		buf_adds(&text, r->result);
	else if (r->ask != NULL)
		buf_addf(&text, "> %s", r->ask);
	else if (r->done >= 0)
		add_amounts(&text, l, r);
	layout_cell(out, text.data, l->middle);
	buf_release(&text);
}

/* "9.2 s", "12 min". */
static void
add_time(struct buf *out, const struct screen_layout *l, int64_t ms)
{
	char text[24];

	if (ms < 100000)
		snprintf(text, sizeof(text), "%" PRId64 ".%" PRId64 " s",
		    ms / 1000, ms % 1000 / 100);
	else
		snprintf(text, sizeof(text), "%" PRId64 " min",
		    (ms + 59999) / 60000);
	if (l->time)
		buf_addf(out, " %*s", TIME_CELLS, text);
}

static void
draw_step(struct buf *out, const struct screen_row *r, bool colour)
{
	const char *sgr = r->result == NULL ? NULL : column_colour(r->step);

	if (colour && sgr != NULL)
		buf_addf(out, "\033[%sm", sgr);
	layout_cell(out, r->step, STEP_CELLS);
	if (colour && sgr != NULL)
		buf_adds(out, "\033[m");
	buf_addc(out, ' ');
}

void
screen_line(const struct screen_layout *l, const struct screen_row *r,
    int64_t now, bool colour, struct buf *out)
{
	layout_cell(out, r->name, l->name);
	buf_adds(out, "  ");
	if (l->board > 0) {
		layout_cell(out, r->board, l->board);
		buf_adds(out, "  ");
	}
	draw_step(out, r, colour);
	add_middle(out, l, r);
	add_time(out, l, (r->result != NULL ? r->ended_ms : now) -
	    r->begun_ms);
}

void
screen_total(const struct screen *s, const struct screen_layout *l,
    int64_t now, struct buf *out)
{
	static const char *const words[] = { "at work", "done", "failed",
	    "skipped" };
	size_t count[4] = { 0 };
	struct buf text = BUF_INIT;

	for (size_t i = 0; i < s->n; i++)
		count[s->rows[i].result == NULL ? ROW_WORKS :
		    s->rows[i].state]++;
	buf_addf(&text, "%zu in all", s->n);
	for (size_t i = 4; i-- > 0;)
		if (count[i] > 0)
			buf_addf(&text, ", %zu %s", count[i], words[i]);
	if (s->all.done >= 0 && s->all.total > s->all.done) {
		buf_addf(&text, "; %s ", s->all.step);
		add_amounts(&text, &(struct screen_layout){ .rate = l->rate,
		    .size = true }, &s->all);
	}
	layout_cell(out, text.data, l->cells -
	    (l->time ? TIME_CELLS + 1 : 0));
	add_time(out, l, now - s->begun_ms);
	buf_release(&text);
}

/* How many lines of the screen the last drawing takes up in a window of now. */
static size_t
lines_drawn(const struct screen *s, size_t cells)
{
	size_t n = 0;

	for (size_t i = 0; i < s->n_drawn; i++)
		n += s->drawn[i] == 0 ? 1 : (s->drawn[i] - 1) / cells + 1;
	return n;
}

static void
show_screen(const struct buf *b)
{
	struct err ignored;

	file_write_all(STDERR_FILENO, b->data, b->len, "progress", &ignored);
}

void
screen_hide(struct screen *s)
{
	struct buf b = BUF_INIT;
	size_t rows, cells;

	if (s->n_drawn == 0)
		return;
	window_size(&rows, &cells);
	buf_addf(&b, "\r\033[%zuA" CLEAR_BELOW, lines_drawn(s, cells));
	show_screen(&b);
	buf_release(&b);
	s->n_drawn = 0;
	s->stale = true;
}

static void
draw_line(struct screen *s, struct buf *out, const char *line, size_t cells,
    size_t width)
{
	/* In the last cell, what clears the rest would clear that, too. */
	buf_addf(out, "%s%s\n", line, cells < width ? CLEAR_LINE : "");
	s->drawn[s->n_drawn++] = cells;
}

static bool
is_shown(const struct screen_row *r, int pass)
{
	static const int order[] = { 0, 1, 2 };	/* asked, at work, ended */

	return order[pass] == (r->result != NULL ? 2 : r->ask != NULL ? 0 : 1);
}

/* Which rows are drawn where there are more than lines: ended ones go first. */
static void
choose_rows(const struct screen *s, size_t most, bool *shown)
{
	size_t n = 0;

	for (int pass = 0; pass < 3; pass++)
		for (size_t i = 0; i < s->n; i++)
			if (is_shown(&s->rows[i], pass) && n < most) {
				shown[i] = true;
				n++;
			}
}

static void
add_lines(struct screen *s, struct buf *out, size_t rows, size_t cells)
{
	const int64_t now = clock_ms();
	const bool total = s->n > 1;
	const size_t room = rows > 3 ? rows - 1 - total : 1;
	const size_t most = s->n > room ? room - (room > 1) : room;
	bool *shown = mem_alloc((s->n + 1) * sizeof(*shown));
	struct screen_layout l;
	struct buf line = BUF_INIT;
	size_t name = 4, board = 0, w;

	for (size_t i = 0; i < s->n; i++) {
		w = layout_width(s->rows[i].name);
		name = w > name ? w : name;
		w = s->rows[i].board == NULL ? 0 :
		    layout_width(s->rows[i].board);
		board = w > board ? w : board;
	}
	screen_fit(&l, cells, name, board);
	choose_rows(s, most, shown);
	for (size_t i = 0; i < s->n; i++) {
		buf_clear(&line);
		screen_line(&l, &s->rows[i], now, s->colour, &line);
		if (shown[i])
			draw_line(s, out, line.data, cells, cells);
	}
	buf_clear(&line);
	if (s->n > most) {
		buf_addf(&line, "and %zu more", s->n - most);
		draw_line(s, out, line.data, line.len, cells);
		buf_clear(&line);
	}
	if (total) {
		screen_total(s, &l, now, &line);
		draw_line(s, out, line.data, cells, cells);
	}
	buf_release(&line);
	free(shown);
}

int
screen_draw(struct screen *s)
{
	struct buf b = BUF_INIT;
	size_t rows, cells, up;
	int left;

	if (!s->on || s->n == 0)
		return -1;
	left = clock_left_ms(s->drawn_ms == 0 ? s->begun_ms + QUICK_MS :
	    s->drawn_ms + (s->stale ? DRAW_MS : AGAIN_MS));
	if (left > 0)
		return left;
	window_size(&rows, &cells);
	up = lines_drawn(s, cells);
	if (up > 0)
		buf_addf(&b, "\r\033[%zuA", up);
	buf_adds(&b, NO_WRAP);
	s->drawn = mem_grow(s->drawn, s->n + 2, sizeof(*s->drawn));
	s->n_drawn = 0;
	add_lines(s, &b, rows, cells);
	buf_adds(&b, CLEAR_BELOW WRAP);
	show_screen(&b);
	buf_release(&b);
	s->drawn_ms = clock_ms();
	s->stale = false;
	return AGAIN_MS;
}
