/* SPDX-License-Identifier: MIT */
#ifndef MPF_FLASH_WRITE_H
#define MPF_FLASH_WRITE_H

#include "flash/impl.h"
#include "flash/load.h"
#include "flash/plan.h"

/*
 * write: the bytes of a job into an open session: skipped where they are
 * there already, tried again where that may help, compared afterwards.  For
 * lib/flash alone.
 */

struct flash_write {
	const struct flash_driver	*driver;
	struct flash_session		*session;
	const struct flash_job		*job;
	const struct flash_image	*image;
	const struct flash_target	*target;
	struct result			*res;
	struct flash_proof		*proof;
	bool				 touched;	/* erased, or written */
	bool				 changed;	/* the image, for it */
	uint64_t			 total, done, shown; /* for progress */
	/* Of what goes in one go: so many before, and so many after it. */
	uint64_t			 begun, goal;
};

/* So many bytes are in their place. */
void	write_tell(struct flash_write *w, uint64_t done);
/* Always -1: ERR_CANCELLED. */
int	write_stopped(const struct flash_write *w, struct err *e);

/* By the plan: erase, write and compare, chunk by chunk. */
int	write_plan(struct flash_write *w, struct flash_plan *plan,
	    struct err *e);
/* The file as it is; w->proof->accepted false: the last piece failed. */
int	write_file(struct flash_write *w, struct err *e);

#endif
