/* SPDX-License-Identifier: MIT */
#include "store/db.h"
#include "store/derived.h"
#include "store/rows.h"

static int
put_device_row(struct store *s, const struct store_device *d, struct err *e)
{
	struct query q;

	if (query_begin(s, "INSERT INTO "
	    "mpf_device (uid, device_id, port, board_id, variant, version, "
	    "build, commit_id, custom, source, file_name, sha256, flashed_at, "
	    "recorded_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, "
	    "?11, ?12, ?13, ?14) ON CONFLICT (uid) DO UPDATE SET "
	    "device_id = ?2, port = ?3, board_id = ?4, variant = ?5, "
	    "version = ?6, build = ?7, commit_id = ?8, custom = ?9, "
	    "source = ?10, file_name = ?11, sha256 = ?12, flashed_at = ?13, "
	    "recorded_at = ?14", &q, e) == -1)
		return -1;
	query_text(&q, d->uid);
	query_text(&q, d->device_id);
	query_text(&q, d->port);
	query_text(&q, d->board_id);
	query_text(&q, d->variant);
	query_text(&q, d->version);
	query_int(&q, d->build);
	query_text(&q, d->commit);
	query_int(&q, d->custom);
	query_text(&q, d->source);
	query_text(&q, d->file_name);
	query_text(&q, d->sha256);
	query_text(&q, d->flashed_at);
	query_text(&q, d->recorded_at);
	return query_run(&q, e);
}

int
store_device_put(struct store *s, const struct store_device *d, struct err *e)
{
	return db_writing(s, e) == 0 &&
	    find_take(s, FIND_DEVICE, d->uid, e) == 0 &&
	    put_device_row(s, d, e) == 0 &&
	    find_add(s, FIND_DEVICE, d->uid, e) == 0 ? 0 : -1;
}

int
rows_devices(struct query *q,
    int (*fn)(const struct store_device *d, void *ctx), void *ctx,
    struct err *e)
{
	struct store_device d;
	int n = 0, r;

	while ((r = query_next(q, e)) == 1) {
		d.uid = query_col_text(q, 0);
		d.device_id = query_col_text(q, 1);
		d.port = query_col_text(q, 2);
		d.board_id = query_col_text(q, 3);
		d.variant = query_col_text(q, 4);
		d.version = query_col_text(q, 5);
		d.build = query_col_int(q, 6);
		d.commit = query_col_text(q, 7);
		d.custom = query_col_int(q, 8) == 1;
		d.source = query_col_text(q, 9);
		d.file_name = query_col_text(q, 10);
		d.sha256 = query_col_text(q, 11);
		d.flashed_at = query_col_text(q, 12);
		d.recorded_at = query_col_text(q, 13);
		d.toml = query_col_text(q, 14);
		d.toml_state = query_col_text(q, 15);
		d.toml_reason = query_col_text(q, 16);
		d.queued_at = query_col_text(q, 17);
		d.queued_why = query_col_text(q, 18);
		n++;
		if (fn(&d, ctx) != 0)
			break;
	}
	query_end(q);
	return r == -1 ? -1 : n;
}

int
store_device_find(struct store *s, const char *uid,
    int (*fn)(const struct store_device *d, void *ctx), void *ctx,
    struct err *e)
{
	struct query q;

	if (query_begin(s, DEVICE_ROWS "WHERE d.uid = ?1", &q, e) == -1)
		return -1;
	query_text(&q, uid);
	return rows_devices(&q, fn, ctx, e);
}

int
store_devices(struct store *s, const char *port, const char *board_id,
    int (*fn)(const struct store_device *d, void *ctx), void *ctx,
    struct err *e)
{
	struct query q;

	if (query_begin(s, DEVICE_ROWS "WHERE (?1 IS NULL OR d.port = ?1) AND "
	    "(?2 IS NULL OR d.board_id = ?2) ORDER BY d.uid", &q, e) == -1)
		return -1;
	query_text(&q, port);
	query_text(&q, board_id);
	return rows_devices(&q, fn, ctx, e) == -1 ? -1 : 0;
}

int
store_devices_by_sha256(struct store *s, const char *begin,
    int (*fn)(const struct store_device *d, void *ctx), void *ctx,
    struct err *e)
{
	struct query q;

	if (query_begin(s, DEVICE_ROWS "WHERE d.sha256 >= ?1 AND d.sha256 < "
	    "?1 || 'g' ORDER BY d.uid", &q, e) == -1)
		return -1;
	query_text(&q, begin);
	return rows_devices(&q, fn, ctx, e) == -1 ? -1 : 0;
}

/* SQL about one board, or the board's row, by its id. */
static int
change_device(struct store *s, const char *sql, const char *uid,
    struct err *e)
{
	struct query q;

	if (query_begin(s, sql, &q, e) == -1)
		return -1;
	query_text(&q, uid);
	return query_run(&q, e);
}

int
store_device_remove(struct store *s, const char *uid, struct err *e)
{
	int n;

	if (db_writing(s, e) == -1 ||
	    find_take(s, FIND_DEVICE, uid, e) == -1 ||
	    change_device(s, "DELETE FROM mpf_device WHERE uid = ?1", uid,
	    e) == -1)
		return -1;
	n = sqlite3_changes(s->db);
	return store_queue_drop(s, uid, e) == -1 ? -1 : n > 0;
}

int
store_device_toml(struct store *s, const char *uid, const char *text,
    const char *state, const char *reason, struct err *e)
{
	struct query q;

	if (db_writing(s, e) == -1 || query_begin(s, "UPDATE mpf_device SET "
	    "toml = coalesce(?2, toml), toml_state = ?3, toml_reason = ?4 "
	    "WHERE uid = ?1", &q, e) == -1)
		return -1;
	query_text(&q, uid);
	query_text(&q, text);
	query_text(&q, state);
	query_text(&q, reason);
	return query_run(&q, e);
}

int
store_queue_put(struct store *s, const char *uid, const char *at,
    const char *why, struct err *e)
{
	struct query q;

	if (db_writing(s, e) == -1 || query_begin(s, "INSERT INTO mpf_queue "
	    "(uid, at, why) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING", &q,
	    e) == -1)
		return -1;
	query_text(&q, uid);
	query_text(&q, at);
	query_text(&q, why);
	return query_run(&q, e);
}

int
store_queue_drop(struct store *s, const char *uid, struct err *e)
{
	return db_writing(s, e) == -1 ? -1 : change_device(s,
	    "DELETE FROM mpf_queue WHERE uid = ?1", uid, e);
}
