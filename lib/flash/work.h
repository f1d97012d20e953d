/* SPDX-License-Identifier: MIT */
#ifndef MPF_FLASH_WORK_H
#define MPF_FLASH_WORK_H

#include "base/lock.h"
#include "flash/impl.h"
#include "flash/load.h"

/* work: what is done to a board, from the reset to its answer. */

/* What one run holds. */
struct run {
	const struct board *runs;	/* as it said just now; NULL */
	struct flash_job		 job;	/* ours, filled in as we go */
	const struct flash_driver *const *drivers; /* the table, from it on */
	const struct flash_driver	*driver;
	struct flash_images		*own_images;	/* NULL: the job's */
	struct flash_image		*image;
	struct buf			 part;	/* of that, for its cores */
	struct flash_target		 target; /* as the driver says */
	struct bus_place		 place;	/* before */
	struct boot_result		 boot;
	struct boot_job			 boot_job;
	bool				 left;	/* for its bootloader */
	char				*place_id; /* in that, its id */
	struct lock			 lock, place_lock;
};

/*
 * Into its bootloader, identified, written, started, and asked.  out says at
 * each step how the board is if that was the last.
 */
int	work_on_board(struct run *r, struct flash_outcome *out,
	    struct err *e);

/*
 * Makes r->driver the first of r->drivers that fits the job and uses all
 * options.  ERR_UNSUPPORTED: no driver fits, and why; ERR_USAGE: one would,
 * without an option.
 */
int	choose_driver(struct run *r, struct err *e);
/*
 * For a driver that could not open the board: makes r->driver the next one of
 * the table that fits it, in the bootloader where it is.  False: no other fits,
 * or the user has named a method.
 */
bool	next_driver(struct run *r);

#endif
