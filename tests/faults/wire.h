/* SPDX-License-Identifier: MIT */
#ifndef MPF_FAULTS_WIRE_H
#define MPF_FAULTS_WIRE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "board.h"
#include "spoil.h"

/*
 * wire: what is between the tools and a board in memory, and what goes wrong
 * there.  The test program is linked with --wrap=link_open, so that whoever
 * in libmpf.a opens a port gets a wire to the board that is plugged in.
 */

/* One run. */
struct wire {
	struct fake	*board;
	struct spoiler	 spoiler;
	int64_t		 hold;		/* bytes wait until then */
	unsigned	 opens;		/* times a port was opened */
	unsigned	 seed;		/* how answers are cut up */
};

extern struct wire *wire_now;		/* the run's */

#endif
