/* SPDX-License-Identifier: MIT */
#ifndef MPF_CUSTOM_TRACK_H
#define MPF_CUSTOM_TRACK_H

#include "custom/custom.h"
#include "stream/stream.h"

/*
 * track: files that are looked for again (mpf-add --track, --update), with
 * what the user said of them the first time.
 */

/* A file that was asked for; the strings of said are owner's or others'. */
struct custom_asked {
	char		*source;	/* as custom_take has it */
	char		*git_path;	/* NULL */
	char		*last;		/* the SHA-256 that was there; NULL */
	struct firmware	 said;
	struct record	*owner;		/* NULL */
	bool		 tracked;	/* or is to be, from now on */
};

void	custom_asked_release(struct custom_asked *a);

/*
 * From now on it is tracked: its names become those that mean the same from
 * any folder.  ERR_USAGE where it cannot be found again: standard input, or an
 * address with something behind "?", which may be a secret.
 */
int	custom_track(struct custom_asked *a, struct err *e);
/*
 * custom_keep in a group of writes of its own; of what is tracked, also what
 * was there now.
 */
int	custom_asked_keep(struct store *s, const struct custom_asked *a,
	    struct custom_entry *en, bool *again, struct err *e);
/*
 * Each that is tracked, by the folder's database; fn takes it over.  Those
 * that are spoilt are left, and without a database there are none.
 */
int	custom_tracked(const struct custom *c,
	    void (*fn)(struct custom_asked *a, void *ctx), void *ctx,
	    struct err *e);

#endif
