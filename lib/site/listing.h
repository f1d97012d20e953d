/* SPDX-License-Identifier: MIT */
#ifndef MPF_SITE_LISTING_H
#define MPF_SITE_LISTING_H

#include <stddef.h>

#include "base/err.h"
#include "http/http.h"
#include "site/html.h"
#include "site/mirror.h"
#include "site/name.h"
#include "store/store.h"

/*
 * listing: the download index, MIRROR/download/: which boards have a page.
 * Bytes in, board ids out; and from and to the store.
 *
 * Of the page only this is relied upon: a board hangs on <a class=board-card>,
 * whose href is its id, relative to /download/, or on one to /download/ID.
 */

#define LISTING_MAX	HTML_MAX
#define LISTING_BOARDS	4096u

struct listing {
	char	(*id)[NAME_PART];	/* in the page's order, each once */
	size_t	  n, cap;
};

#define LISTING_INIT	{ NULL, 0, 0 }

/*
 * Ids are fit for a path.  ERR_INPUT on more than LISTING_MAX bytes or
 * LISTING_BOARDS boards, ERR_NOT_FOUND if it is missing.
 */
int	listing_parse(const char *html, size_t n, struct listing *out,
	    struct err *e);
/* False: it is invalid, or there is no more room. */
bool	listing_add(struct listing *l, const char *id, size_t n);
void	listing_release(struct listing *l);

/* listing_store.c; within store_begin ... store_commit: keeps what came. */
int	listing_put(struct store *s, const struct mirrors *m, size_t mirror,
	    const char *url, const struct http_reply *reply,
	    const struct listing *l, struct err *e);
/* What is kept of that address, which has just been found unchanged. */
int	listing_from_store(struct store *s, const char *url,
	    struct listing *out, struct err *e);

#endif
