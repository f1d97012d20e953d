/* SPDX-License-Identifier: MIT */
#ifndef MPF_FETCH_H
#define MPF_FETCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "http/http.h"
#include "means/means.h"
#include "model/model.h"
#include "site/mirror.h"

/*
 * fetch: what mpf-fetch does.  From a choice to a file that is here, whole,
 * and what it claims to be; many at once in one process.
 *
 * What resolve could not pin is pinned from the board's download page.  A
 * page or file that several boards need is fetched once.  A file comes into
 * the firmware folder under a temporary name, and gets its own only when it
 * is on the disk, was inspected, and its row is in the database.
 */

struct fetch;

/* What the user says without a board being there. */
struct fetch_hand {
	const char *const *boards;	/* ends with NULL; may be NULL */
	const char	*variant;	/* "-": none */
	const char	*port, *version;
	const char	*source;	/* see source.h */
};

struct fetch_job {
	/* In; borrowed until done. */
	const struct firmware	*firmware;
	const struct board	*board;		/* what runs there now */
	const char		*mode;		/* means_mode's; NULL */
	const char		*hash;		/* in the board's TOML; NULL */
	const struct fetch_hand	*hand;		/* firmware is from it; NULL */
	void			*ctx;		/* the caller's */
	/* Out; the strings live until done returns. */
	struct firmware		 chosen;	/* as firmware, pinned */
	struct image		 image;		/* path NULL: skip, or failed */
};

struct fetch_opts {
	const char	*dir;		/* the firmware folder */
	/*
	 * Sites of micropython.org's shape, or folders, tried in this order;
	 * ends with NULL.  NULL: SITE_MIRROR, and sources as the records have
	 * them.
	 */
	const char *const *mirrors;
	/*
	 * Keys as minisign_key_load takes them; ends with NULL.  With any, a
	 * file is used only if one of them has signed it.  May be NULL.
	 */
	const char *const *pubkeys;
	const char	*lock;		/* mpf.lock(5); NULL: the one in the
					   current folder, if it is there */
	bool		 no_lock;	/* do not use a lock file */
	bool		 locked;	/* nothing that is not in it */
	bool		 no_clean;	/* file names keep date and hash */
	bool		 offline;	/* with what is here alone */
	bool		 force;		/* download what is here, too */
	struct http_opts http;
	/*
	 * As http.say: that it goes on in spite of something, at another mirror
	 * or when another process is done.  NULL: to nobody.
	 */
	void		(*say)(const char *fmt, ...);
	/*
	 * The end of a job, once, from fetch_start or fetch_turn; e NULL:
	 * well.  chosen.action says whether there is anything to flash.
	 */
	void		(*done)(struct fetch_job *job, const struct err *e);
	/* total 0: unknown; NULL: nobody wants to know. */
	void		(*progress)(struct fetch_job *job, int64_t done,
			    int64_t total);
	/* Of all files, each counted once; total 0: not of all is it known. */
	void		(*progress_all)(int64_t done, int64_t total,
			    void *ctx);
	void		*ctx;		/* of that one */
};

/*
 * Looks at the keys and the lock file first, and at GITHUB_API_URL and
 * GITHUB_TOKEN.
 */
int	fetch_open(const struct fetch_opts *o, struct fetch **out,
	    struct err *e);
/* When all jobs are done: writes what is new into the lock file. */
int	fetch_finish(struct fetch *f, struct err *e);
/* Jobs still out are dropped without a word.  NULL is fine. */
void	fetch_close(struct fetch *f);
/* The store can only be read: the message to tell; else NULL. */
const char	*fetch_readonly(const struct fetch *f);

/* Does it name any firmware at all?  Else records do. */
bool	fetch_hand_used(const struct fetch_hand *h);
/* ERR_USAGE says what does not go together. */
int	fetch_hand_check(const struct fetch_hand *h, struct err *e);
/*
 * What a record of mpf-resolve would say for one of the boards (NULL: there
 * is a source alone), called by its id, an old one, BOARD-VARIANT, or what
 * its page is called, though no table here knows it.  ERR_AMBIGUOUS names the
 * boards that it may be.  out lives as long as f, h and board.
 */
int	fetch_by_hand(struct fetch *f, const struct fetch_hand *h,
	    const char *board, struct firmware *out, struct err *e);

void	fetch_start(struct fetch *f, struct fetch_job *job);
/*
 * Works on what was started until something happened, or there is input on
 * in_fd (-1: none).
 */
int	fetch_turn(struct fetch *f, int in_fd, struct err *e);

/* All that is out ends with ERR_CANCELLED. */
void	fetch_cancel(struct fetch *f);

#endif
