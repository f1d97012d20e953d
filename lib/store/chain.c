/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/text.h"
#include "store/event_row.h"

#define ROWS	"SELECT " HISTORY_COLUMNS ", chain FROM mpf_event ORDER BY id"
#define CHAIN	23			/* where ROWS has the link */

int
history_chain(struct store *s, struct err *e)
{
	struct event_head head = { .events = 0 };
	struct buf row = BUF_INIT;
	struct query q, put;
	int r = -1;

	if (query_begin(s, ROWS, &q, e) == -1)
		return -1;
	while ((r = query_next(&q, e)) == 1) {
		event_row_link(&q, &row, head.chain);
		head.events++;
		if (query_begin(s, "UPDATE mpf_event SET chain = ?2 WHERE "
		    "id = ?1", &put, e) == -1) {
			r = -1;
			break;
		}
		query_int(&put, query_col_int(&q, 0));
		query_blob(&put, head.chain, DIGEST_SIZE);
		if ((r = query_run(&put, e)) == -1)
			break;
	}
	query_end(&q);
	buf_release(&row);
	return r == -1 ? -1 : event_head_write(s, &head, e);
}

static bool
link_there(const struct query *q, const uint8_t chain[DIGEST_SIZE])
{
	return sqlite3_column_bytes(q->st, CHAIN) == DIGEST_SIZE &&
	    memcmp(sqlite3_column_blob(q->st, CHAIN), chain,
	    DIGEST_SIZE) == 0;
}

static void
broken_at(struct history_proof *p, int64_t id, const char *why)
{
	p->broken = id;
	snprintf(p->why, sizeof(p->why), "%s", why);
}

/* Rows cut off at the end, and all that the chain itself cannot show. */
static void
compare_head(struct history_proof *p, const struct event_head *now,
    const struct event_head *noted)
{
	if (p->broken != -1)
		return;
	if (now->events < noted->events)
		broken_at(p, now->events + 1, "rows at the end are missing");
	else if (now->events > noted->events)
		broken_at(p, noted->events + 1, "rows that mpf did not "
		    "write");
	else if (memcmp(now->chain, noted->chain, DIGEST_SIZE) != 0)
		broken_at(p, now->events, "the noted head is another");
}

int
store_history_verify(struct store *s, const char *link,
    struct history_proof *out, struct err *e)
{
	struct event_head now = { .events = 0 }, noted;
	uint8_t wanted[DIGEST_SIZE];
	const bool asked = link != NULL && text_unhex(wanted, DIGEST_SIZE,
	    link, strlen(link)) == (int)DIGEST_SIZE;
	struct buf row = BUF_INIT;
	struct query q;
	int r;

	*out = (struct history_proof){ .broken = -1 };
	if (event_head_read(s, &noted, e) == -1 ||
	    query_begin(s, ROWS, &q, e) == -1)
		return -1;
	while ((r = query_next(&q, e)) == 1) {
		event_row_link(&q, &row, now.chain);
		if (!link_there(&q, now.chain)) {
			broken_at(out, query_col_int(&q, 0), "the row, or the "
			    "one before it, is not as it was written");
			break;
		}
		now.events++;
		out->found |= asked && memcmp(now.chain, wanted,
		    DIGEST_SIZE) == 0;
	}
	query_end(&q);
	buf_release(&row);
	if (r == -1)
		return -1;
	compare_head(out, &now, &noted);
	out->events = now.events;
	text_hex(out->head, now.chain, DIGEST_SIZE);
	return 0;
}
