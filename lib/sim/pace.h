/* SPDX-License-Identifier: MIT */
#ifndef MPF_SIM_PACE_H
#define MPF_SIM_PACE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"

/*
 * pace: how long bytes are on a serial line: ten bits each, at its rate.  A pty
 * moves them at once.  Pure: time comes from the caller, in ms.
 *
 * Bytes that come in are held until the last of them would have arrived; more
 * are not taken before, so that the other side has to wait, as for a line.
 */

struct sim_pace {
	bool		 on;
	struct buf	 held;		/* on their way in */
	int64_t		 in_free;	/* when that line is free, in us */
	int64_t		 out_free;
	size_t		 out_mark;	/* bytes of a queue on their way */
	bool		 answered;	/* since bytes came in last */
	int64_t		 idle_us;	/* see sim_pace_idle */
};

/* n bytes begin to come in. */
void	sim_pace_in(struct sim_pace *p, const void *bytes, size_t n,
	    unsigned baud, int64_t now);
/* Those that have arrived, at most max; the rest stays. */
size_t	sim_pace_take(struct sim_pace *p, void *to, size_t max, int64_t now);
/* How many of the len bytes of a queue have gone out by now. */
size_t	sim_pace_out(struct sim_pace *p, size_t len, unsigned baud,
	    int64_t now);
/* So many bytes were taken out of that queue's front. */
void	sim_pace_sent(struct sim_pace *p, size_t n);
/* When something has arrived or gone out; INT64_MAX: nothing is on its way. */
int64_t	sim_pace_due(const struct sim_pace *p);
/*
 * For how long, in us, the other side had its answer and sent nothing: it
 * waited neither for the line nor for the board.  Counts anew from now on.
 */
int64_t	sim_pace_idle(struct sim_pace *p);
void	sim_pace_release(struct sim_pace *p);

#endif
