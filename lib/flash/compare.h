/* SPDX-License-Identifier: MIT */
#ifndef MPF_FLASH_COMPARE_H
#define MPF_FLASH_COMPARE_H

#include "flash/write.h"

/*
 * compare: what of a plan the flash holds already, or now.  For write.c.
 */

/* Can it be told at all? */
bool	can_compare(const struct flash_write *w);

/* Before the first erase: marks what is there.  Asks as little as it can. */
int	mark_same(struct flash_write *w, struct flash_plan *plan,
	    struct err *e);
/* After a failure: marks each chunk that is there, of those that are not. */
int	mark_left(struct flash_write *w, struct flash_plan *plan,
	    struct err *e);
/*
 * ERR_VERIFY unless the flash holds the chunks from first to end, which were
 * written; those that it does not are marked.
 */
int	verify_chunks(struct flash_write *w, struct flash_plan *plan,
	    size_t first, size_t end, struct err *e);
/* The first chunk behind a run without gaps that begins with i. */
size_t	plan_run_end(const struct flash_plan *plan, size_t i);

#endif
