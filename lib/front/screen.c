/* SPDX-License-Identifier: MIT */
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/text.h"
#include "front/impl.h"
#include "tool/table.h"

void
screen_open(struct screen *s, bool on, bool colour)
{
	if (on)
		setlocale(LC_CTYPE, "");	/* how wide a letter is */
	*s = (struct screen){ .on = on, .colour = colour,
	    .begun_ms = clock_ms() };
}

static void
row_release(struct screen_row *r)
{
	free(r->key);
	free(r->name);
	free(r->board);
	free(r->ask);
	free(r->result);
}

void
screen_close(struct screen *s)
{
	screen_hide(s);
	for (size_t i = 0; i < s->n; i++)
		row_release(&s->rows[i]);
	free(s->rows);
	row_release(&s->all);
	free(s->drawn);
	*s = (struct screen){ .on = false };
}

struct screen_row *
screen_find(const struct screen *s, const char *key)
{
	for (size_t i = 0; key != NULL && i < s->n; i++)
		if (strcmp(s->rows[i].key, key) == 0)
			return &s->rows[i];
	return NULL;
}

static struct screen_row *
find_or_add(struct screen *s, const char *key, const char *name)
{
	struct screen_row *r = screen_find(s, key);

	if (r != NULL || key == NULL)
		return r;
	s->rows = mem_grow(s->rows, s->n + 1, sizeof(*s->rows));
	r = &s->rows[s->n++];
	*r = (struct screen_row){ .key = mem_str(key),
	    .name = mem_str(name != NULL ? name : key),
	    .begun_ms = clock_ms(), .done = -1, .total = -1, .rate = -1 };
	return r;
}

static void
replace(char **to, const char *s)
{
	char *copy = mem_str(s);

	free(*to);
	*to = copy;
}

static void
note_step(struct screen_row *r, const char *tool, const struct event *ev)
{
	/* "start" is nobody's name for what is done. */
	snprintf(r->step, sizeof(r->step), "%s",
	    strcmp(ev->step, "start") == 0 ? tool : ev->step);
	snprintf(r->unit, sizeof(r->unit), "%s",
	    ev->unit != NULL ? ev->unit : "");
	r->done = ev->done;
	r->total = ev->total;
	r->rate = ev->rate;
	replace(&r->ask, NULL);
}

void
screen_event(struct screen *s, const char *tool, const struct event *ev)
{
	const bool all = ev->device != NULL && strcmp(ev->device, "all") == 0;
	const char *key = ev->device != NULL ? ev->device : ev->name;
	struct screen_row *r = all ? &s->all : find_or_add(s, key, ev->name);

	if (r == NULL || r->result != NULL)
		return;
	s->stale = true;
	if (strcmp(ev->what, "progress") == 0 && ev->step != NULL) {
		note_step(r, tool, ev);
	} else if (strcmp(ev->what, "ask") == 0) {
		snprintf(r->step, sizeof(r->step), "%s", tool);
		replace(&r->ask, ev->message == NULL ? "" :
		    text_without_name(ev->message, r->name));
	} else if (strcmp(ev->what, "result") == 0) {
		replace(&r->ask, NULL);
		r->done = r->total = r->rate = -1;
		if (ev->status != NULL && strcmp(ev->status, "failed") == 0)
			r->state = ROW_FAILED;
	}
}

void
screen_board(struct screen *s, const struct record *rec)
{
	struct screen_row *r = find_or_add(s, front_key(rec), run_label(rec));
	struct buf board = BUF_INIT;

	if (r == NULL)
		return;
	column_board(rec, &board);
	if (board.len > 0 && strcmp(board.data, r->name) != 0)
		replace(&r->board, board.data);
	buf_release(&board);
	s->stale = true;
}

/* "v1.22.2 -> v1.28.0", or why not. */
static char *
result_text(const struct record *rec)
{
	const char *error = record_str(rec, "error.message");
	const char *device = run_device(rec);
	struct buf out = BUF_INIT;
	char *named;

	if (error != NULL) {
		named = run_named(error, record_str(rec, "device.id"), device);
		buf_adds(&out, text_without_name(named, device));
		free(named);
		return buf_steal(&out);
	}
	column_skipped(rec, &out);
	if (out.len == 0)
		column_versions(rec, &out);
	table_arrow(&out);
	return buf_steal(&out);
}

void
screen_result(struct screen *s, const struct record *rec)
{
	struct screen_row *r = find_or_add(s, front_key(rec), run_label(rec));
	const char *action = record_str(rec, "firmware.action");
	struct buf step = BUF_INIT;

	if (r == NULL)
		return;
	screen_board(s, rec);
	front_action(rec, &step);
	if (step.len == 0)
		record_text(rec, "device.mode", &step);
	snprintf(r->step, sizeof(r->step), "%s", step.data);
	buf_release(&step);
	replace(&r->ask, NULL);
	free(r->result);
	r->result = result_text(rec);
	r->ended_ms = clock_ms();
	r->state = record_failed(rec) ? ROW_FAILED : action != NULL &&
	    strcmp(action, "skip") == 0 ? ROW_SKIPPED : ROW_DONE;
}
