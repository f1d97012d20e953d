/* SPDX-License-Identifier: MIT */
#ifndef MPF_FACTS_PICK_H
#define MPF_FACTS_PICK_H

#include <stdbool.h>
#include <stddef.h>

#include "facts/version.h"
#include "store/store.h"

/*
 * pick: the one file, of all that a download page offers, for this board,
 * variant, MicroPython port and wanted word.
 *
 * The newest version that the word admits; of one version the extension that
 * suits the port best; of those the first offered.  What never is a whole
 * firmware (.app-bin, .elf, .map) is not looked at.
 */

struct pick_ask {
	const char		*board_id;
	const char		*variant;	/* NULL: none */
	const char		*port;
	/* The bootloader it waits in ("uf2", "dfu"...), which reads one format
	 * alone; NULL or another word: it does not. */
	const char		*mode;
	const struct wanted	*wanted;
};

struct picked {
	struct store_link	 link;		/* the strings are its own */
	struct version		 version;
	int			 rank;		/* of the extension; 0: empty */
};

struct pick {
	struct pick_ask		 ask;		/* borrowed */
	struct picked		 best;
	struct picked		 second;	/* the next older that fits */
	struct picked		 other;		/* the newest of all */
};

void	pick_init(struct pick *p, const struct pick_ask *ask);
void	pick_offer(struct pick *p, const struct store_link *l);
void	pick_release(struct pick *p);
/*
 * Is this a firmware file for that port, in that mode?  0: it is not; else
 * the smaller, the better.
 */
int	pick_rank(const char *port, const char *mode, const char *ext);

#endif
