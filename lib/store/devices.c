/* SPDX-License-Identifier: MIT */
#include "store/db.h"

int
store_device_put(struct store *s, const struct store_device *d, struct err *e)
{
	struct query q;

	if (db_writing(s, e) == -1 || query_begin(s, "INSERT OR REPLACE INTO "
	    "mpf_device (uid, device_id, port, board_id, variant, version, "
	    "build, commit_id, custom, source, file_name, sha256, flashed_at, "
	    "recorded_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, "
	    "?11, ?12, ?13, ?14)", &q, e) == -1)
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
store_device_find(struct store *s, const char *uid,
    int (*fn)(const struct store_device *d, void *ctx), void *ctx,
    struct err *e)
{
	struct store_device d;
	struct query q;
	int r;

	if (query_begin(s, "SELECT uid, device_id, port, board_id, variant, "
	    "version, build, commit_id, custom, source, file_name, sha256, "
	    "flashed_at, recorded_at FROM mpf_device WHERE uid = ?1", &q,
	    e) == -1)
		return -1;
	query_text(&q, uid);
	r = query_next(&q, e);
	if (r == 1) {
		d.uid = query_col_text(&q, 0);
		d.device_id = query_col_text(&q, 1);
		d.port = query_col_text(&q, 2);
		d.board_id = query_col_text(&q, 3);
		d.variant = query_col_text(&q, 4);
		d.version = query_col_text(&q, 5);
		d.build = query_col_int(&q, 6);
		d.commit = query_col_text(&q, 7);
		d.custom = query_col_int(&q, 8) == 1;
		d.source = query_col_text(&q, 9);
		d.file_name = query_col_text(&q, 10);
		d.sha256 = query_col_text(&q, 11);
		d.flashed_at = query_col_text(&q, 12);
		d.recorded_at = query_col_text(&q, 13);
		fn(&d, ctx);
	}
	query_end(&q);
	return r;
}

int
store_event_add(struct store *s, const struct store_event *ev, struct err *e)
{
	struct query q;

	if (db_writing(s, e) == -1 || query_begin(s, "INSERT INTO mpf_event "
	    "(uid, device_id, at, what, version, sha256, error_code, "
	    "error_message) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)", &q,
	    e) == -1)
		return -1;
	query_text(&q, ev->uid);
	query_text(&q, ev->device_id);
	query_text(&q, ev->at);
	query_text(&q, ev->what);
	query_text(&q, ev->version);
	query_text(&q, ev->sha256);
	query_text(&q, ev->error_code);
	query_text(&q, ev->error_message);
	return query_run(&q, e);
}

int
store_event_last(struct store *s, const char *device_id,
    int (*fn)(const struct store_event *ev, void *ctx), void *ctx,
    struct err *e)
{
	struct store_event ev;
	struct query q;
	int r;

	if (query_begin(s, "SELECT uid, device_id, at, what, version, sha256, "
	    "error_code, error_message FROM mpf_event WHERE uid IS NULL "
	    "AND device_id = ?1 ORDER BY id DESC LIMIT 1", &q, e) == -1)
		return -1;
	query_text(&q, device_id);
	r = query_next(&q, e);
	if (r == 1) {
		ev.uid = query_col_text(&q, 0);
		ev.device_id = query_col_text(&q, 1);
		ev.at = query_col_text(&q, 2);
		ev.what = query_col_text(&q, 3);
		ev.version = query_col_text(&q, 4);
		ev.sha256 = query_col_text(&q, 5);
		ev.error_code = query_col_text(&q, 6);
		ev.error_message = query_col_text(&q, 7);
		fn(&ev, ctx);
	}
	query_end(&q);
	return r;
}
