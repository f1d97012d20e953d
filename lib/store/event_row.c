/* SPDX-License-Identifier: MIT */
#include "store/event_row.h"

#include <inttypes.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#define N(a)		(sizeof(a) / sizeof((a)[0]))

/* Each column of HISTORY_COLUMNS, and where it is in struct store_event. */
static const struct column {
	size_t	 at;
	bool	 number;
} columns[] = {
	{ offsetof(struct store_event, id), true },
	{ offsetof(struct store_event, uid), false },
	{ offsetof(struct store_event, device_id), false },
	{ offsetof(struct store_event, at), false },
	{ offsetof(struct store_event, what), false },
	{ offsetof(struct store_event, version), false },
	{ offsetof(struct store_event, sha256), false },
	{ offsetof(struct store_event, error_code), false },
	{ offsetof(struct store_event, error_message), false },
	{ offsetof(struct store_event, stage), false },
	{ offsetof(struct store_event, host), false },
	{ offsetof(struct store_event, user), false },
	{ offsetof(struct store_event, port), false },
	{ offsetof(struct store_event, board_id), false },
	{ offsetof(struct store_event, variant), false },
	{ offsetof(struct store_event, version_before), false },
	{ offsetof(struct store_event, file_name), false },
	{ offsetof(struct store_event, method), false },
	{ offsetof(struct store_event, state), false },
	{ offsetof(struct store_event, attempts), true },
	{ offsetof(struct store_event, took_ms), true },
	{ offsetof(struct store_event, stages), false },
	{ offsetof(struct store_event, note), false },
};

static const char *
column_text(const struct store_event *ev, size_t i)
{
	return *(const char *const *)((const char *)ev + columns[i].at);
}

static int64_t
number_at(const struct store_event *ev, size_t i)
{
	return *(const int64_t *)(const void *)((const char *)ev +
	    columns[i].at);
}

void
event_row_read(const struct query *q, struct store_event *ev)
{
	for (size_t i = 0; i < N(columns); i++) {
		void *to = (char *)ev + columns[i].at;

		if (columns[i].number)
			*(int64_t *)to = query_col_int(q, (int)i);
		else
			*(const char **)to = query_col_text(q, (int)i);
	}
}

/* What a link is made of: history.h. */
static void
add_value(struct buf *out, const char *text, size_t len)
{
	char head[24];
	int n;

	if (text == NULL) {
		buf_add(out, "-;", 2);
		return;
	}
	n = snprintf(head, sizeof(head), "%zu:", len);
	buf_add(out, head, (size_t)n);
	buf_add(out, text, len);
	buf_addc(out, ';');
}

static void
add_event(struct buf *out, const struct store_event *ev)
{
	char number[24];

	for (size_t i = 0; i < N(columns); i++) {
		const char *text = number;

		if (!columns[i].number)
			text = column_text(ev, i);
		else if (number_at(ev, i) == -1)
			text = NULL;
		else
			snprintf(number, sizeof(number), "%" PRId64,
			    number_at(ev, i));
		add_value(out, text, text != NULL ? strlen(text) : 0);
	}
}

/* The same of a row as it is in the table, NULs and all. */
static void
add_columns(struct buf *out, const struct query *q)
{
	for (size_t i = 0; i < N(columns); i++) {
		const char *text =
		    (const char *)sqlite3_column_text(q->st, (int)i);

		add_value(out, text,
		    (size_t)sqlite3_column_bytes(q->st, (int)i));
	}
}

void
event_row_bind(struct query *q, const struct store_event *ev)
{
	for (size_t i = 0; i < N(columns); i++) {
		if (columns[i].number)
			query_int(q, number_at(ev, i));
		else
			query_text(q, column_text(ev, i));
	}
}

bool
event_row_same(const struct store_event *a, const struct store_event *b)
{
	for (size_t i = 1; i < N(columns); i++) {
		const char *x, *y;

		if (columns[i].number) {
			if (number_at(a, i) != number_at(b, i))
				return false;
			continue;
		}
		x = column_text(a, i);
		y = column_text(b, i);
		if (x == NULL || y == NULL ? x != y : strcmp(x, y) != 0)
			return false;
	}
	return true;
}

void
event_link(const struct store_event *ev, struct buf *row,
    uint8_t chain[DIGEST_SIZE])
{
	buf_clear(row);
	buf_add(row, chain, DIGEST_SIZE);
	add_event(row, ev);
	digest_raw(row->data, row->len, chain);
}

void
event_row_link(const struct query *q, struct buf *row,
    uint8_t chain[DIGEST_SIZE])
{
	buf_clear(row);
	buf_add(row, chain, DIGEST_SIZE);
	add_columns(row, q);
	digest_raw(row->data, row->len, chain);
}

int
event_head_read(struct store *s, struct event_head *out, struct err *e)
{
	struct query q;
	int r;

	if (query_begin(s, "SELECT events, chain FROM mpf_head", &q, e) == -1)
		return -1;
	r = query_next(&q, e);
	if (r == 1 && sqlite3_column_bytes(q.st, 1) == DIGEST_SIZE) {
		out->events = query_col_int(&q, 0);
		memcpy(out->chain, sqlite3_column_blob(q.st, 1),
		    DIGEST_SIZE);
	} else if (r != -1) {
		r = err_set(e, ERR_INPUT, "%s: the history has no head",
		    s->path);
		err_hint(e, "put a backup there: ls mpflash.db*.bak");
	}
	query_end(&q);
	return r == -1 ? -1 : 0;
}

int
event_head_write(struct store *s, const struct event_head *h, struct err *e)
{
	struct query q;

	if (query_begin(s, "UPDATE mpf_head SET events = ?1, chain = ?2", &q,
	    e) == -1)
		return -1;
	query_int(&q, h->events);
	query_blob(&q, h->chain, DIGEST_SIZE);
	return query_run(&q, e);
}
