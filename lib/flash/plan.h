/* SPDX-License-Identifier: MIT */
#ifndef MPF_FLASH_PLAN_H
#define MPF_FLASH_PLAN_H

#include "flash/driver.h"
#include "image/segments.h"

/* plan: segments of an image to what is erased and written.  For lib/flash. */

#define PLAN_CHUNK	65536u	/* bytes: one is skipped, or tried again */

/* Whole erase units of one size, in a row, within PLAN_CHUNK or one unit. */
struct flash_chunk {
	uint32_t	 addr;
	size_t		 unit;		/* of an erase, in bytes */
	size_t		 len;		/* to be erased, in whole units */
	/* Of that, the image has bytes from the first to the second. */
	size_t		 from, to;
	size_t		 at;		/* in the plan's bytes */
	bool		 same;		/* the flash holds them */
	bool		 tried;		/* by this run */
};

struct flash_plan {
	struct flash_chunk	*v;	/* by address */
	size_t			 n;
	struct buf		 bytes;	/* of all chunks; 0xff in gaps */
	uint64_t		 total;	/* bytes between all from and to */
};

#define FLASH_PLAN_INIT	{ .v = NULL, .n = 0, .bytes = BUF_INIT, .total = 0 }

/*
 * ERR_MISMATCH where a segment lies outside the regions.  Bytes in an erase
 * unit that the image has not are erased with it.
 */
int	plan_make(const struct image_segments *l,
	    const struct flash_target *t, struct flash_plan *out,
	    struct err *e);
/*
 * Cuts the i-th chunk, where the flash holds the bytes at now, into runs of
 * units that are the same and runs of units that differ; returns how many.
 */
size_t	plan_split(struct flash_plan *p, size_t i, const uint8_t *now);
void	plan_release(struct flash_plan *p);
/* The bytes of the image in this chunk, from from to to. */
const uint8_t	*plan_bytes(const struct flash_plan *p,
		    const struct flash_chunk *c);

#endif
