/* SPDX-License-Identifier: MIT */
#ifndef MPF_FETCH_RUN_H
#define MPF_FETCH_RUN_H

#include <sys/stat.h>

#include "base/buf.h"
#include "base/file.h"
#include "facts/facts.h"
#include "fetch/fetch.h"
#include "fetch/local.h"
#include "fetch/part.h"
#include "http/http.h"
#include "means/means.h"
#include "site/github_api.h"
#include "site/index.h"
#include "site/mirror.h"
#include "store/store.h"
#include "trust/lockfile.h"
#include "trust/minisign.h"

/*
 * run: how the files of lib/fetch share the work.  For them, and for
 * lib/bundle, which keeps the files of a bundle as those that were downloaded.
 *
 * A job is an item.  It waits for a page (unless its version is pinned), then
 * for a file; pages and files know which jobs wait for them, and are
 * fetched once.
 */

struct item {
	struct item	*next;		/* of all */
	struct item	*after;		/* of those that wait for the same */
	struct fetch	*f;
	struct fetch_job *job;
	char		**kept;
	size_t		 n_kept;
	const char	*link;		/* where the site has it; kept */
	const char	*api_url;	/* the same by GitHub's API; kept */
	const char	*sig_url;	/* and its signature; kept */
	const char	*url;		/* from where it comes; kept */
	const char	*query;		/* behind link, to ask; kept; NULL */
	const char	*origin;	/* its name in the lock file; kept */
	const char	*rel;		/* where it goes, below dir; kept */
	const char	*sha256;	/* what it must be; kept; NULL: any */
	size_t		 mirror;	/* where it is looked for now */
	size_t		 tried;		/* mirrors that failed */
	bool		 fetched;	/* in this run, from url */
	bool		 in_folder;	/* custom, and has its place */
	uint64_t	 there;		/* file_there(), when it looked */
	struct asset_task *asset;	/* asks GitHub for it */
	struct sig_task	*sig;		/* its signature, if that is wanted */
};

struct page_task {
	struct page_task *next;
	struct fetch	*f;
	char		*board_id, *url;
	struct index	 index;		/* source NULL: none yet */
	bool		 asked;		/* the network, in this run */
	bool		 asking;
	size_t		 mirror;	/* where it is looked for now */
	struct buf	 body;
	struct item	*waiting;
};

struct file_task {
	struct file_task *next;
	struct fetch	*f;
	char		*rel, *path, *url;
	char		*asks;		/* url, and the query */
	struct part	 part;
	bool		 held;		/* another process had it */
	struct part_seen seen;		/* of that one's, ... */
	int64_t		 seen_ms;	/* ... and since when it is so */
	bool		 resumed;	/* a part of it was there before */
	bool		 whole;		/* and fit to be kept; see keep.c */
	int64_t		 whole_ms;	/* since then */
	struct local_file local;	/* once it is */
	struct err	 e;		/* if it could not be kept */
	int64_t		 total;		/* bytes; -1: unknown */
	struct item	*waiting;
};

/* A file that was read in this run, as it was then. */
struct seen_file {
	struct seen_file *next;
	char		*path;
	struct stat	 st;
	struct local_file local;
	bool		 signed_ok;	/* by one of the keys */
};

struct fetch {
	struct fetch_opts o;
	char		*dir;
	struct mirrors	 mirrors;
	struct minisign_key *keys;
	size_t		 n_keys;
	struct lockfile	 lock;
	struct github_api github;
	struct store	*store;
	struct facts	*facts;		/* NULL: not needed yet */
	struct means_table *means;
	struct http	*http;
	struct item	*items;
	struct page_task *pages;
	struct file_task *files;
	struct seen_file *seen;
	char		*swept;		/* the last folder; see part_sweep */
	int64_t		 ended;		/* bytes of files that are done */
	int64_t		 told_ms;	/* when the total was told last */
};

/* The item's own copy, freed with it; s NULL gives NULL. */
const char	*item_keep(struct item *it, const char *s);
/* The same without the copy: p is the item's from here on. */
const char	*item_own(struct item *it, char *p);
void	item_done(struct item *it, const struct err *e);
/* Frees what the item has kept. */
void	item_forget(struct item *it);
/* Ends all jobs in a list of those waiting that cannot go to a mirror. */
void	items_fail(struct item *waiting, const struct err *e);

/* where.c: the mirror that a file comes from. */
/* Sets it->url: at the mirror whose turn it is, or as the link is. */
void	item_set_url(struct item *it);
/* What to ask for, it->url with that end, for the caller to free. */
char	*item_asks(const struct item *it, const char *suffix);
/* True: it has gone to the next mirror. */
bool	item_elsewhere(struct item *it, const struct err *e);

/*
 * Is its address a file of the user's own that the folder has already, as
 * mpf-add takes it in?  Then it has its place, and is looked at like any other.
 */
int	item_look_in_folder(struct item *it, struct err *e);
/* From what firmware.source says to one file. */
void	item_want_source(struct item *it);

/* asset.c: from GitHub's API to one file. */
void	item_want_asset(struct item *it);
void	asset_task_free(struct asset_task *t);	/* NULL is fine */

/* The user's own word, on the command line. */
static inline bool
item_by_hand(const struct item *it)
{
	return it->job->hand != NULL && it->job->hand->source != NULL;
}

/*
 * hand.c: of a board that the user has named and no table here knows, the
 * ids that are near, as the hint of e.  False: there is nothing to say.
 */
bool	hint_near(const struct item *it, const char *board_id, struct err *e);

/* lock.c: what the lock file says. */
int	lock_open(struct fetch *f, struct err *e);
/* Sets it->origin, the name in a lock file, from it->link. */
void	item_origin(struct item *it);
/* The same and, where the file is locked, what it must be. */
int	item_locked(struct item *it, struct err *e);
int	item_check_lock(const struct item *it, const char *sha256,
	    struct err *e);
void	item_lock(struct item *it, int64_t size, const char *sha256);
int	lock_save(struct fetch *f, struct err *e);
/* What is in it for a board, as an index. */
void	lock_index(const struct fetch *f, const char *board_id,
	    struct index *out);

/* sig.c: signatures. */
int	keys_open(struct fetch *f, struct err *e);
/* Downloads the signature first, where one is wanted. */
void	item_want_sig(struct item *it, const char *path);
/* Reads the one beside a file that is here; false: it is missing. */
bool	item_sig_here(struct item *it, const char *path);
/* Has one of the keys signed the file at path?  No keys: yes. */
int	item_check_sig(const struct item *it, const char *path,
	    const char *name, struct err *e);
/* Keeps it beside the file at path. */
int	item_keep_sig(const struct item *it, const char *path, struct err *e);
void	sig_task_free(struct sig_task *t);	/* NULL is fine */

/* pin.c: from the user's word to one file, if a file is needed. */
void	item_pin(struct item *it, const struct index *ix,
	    const struct index_link *l);
void	item_want_page(struct item *it);
void	page_task_free(struct page_task *t);

/* Sees to it that chosen.port is there. */
int	item_port(struct item *it, struct err *e);

/* seen.c: each file is read once in a run, however many records name it. */
int	item_look(const struct item *it, const char *path,
	    struct local_file *out, struct err *e);
void	seen_free(struct seen_file *s);		/* all; NULL is fine */

/* file.c: what is here already, or else a download. */
void	item_want_file(struct item *it);
/* What it is, and whether it may be used: local.h, and its signature. */
int	item_inspect(const struct item *it, const char *path,
	    const char sha256[DIGEST_HEX], const char *name,
	    struct local_file *out, struct err *e);
/* Tells the file at path from the one that takes its place; 0: none. */
uint64_t	file_there(const char *path);
/* 1: it is here, and the item has it; 0: it is not; -1: not as it was. */
int	item_use_here(struct item *it, const char *path, struct err *e);
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
/* Its steps: ERR_VERIFY if another one was seen before; the row. */
int	item_check_known(const struct item *it, const struct local_file *l,
	    struct err *e);
int	item_put_row(const struct item *it, const struct local_file *l,
	    struct err *e);
void	item_take_file(struct item *it, const char *path,
	    const struct local_file *l);

/* download.c: once for all that wait for it. */
void	item_download(struct item *it, const char *path);
void	file_task_free(struct file_task *t);
/* The end of one that was kept, and of one that was not. */
void	file_task_done(struct file_task *t);
void	file_task_failed(struct file_task *t, const struct err *e);

/* keep.c: what came whole gets its name and its row, several at once. */
void	files_keep(struct fetch *f, bool now);
/* How long others may be kept waiting meanwhile, at most ms. */
int	files_wait_ms(const struct fetch *f, int ms);
/* Begins what another process had; how soon to ask again, at most ms. */
int	files_begin_held(struct fetch *f, int ms);

#endif
