/* SPDX-License-Identifier: MIT */
#include "store/history.h"

#include "base/buf.h"
#include "store/derived.h"
#include "store/event_row.h"
#include "store/rows.h"

static int
next_id(struct store *s, int64_t *out, struct err *e)
{
	struct query q;
	int r;

	if (query_begin(s, "SELECT coalesce(max(id), 0) + 1 FROM mpf_event",
	    &q, e) == -1)
		return -1;
	r = query_next(&q, e);
	if (r == 1)
		*out = query_col_int(&q, 0);
	query_end(&q);
	return r == -1 ? -1 : 0;
}

static int
insert_event(struct store *s, const struct store_event *ev,
    const uint8_t *chain, struct err *e)
{
	struct query q;

	if (query_begin(s, "INSERT INTO mpf_event (" HISTORY_COLUMNS ", "
	    "chain) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, "
	    "?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22, ?23, "
	    "?24)", &q, e) == -1)
		return -1;
	event_row_bind(&q, ev);
	query_blob(&q, chain, DIGEST_SIZE);
	return query_run(&q, e);
}

int
store_event_add(struct store *s, const struct store_event *ev, struct err *e)
{
	struct store_event row = *ev;
	struct buf link = BUF_INIT;
	struct event_head head;
	int r = -1;

	if (db_writing(s, e) == -1 || event_head_read(s, &head, e) == -1 ||
	    next_id(s, &row.id, e) == -1)
		return -1;
	event_link(&row, &link, head.chain);
	head.events++;
	if (insert_event(s, &row, head.chain, e) == 0 &&
	    find_add_number(s, FIND_EVENT, row.id, e) == 0)
		r = event_head_write(s, &head, e);
	buf_release(&link);
	return r;
}

int
rows_events(struct query *q, int (*fn)(const struct store_event *ev, void *ctx),
    void *ctx, struct err *e)
{
	struct store_event ev;
	int n = 0, r;

	while ((r = query_next(q, e)) == 1) {
		event_row_read(q, &ev);
		n++;
		if (fn(&ev, ctx) != 0)
			break;
	}
	query_end(q);
	return r == -1 ? -1 : n;
}

int
store_event_last(struct store *s, const char *device_id,
    int (*fn)(const struct store_event *ev, void *ctx), void *ctx,
    struct err *e)
{
	struct query q;

	if (query_begin(s, EVENT_ROWS "WHERE "
	    "uid IS NULL AND device_id = ?1 ORDER BY id DESC LIMIT 1", &q,
	    e) == -1)
		return -1;
	query_text(&q, device_id);
	return rows_events(&q, fn, ctx, e);
}

int
store_event_known(struct store *s, const struct store_event *ev,
    struct err *e)
{
	struct store_event there;
	struct query q;
	bool known = false;
	int r;

	if (query_begin(s, EVENT_ROWS "WHERE "
	    "at = ?1", &q, e) == -1)
		return -1;
	query_text(&q, ev->at);
	while (!known && (r = query_next(&q, e)) == 1) {
		event_row_read(&q, &there);
		known = event_row_same(&there, ev);
	}
	query_end(&q);
	return known ? 1 : r;
}

#define FITS		"(?3 IS NULL OR board_id = ?3 OR board_id || '-' || " \
			"coalesce(variant, '') = ?3) AND " \
			"(?4 IS NULL OR what = ?4) AND " \
			"(?5 IS NULL OR at >= ?5) AND " \
			"(?6 IS NULL OR at < ?6)"
#define NEWEST(where)	"SELECT * FROM (SELECT " HISTORY_COLUMNS " FROM " \
			"mpf_event WHERE " where FITS " ORDER BY id DESC " \
			"LIMIT coalesce(?7, -1)) ORDER BY id"
#define OLDEST(where)	"SELECT " HISTORY_COLUMNS " FROM " \
			"mpf_event WHERE " where FITS " ORDER BY id"
#define BY_BOARD	"uid = ?1 AND "
#define BY_PLACE	"device_id = ?2 AND "

/* All of them are not sorted: they may be a million. */
static const char *
history_sql(const struct history_filter *f)
{
	static const char *const sql[3][2] = {
		{ OLDEST(""), NEWEST("") },
		{ OLDEST(BY_BOARD), NEWEST(BY_BOARD) },
		{ OLDEST(BY_PLACE), NEWEST(BY_PLACE) },
	};

	const size_t by = f->uid != NULL ? 1 : f->device_id != NULL ? 2 : 0;

	return sql[by][f->limit != -1];
}

int
store_history(struct store *s, const struct history_filter *f,
    int (*fn)(const struct store_event *ev, void *ctx), void *ctx,
    struct err *e)
{
	struct query q;

	if (query_begin(s, history_sql(f), &q, e) == -1)
		return -1;
	query_text(&q, f->uid);
	query_text(&q, f->device_id);
	query_text(&q, f->board_id);
	query_text(&q, f->what);
	query_text(&q, f->since);
	query_text(&q, f->until);
	query_int(&q, f->limit);
	return rows_events(&q, fn, ctx, e) == -1 ? -1 : 0;
}

int
store_history_success(struct store *s, const char *since,
    int (*fn)(const struct history_success *h, void *ctx), void *ctx,
    struct err *e)
{
	struct history_success h;
	struct query q;
	int r;

	if (query_begin(s, "SELECT port, board_id, method, host, count(*), "
	    "sum(attempts), sum(first_pass), sum(done) FROM "
	    "mpf_view_installations WHERE ?1 IS NULL OR ended_at >= ?1 "
	    "GROUP BY port, board_id, method, host "
	    "ORDER BY port, board_id, method, host", &q, e) == -1)
		return -1;
	query_text(&q, since);
	while ((r = query_next(&q, e)) == 1) {
		h.port = query_col_text(&q, 0);
		h.board_id = query_col_text(&q, 1);
		h.method = query_col_text(&q, 2);
		h.host = query_col_text(&q, 3);
		h.installations = query_col_int(&q, 4);
		h.attempts = query_col_int(&q, 5);
		h.first_pass = query_col_int(&q, 6);
		h.final = query_col_int(&q, 7);
		if (fn(&h, ctx) != 0)
			break;
	}
	query_end(&q);
	return r == -1 ? -1 : 0;
}
