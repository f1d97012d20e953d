/* SPDX-License-Identifier: MIT */
#ifndef MPF_FETCH_H
#define MPF_FETCH_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "model/model.h"

/*
 * fetch: what mpf-fetch does.  From a choice to a file that is here, whole,
 * and what it claims to be; many at once in one process.
 *
 * What resolve could not pin is pinned from the board's download page.  A
 * page or file that several boards need is fetched once.  A file comes into
 * the firmware folder under a temporary name, and gets its own only when it
 * is on the disk, was inspected, and its row is in the database.
 */

#define FETCH_MIRROR	"https://micropython.org"

struct fetch;

struct fetch_job {
	/* In; borrowed until done. */
	const struct firmware	*firmware;
	const struct board	*board;		/* what runs there now */
	const char		*mode;		/* device.mode; NULL */
	const char		*hash;		/* in the board's TOML; NULL */
	void			*ctx;		/* the caller's */
	/* Out; the strings live until done returns. */
	struct firmware		 chosen;	/* as firmware, pinned */
	struct image		 image;		/* path NULL: skip, or failed */
};

struct fetch_opts {
	const char	*dir;		/* the firmware folder */
	const char	*mirror;	/* NULL: FETCH_MIRROR, and sources as
					   the records have them */
	const char	*cacert;	/* NULL: the system's */
	bool		 offline;	/* with what is here alone */
	bool		 force;		/* download what is here, too */
	int64_t		 timeout_ms;	/* 0: as in http.h */
	/*
	 * The end of a job, once, from fetch_start or fetch_turn; e NULL:
	 * well.  chosen.action says whether there is anything to flash.
	 */
	void		(*done)(struct fetch_job *job, const struct err *e);
	/* total 0: unknown; NULL: nobody wants to know. */
	void		(*progress)(struct fetch_job *job, int64_t done,
			    int64_t total);
};

int	fetch_open(const struct fetch_opts *o, struct fetch **out,
	    struct err *e);
/* Jobs still out are dropped without a word.  NULL is fine. */
void	fetch_close(struct fetch *f);
/* The store can only be read: the message to tell; else NULL. */
const char	*fetch_readonly(const struct fetch *f);

void	fetch_start(struct fetch *f, struct fetch_job *job);
/*
 * Works on what was started until something happened, or there is input on
 * in_fd (-1: none).
 */
int	fetch_turn(struct fetch *f, int in_fd, struct err *e);
/* All that is out ends with ERR_CANCELLED. */
void	fetch_cancel(struct fetch *f);

#endif
