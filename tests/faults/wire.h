/* SPDX-License-Identifier: MIT */
#ifndef MPF_FAULTS_WIRE_H
#define MPF_FAULTS_WIRE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "board.h"

/*
 * wire: what is between the tools and a board in memory, and what goes wrong
 * there.  The test program is linked with --wrap=link_open, so that whoever
 * in libmpf.a opens a port gets a wire to the board that is plugged in.
 */

enum wire_kind {
	WIRE_NONE,
	WIRE_PRINT,			/* the board's program prints text */
	WIRE_DROP,			/* the byte is lost */
	WIRE_FLIP,			/* a bit of it is */
	WIRE_DOUBLE,			/* it comes twice */
	WIRE_CUT,			/* the cable is pulled out there */
	WIRE_MUTE,			/* nothing more comes */
	WIRE_DELAY			/* it comes ms later */
};

struct wire_fault {
	enum wire_kind	 kind;
	bool		 to_board;	/* of the bytes that we send */
	size_t		 at;		/* before or at this byte, from 0 */
	size_t		 every;		/* and so many bytes later; 0: once */
	const char	*text;		/* WIRE_PRINT */
	int		 bit;		/* WIRE_FLIP: 0 to 7 */
	int		 ms;		/* WIRE_DELAY */
};

#define WIRE_FAULTS	6		/* at most, in one run */

/* One run: the board, the faults, and how many bytes went each way. */
struct wire {
	struct fake		*board;
	struct wire_fault	 fault[WIRE_FAULTS];
	size_t			 n_faults;
	size_t			 from_board, to_board;
	bool			 pulled, mute;
	int64_t			 hold;		/* bytes wait until then */
	unsigned		 opens;		/* times a port was opened */
	unsigned		 seed;		/* how answers are cut up */
};

extern struct wire *wire_now;			/* the run's */

/* "print 12 at byte 17 from the board", for a person. */
void	wire_show(const struct wire_fault *f, char *out, size_t n);

#endif
