/* SPDX-License-Identifier: MIT */
#include "store/db.h"
#include "store/derived.h"

static int
put_device(struct store *s, const struct store_device *d, struct err *e)
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
	    put_device(s, d, e) == 0 &&
	    find_add(s, FIND_DEVICE, d->uid, e) == 0 ? 0 : -1;
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
