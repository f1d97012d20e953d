/* SPDX-License-Identifier: MIT */
#include "store/db.h"
#include "store/history.h"

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
