/* SPDX-License-Identifier: MIT */
#ifndef MPF_STORE_EVENT_ROW_H
#define MPF_STORE_EVENT_ROW_H

#include "base/buf.h"
#include "base/digest.h"
#include "store/db.h"
#include "store/history.h"

/*
 * event_row: a row of mpf_event, in SQL and in the chain.  For lib/store alone.
 */

/* From a question for HISTORY_COLUMNS. */
void	event_row_read(const struct query *q, struct store_event *out);
/* The values of all these columns, in their order. */
void	event_row_bind(struct query *q, const struct store_event *ev);
/* The same content?  The number of the row does not count. */
bool	event_row_same(const struct store_event *a,
	    const struct store_event *b);

/* The link after *chain, in its place; row is room that is used again. */
void	event_link(const struct store_event *ev, struct buf *row,
	    uint8_t chain[DIGEST_SIZE]);
/* Of the row as it is in the table, NULs and all: q asks for the columns. */
void	event_row_link(const struct query *q, struct buf *row,
	    uint8_t chain[DIGEST_SIZE]);

/* mpf_head: the rows that were written, and the last link. */
struct event_head {
	int64_t	 events;
	uint8_t	 chain[DIGEST_SIZE];
};

int	event_head_read(struct store *s, struct event_head *out,
	    struct err *e);
int	event_head_write(struct store *s, const struct event_head *h,
	    struct err *e);

#endif
