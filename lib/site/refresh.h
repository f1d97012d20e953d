/* SPDX-License-Identifier: MIT */
#ifndef MPF_SITE_REFRESH_H
#define MPF_SITE_REFRESH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "facts/facts.h"
#include "http/http.h"
#include "site/index.h"
#include "site/mirror.h"
#include "store/store.h"

/*
 * refresh: what mpf-index does.  The boards' pages, of all boards or of those
 * that are asked for, are asked whether they changed, and kept in the store.
 *
 * Pages are written in groups, as each group waits for the disk; a group is
 * short, as others wait for it.
 */

struct refresh;

struct refresh_opts {
	const char	*dir;		/* the firmware folder */
	const char *const *mirrors;	/* as in mirror.h */
	struct http_opts http;
	bool		 by_hand;	/* the user named the boards */
	/* As in http.h, and that another mirror is asked; NULL. */
	void		(*say)(const char *fmt, ...);
	/* A page whose failure no board is told; NULL. */
	void		(*page_failed)(const struct err *e);
	/* Boards' pages that are done, of so many; NULL. */
	void		(*progress)(size_t done, size_t total, void *ctx);
	void		*ctx;		/* of that one */
};

/* What became of the boards' pages. */
struct refreshed {
	size_t	pages;			/* in all */
	size_t	changed, unchanged;
	size_t	empty;			/* no firmware there */
	size_t	failed;			/* the list of boards counts, too */
};

/* Somebody who waits for a board's page. */
struct refresh_wait {
	struct refresh_wait *next;	/* refresh's own */
	/*
	 * The end of it, once.  e NULL: the page at url is in the store;
	 * ERR_NOT_FOUND: there is no page, or no firmware on it.
	 */
	void		(*done)(struct refresh_wait *w, const char *url,
			    const struct err *e);
};

/* ERR_PERMISSION where the store can only be read. */
int	refresh_open(const struct refresh_opts *o, struct refresh **out,
	    struct err *e);
/* What still runs is dropped without a word.  NULL is fine. */
void	refresh_close(struct refresh *r);

/* Begins it, once for all that wait; w NULL: nobody does. */
void	refresh_board(struct refresh *r, const char *board_id,
	    struct refresh_wait *w);
/*
 * Works on what was begun until something happened, or there is input on in_fd
 * (-1: none).
 */
int	refresh_turn(struct refresh *r, int in_fd, struct err *e);
/* All that is out ends with ERR_CANCELLED; what came is kept. */
void	refresh_cancel(struct refresh *r);

/*
 * Works until all that was begun is here, or a signal came.  -1 also when a
 * page failed; see page_failed.
 */
int	refresh_finish(struct refresh *r, struct refreshed *out,
	    struct err *e);
/* The same for the pages of all boards, by the site's list of them. */
int	refresh_all(struct refresh *r, struct refreshed *out, struct err *e);

struct store	*refresh_store(const struct refresh *r);
/* index_known for its store and sites. */
int	refresh_known(const struct refresh *r, const char *board_id,
	    bool offline, struct index *out, struct err *e);
/* Opened when first asked for; NULL, *e. */
struct facts	*refresh_facts(struct refresh *r, struct err *e);

#endif
