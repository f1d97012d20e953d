/* SPDX-License-Identifier: MIT */
#ifndef MPF_STORE_HISTORY_H
#define MPF_STORE_HISTORY_H

#include "base/digest.h"
#include "store/store.h"

/*
 * history: every event of every board, in the order it was written.
 *
 * Rows are only ever added: triggers refuse a change.  Each row has a link of
 * a chain, the SHA-256 of the link before it (32 bytes of 0 before the first)
 * and of the row's own columns, in the order of HISTORY_COLUMNS: a NULL is
 * "-;", anything else "LENGTH:TEXT;", where a number is its decimal digits
 * and LENGTH counts bytes.  So a row that was changed, taken away, put between
 * or moved breaks the chain; mpf_head has the number of rows and the last
 * link, which tells of rows cut off at the end.  Who can write the file can
 * make a new chain; to tell, the link that was the last is kept elsewhere.
 */

#define HISTORY_COLUMNS	"id, uid, device_id, at, what, version, sha256, " \
			"error_code, error_message, stage, host, user, " \
			"port, board_id, variant, version_before, " \
			"file_name, method, state, attempts, took_ms, " \
			"stages, note"

/* Which events; NULL: all.  Times are RFC 3339, the first one included. */
struct history_filter {
	const char	*uid, *device_id;
	const char	*board_id;	/* with or without variant */
	const char	*what;
	const char	*since, *until;
	int64_t		 limit;		/* the newest so many; -1: all */
};

#define HISTORY_FILTER_INIT	{ .limit = -1 }

/* Those that fit, oldest first; -1 of fn ends it. */
int	store_history(struct store *s, const struct history_filter *f,
	    int (*fn)(const struct store_event *ev, void *ctx), void *ctx,
	    struct err *e);
/* Is an event of the same content there, whatever its number?  1, 0, -1. */
int	store_event_known(struct store *s, const struct store_event *ev,
	    struct err *e);

struct history_proof {
	int64_t	 events;		/* that are as they were written */
	char	 head[DIGEST_HEX];	/* the last link of the chain */
	int64_t	 broken;		/* the first that does not fit, or -1 */
	char	 why[80];		/* in words; "" */
	bool	 found;			/* the link that was asked for */
};

/*
 * Walks the chain from its first row.  link: a head noted before, which must
 * be a link of it; NULL.  0 also where it is broken: out says so.
 */
int	store_history_verify(struct store *s, const char *link,
	    struct history_proof *out, struct err *e);

/* How well installations went, by board, method and host. */
struct history_success {
	const char	*port, *board_id, *method, *host;
	int64_t		 installations;	/* begun */
	int64_t		 attempts;	/* in all of them */
	int64_t		 first_pass;	/* done by the first attempt */
	int64_t		 final;		/* done in the end */
};

int	store_history_success(struct store *s, const char *since,
	    int (*fn)(const struct history_success *h, void *ctx), void *ctx,
	    struct err *e);

/* For lib/store alone: links for the rows without a link, in their order. */
int	history_chain(struct store *s, struct err *e);

#endif
