/* SPDX-License-Identifier: MIT */
#include "store/rows.h"

int
rows_boards(struct query *q, int (*fn)(const struct store_board *b, void *ctx),
    void *ctx, struct err *e)
{
	const bool whole = query_columns(q) > BOARD_FACTS_N;
	struct store_board b = { .port = NULL };
	int n = 0, r;

	while ((r = query_next(q, e)) == 1) {
		b.port = query_col_text(q, 0);
		b.board_id = query_col_text(q, 1);
		b.variant = query_col_text(q, 2);
		b.first = query_col_text(q, 3);
		b.last = query_col_text(q, 4);
		b.name = query_col_text(q, 5);
		b.hw_mcu = query_col_text(q, 6);
		b.description = query_col_text(q, 7);
		b.mcu = query_col_text(q, 8);
		b.flash_offset = query_col_text(q, 9);
		b.released = query_col_int(q, 10) == 1;
		b.custom = query_col_int(q, 11) == 1;
		b.differs = query_col_text(q, 12);
		if (whole) {
			b.product = query_col_text(q, 13);
			b.vendor = query_col_text(q, 14);
			b.url = query_col_text(q, 15);
			b.vid = query_col_text(q, 16);
			b.pid = query_col_text(q, 17);
			b.variant_text = query_col_text(q, 18);
		}
		n++;
		if (fn(&b, ctx) != 0)
			break;
	}
	query_end(q);
	return r == -1 ? -1 : n;
}

int
store_boards_by_machine(struct store *s, const char *machine,
    int (*fn)(const struct store_board *b, void *ctx), void *ctx,
    struct err *e)
{
	struct query q;

	if (query_begin(s, BOARD_ROWS "FROM mpf_board "
	    "WHERE machine = ?1 ORDER BY id", &q, e) == -1)
		return -1;
	query_text(&q, machine);
	return rows_boards(&q, fn, ctx, e) == -1 ? -1 : 0;
}

int
store_boards_by_id(struct store *s, const char *port, const char *board_id,
    int (*fn)(const struct store_board *b, void *ctx), void *ctx,
    struct err *e)
{
	struct query q;

	if (query_begin(s, BOARD_ROWS "FROM mpf_board "
	    "WHERE (?1 IS NULL OR port = ?1) AND "
	    "(?2 IS NULL OR board_id = ?2) ORDER BY id", &q, e) == -1)
		return -1;
	query_text(&q, port);
	query_text(&q, board_id);
	return rows_boards(&q, fn, ctx, e) == -1 ? -1 : 0;
}

int
store_board_facts(struct store *s,
    int (*fn)(const struct store_board *b, void *ctx), void *ctx,
    struct err *e)
{
	struct query q;

	if (query_begin(s, BOARD_FACTS " FROM mpf_board ORDER BY id", &q,
	    e) == -1)
		return -1;
	return rows_boards(&q, fn, ctx, e) == -1 ? -1 : 0;
}

int
store_board_put(struct store *s, const struct store_board *b, struct err *e)
{
	struct query q;

	if (db_writing(s, e) == -1 || query_begin(s, "INSERT OR REPLACE INTO "
	    "mpf_board (port, board_id, variant, first, last, name, hw_mcu, "
	    "machine, mcu, product, vendor, url, vid, pid, flash_offset, "
	    "variant_text, released, custom, differs) VALUES (?1, ?2, "
	    "?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, "
	    "?16, ?17, 1, ?18)", &q, e) == -1)
		return -1;
	query_text(&q, b->port);
	query_text(&q, b->board_id);
	query_key(&q, b->variant);
	query_key(&q, b->first);
	query_key(&q, b->last);
	query_text(&q, b->name);
	query_text(&q, b->hw_mcu);
	query_key(&q, b->description);
	query_text(&q, b->mcu);
	query_text(&q, b->product);
	query_text(&q, b->vendor);
	query_text(&q, b->url);
	query_text(&q, b->vid);
	query_text(&q, b->pid);
	query_text(&q, b->flash_offset);
	query_text(&q, b->variant_text);
	query_int(&q, b->released);
	query_text(&q, b->differs);
	return query_run(&q, e);
}

int
store_releases(struct store *s, int (*fn)(const char *version, void *ctx),
    void *ctx, struct err *e)
{
	struct query q;
	int r;

	if (query_begin(s, "SELECT version FROM mpf_release ORDER BY n", &q,
	    e) == -1)
		return -1;
	while ((r = query_next(&q, e)) == 1)
		if (fn(query_col_text(&q, 0), ctx) != 0)
			break;
	query_end(&q);
	return r == -1 ? -1 : 0;
}

int
store_renames(struct store *s,
    int (*fn)(const struct store_rename *r, void *ctx), void *ctx,
    struct err *e)
{
	struct store_rename row;
	struct query q;
	int r;

	if (query_begin(s, "SELECT port, old, new, since, how FROM mpf_rename "
	    "ORDER BY rowid", &q, e) == -1)
		return -1;
	while ((r = query_next(&q, e)) == 1) {
		row.port = query_col_text(&q, 0);
		row.old_id = query_col_text(&q, 1);
		row.new_id = query_col_text(&q, 2);
		row.since = query_col_text(&q, 3);
		row.how = query_col_text(&q, 4);
		if (fn(&row, ctx) != 0)
			break;
	}
	query_end(&q);
	return r == -1 ? -1 : 0;
}
