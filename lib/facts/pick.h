/* SPDX-License-Identifier: MIT */
#ifndef MPF_FACTS_PICK_H
#define MPF_FACTS_PICK_H

#include <stdbool.h>
#include <stddef.h>

#include "facts/version.h"
#include "means/means.h"
#include "store/store.h"

/*
 * pick: the one file, of all that are offered by a download page and by the
 * firmware folder, for this board, variant and wanted word.
 *
 * The newest version that the word admits, builds counted; of one version a
 * file that is here; of those the extension that suits the port best; of
 * those the first offered.  What never is a whole firmware (.app-bin, .elf,
 * .map) is not looked at.
 */

struct pick_ask {
	const char		*board_id;
	const char		*variant;	/* NULL: none */
	const struct means	*means;		/* NULL: not known */
	const char		*mode;		/* means_mode's; NULL */
	const struct wanted	*wanted;	/* NULL: whatever there is */
	bool			 any;		/* also what no table knows */
};

/* Of a file that is offered, besides its link. */
struct pick_file {
	const char	*name;		/* below the folder; NULL: in none */
	bool		 here;		/* and it can be read there */
	const char	*dir;		/* the folder; borrowed */
};

struct picked {
	struct store_link	 link;		/* the strings are its own */
	struct pick_file	 file;
	struct version		 version;
	int			 rank;		/* of the extension; 0: empty */
};

/* By what one goes before another. */
enum pick_rule {
	PICK_VERSION, PICK_BUILD, PICK_HERE, PICK_FORMAT, PICK_FIRST
};

struct pick {
	struct pick_ask		 ask;		/* borrowed */
	struct picked		 best;
	struct picked		 second;	/* what would be it else */
	struct picked		 other;		/* the newest of all */
};

void	pick_init(struct pick *p, const struct pick_ask *ask);
/* file NULL: it has to be downloaded. */
void	pick_offer(struct pick *p, const struct store_link *l,
	    const struct pick_file *file);
/* By what best goes before second, which both are there. */
enum pick_rule	pick_rule(const struct pick *p);
void	pick_release(struct pick *p);

#endif
