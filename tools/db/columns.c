/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "base/buf.h"
#include "db/db.h"

/* The first of these keys that the record has. */
static void
show_first(const struct record *rec, const char *const *keys,
    struct buf *out)
{
	for (; *keys != NULL && out->len == 0; keys++)
		record_text(rec, *keys, out);
}

static void
show_name(const struct record *rec, struct buf *out)
{
	static const char *const keys[] = { "database.file", "board.uid",
	    "event.uid", "event.place", "database.product", "database.head",
	    NULL };

	show_first(rec, keys, out);
}

static void
show_board(const struct record *rec, struct buf *out)
{
	static const char *const boards[] = { "firmware.board_id",
	    "board.board_id", "event.board_id", NULL };
	static const char *const variants[] = { "firmware.variant",
	    "board.variant", "event.variant", NULL };
	struct buf variant = BUF_INIT;

	show_first(rec, boards, out);
	show_first(rec, variants, &variant);
	if (variant.len > 0)
		buf_addf(out, "-%s", variant.data);
	buf_release(&variant);
}

static void
show_version(const struct record *rec, struct buf *out)
{
	static const char *const before[] = { "event.version_before",
	    "board.version", NULL };
	static const char *const after[] = { "event.version",
	    "database.newest", "firmware.version", "database.last", NULL };
	struct buf old = BUF_INIT;

	show_first(rec, after, out);
	show_first(rec, before, &old);
	if (old.len > 0 && out->len > 0 && strcmp(old.data, out->data) != 0) {
		buf_adds(&old, " " COLUMN_ARROW " ");
		buf_adds(&old, out->data);
		buf_clear(out);
		buf_adds(out, old.data);
	}
	buf_release(&old);
}

static void
show_time(const struct record *rec, struct buf *out)
{
	static const char *const keys[] = { "event.at",
	    "database.recorded_at", "firmware.added_at", NULL };

	show_first(rec, keys, out);
}

static void
show_state(const struct record *rec, struct buf *out)
{
	static const char *const keys[] = { "event.what", "database.state",
	    "database.toml", NULL };

	show_first(rec, keys, out);
}

static void
show_more(const struct record *rec, struct buf *out)
{
	static const char *const keys[] = { "event.error_message",
	    "event.note", "database.reason", "database.queued_why",
	    "database.toml_reason", "firmware.description",
	    "board.description", NULL };

	show_first(rec, keys, out);
}

/* "97.5 %" of the installations. */
static void
show_share(const struct record *rec, const char *of, struct buf *out)
{
	struct err ignored = ERR_INIT;
	int64_t all, n;

	if (record_opt_int(rec, "statistics.installations", &all,
	    &ignored) == 0 && all > 0 &&
	    record_opt_int(rec, of, &n, &ignored) == 0)
		buf_addf(out, "%.1f %%", 100.0 * (double)n / (double)all);
}

static void
show_first_pass(const struct record *rec, struct buf *out)
{
	show_share(rec, "statistics.first_pass", out);
}

static void
show_final(const struct record *rec, struct buf *out)
{
	show_share(rec, "statistics.final", out);
}

const struct column db_rows[] = {
	{ "KIND", "database.kind", COLUMN_NAME, NULL },
	{ "NAME", NULL, COLUMN_PATH, show_name },
	{ "BOARD", NULL, COLUMN_NAME, show_board },
	{ "VERSION", NULL, COLUMN_NAME, show_version },
	{ "STATE", NULL, COLUMN_STATE, show_state },
	{ "TIME", NULL, COLUMN_MORE, show_time },
	{ "MORE", NULL, COLUMN_REASON, show_more },
	COLUMN_END
};

const struct column db_events[] = {
	{ "TIME", "event.at", COLUMN_NAME, NULL },
	{ "WHAT", NULL, COLUMN_STATE, show_state },
	{ "BOARD", NULL, COLUMN_NAME, show_board },
	{ "UID", "event.uid", COLUMN_MORE, NULL },
	{ "VERSION", NULL, COLUMN_NAME, show_version },
	{ "METHOD", "event.method", COLUMN_MORE, NULL },
	{ "HOST", "event.host", COLUMN_MORE, NULL },
	{ "MORE", NULL, COLUMN_REASON, show_more },
	COLUMN_END
};

const struct column db_statistics[] = {
	{ "PORT", "statistics.port", COLUMN_NAME, NULL },
	{ "BOARD", "statistics.board_id", COLUMN_NAME, NULL },
	{ "METHOD", "statistics.method", COLUMN_NAME, NULL },
	{ "HOST", "statistics.host", COLUMN_MORE, NULL },
	{ "INSTALLATIONS", "statistics.installations", COLUMN_NAME, NULL },
	{ "ATTEMPTS", "statistics.attempts", COLUMN_NAME, NULL },
	{ "AT ONCE", NULL, COLUMN_NAME, show_first_pass },
	{ "IN THE END", NULL, COLUMN_NAME, show_final },
	COLUMN_END
};
