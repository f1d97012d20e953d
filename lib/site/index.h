/* SPDX-License-Identifier: MIT */
#ifndef MPF_SITE_INDEX_H
#define MPF_SITE_INDEX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/digest.h"
#include "base/err.h"
#include "facts/version.h"
#include "means/means.h"
#include "model/model.h"
#include "http/http.h"
#include "site/mirror.h"
#include "site/name.h"
#include "site/page.h"
#include "store/store.h"

/*
 * index: what there is for one board, as its download page last said it, from
 * the page itself or from the store.
 */

#define INDEX_FRESH_S	86400		/* older than this, it is stale */

struct index_link {
	char			*url;
	const char		*file;	/* the last part of url */
	struct firmware_name	 name;
	char			 sha256[DIGEST_HEX];	/* "" not published */
};

struct index {
	char			*source;	/* the page, or NULL */
	char			 port[32];	/* "" where it does not say */
	int64_t			 fetched_at;	/* seconds since 1970 */
	char			*etag, *last_modified;
	struct index_link	*link;		/* in the page's order */
	size_t			 n, cap;
};

#define INDEX_INIT	{ .source = NULL }

void	index_release(struct index *ix);
/* A new link, whose name the caller fills in; url is the index's from here. */
struct index_link	*index_add(struct index *ix, char *url);

/* From a page; its files hang below mirror, which ends without "/". */
void	index_from_page(const struct page *p, const char *mirror,
	    const char *source, int64_t at, struct index *out);
/* From a board's page just downloaded, with its validators. */
int	index_from_reply(const struct buf *body, const char *board_id,
	    const char *mirror, const char *source,
	    const struct http_reply *reply, struct index *out, struct err *e);
/* What the store holds of this board; 1, or 0 where it holds nothing. */
int	index_from_store(struct store *s, const char *board_id,
	    struct index *out, struct err *e);
/* The same of this page of the board's alone. */
int	index_of_page(struct store *s, const char *board_id, const char *url,
	    struct index *out, struct err *e);
/*
 * The same of the newest page of these sites.  Another site, which a mirror of
 * an earlier run may be, counts only offline, where nothing else can be asked;
 * say (NULL: nobody) is told so.
 */
int	index_known(struct store *s, const struct mirrors *m,
	    const char *board_id, bool offline,
	    void (*say)(const char *fmt, ...), struct index *out,
	    struct err *e);
/*
 * Adds the files that are in the firmware folder and not among the links,
 * whoever downloaded them, and also those that the store has no row for, as
 * long as they have the name that they would get here.  Without a page the
 * folder is the source.
 */
int	index_add_here(struct store *s, const char *board_id, bool no_clean,
	    struct index *ix, struct err *e);
/* Puts it there, instead of what was. */
int	index_to_store(struct store *s, const char *board_id,
	    const struct index *ix, struct err *e);
/* The same within store_begin ... store_commit. */
int	index_put(struct store *s, const char *board_id,
	    const struct index *ix, struct err *e);
/* It was found unchanged, at fetched_at. */
int	index_seen(struct store *s, const struct index *ix, struct err *e);

/* The link as the store has it; its version is written to version. */
void	index_row(const struct index_link *l, char version[VERSION_TEXT],
	    struct store_link *out);

/* What is asked of an index. */
struct index_want {
	const char	*board_id;	/* for messages */
	const char	*variant;	/* NULL or "": the board's default */
	const struct means *means;	/* NULL: not known */
	const char	*mode;		/* the device's; see facts/pick.h */
	const char	*wanted;	/* the user's word, where not pinned */
	const char	*version;	/* pinned: exactly this; NULL: not */
	int64_t		 build;		/* of a pinned preview; -1: any */
};

/*
 * The one file that is meant, by facts/pick: the newest version that may be
 * it, of the kind that the board is flashed with.  ERR_USAGE
 * where wanted is no version, ERR_NOT_FOUND where there is none such; the hint
 * then names what comes near.
 */
int	index_pick(const struct index *ix, const struct index_want *w,
	    const struct index_link **out, struct err *e);

/*
 * What a record says of a file of the index, but for its variant; text holds
 * the version, and what *out points to is the index's.
 */
void	index_pin(const struct index *ix, const struct index_link *l,
	    char text[VERSION_TEXT], struct firmware *out);

/* How old, in seconds, and never below 0. */
int64_t	index_age_s(const struct index *ix);

#endif
