/* SPDX-License-Identifier: MIT */
#ifndef MPF_FETCH_RUN_H
#define MPF_FETCH_RUN_H

#include "base/buf.h"
#include "base/file.h"
#include "fetch/fetch.h"
#include "fetch/http.h"
#include "fetch/index.h"
#include "fetch/local.h"
#include "store/store.h"

/*
 * run: how the files of lib/fetch share the work.  For them alone.
 *
 * A job is an item.  It waits for a page (unless its version is pinned), then
 * for a file; pages and files know who waits for them, and are fetched once.
 */

struct item {
	struct item	*next;		/* of all */
	struct item	*after;		/* of those that wait for the same */
	struct fetch	*f;
	struct fetch_job *job;
	char		**kept;
	size_t		 n_kept;
	const char	*url;		/* of the file; kept */
	const char	*rel;		/* where it goes, below dir; kept */
	const char	*sha256;	/* what it must be; kept; NULL: any */
};

struct page_task {
	struct page_task *next;
	struct fetch	*f;
	char		*board_id, *url;
	struct index	 index;		/* source NULL: none yet */
	bool		 asked;		/* the network, in this run */
	bool		 asking;
	struct buf	 body;
	struct item	*waiting;
};

struct file_task {
	struct file_task *next;
	struct fetch	*f;
	char		*rel, *path, *url;
	struct file_new	 out;
	struct digest	*digest;
	int64_t		 size;
	struct item	*waiting;
};

struct fetch {
	struct fetch_opts o;
	char		*dir, *mirror;
	bool		 mirror_given;
	struct store	*store;
	struct http	*http;
	struct item	*items;
	struct page_task *pages;
	struct file_task *files;
};

/* The item's own copy, freed with it; s NULL gives NULL. */
const char	*item_keep(struct item *it, const char *s);
/* The same without the copy: p is the item's from here on. */
const char	*item_own(struct item *it, char *p);
void	item_done(struct item *it, const struct err *e);
/* Ends all in a list of those waiting. */
void	items_fail(struct item *waiting, const struct err *e);

/* pin.c: from the user's word to one file, or to none needed. */
void	item_want_page(struct item *it);
void	page_task_free(struct page_task *t);

/* Sees to it that chosen.port is there. */
int	item_port(struct item *it, struct err *e);

/* file.c: what is here already, or else a download. */
void	item_want_file(struct item *it);
/* Is it the file that the item may have?  ERR_VERIFY. */
int	item_check_digest(const struct item *it, const char *name,
	    const char *sha256, struct err *e);
/*
 * Under the store's lock the row, and then the file's own name (out NULL: it
 * has it).  What dies in between leaves a file without a row, which is looked
 * at like a new one.  ERR_VERIFY if another was first seen at that address.
 */
int	item_keep_file(const struct item *it, const struct local_file *l,
	    struct file_new *out, struct err *e);
void	item_take_file(struct item *it, const char *path,
	    const struct local_file *l);
const char	*url_file(const char *url);	/* its last part */

/* download.c: once for all that wait for it. */
void	item_download(struct item *it, const char *path);
void	file_task_free(struct file_task *t);

#endif
