/* SPDX-License-Identifier: MIT */
#ifndef MPF_BOARD_KEPT_H
#define MPF_BOARD_KEPT_H

#include "base/err.h"
#include "bus/bus.h"
#include "model/model.h"
#include "stream/stream.h"

/*
 * kept: what a board said before its flashing began, for when it is found in
 * its bootloader and can say nothing.  See model/pending.h.
 */

/*
 * Adds it to the record of that bootloader as "board", where something was
 * kept, is not too old, and is proved to be of the board that is there now
 * (pending_proves): another of its kind may have been plugged in since.
 */
int	kept_put(struct record *rec, const struct device *d,
	    const struct bus *b, struct err *e);
/* The board runs again: what was kept is over. */
void	kept_drop(const struct device *d);

#endif
