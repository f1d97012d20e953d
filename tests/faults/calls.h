/* SPDX-License-Identifier: MIT */
#ifndef MPF_FAULTS_CALLS_H
#define MPF_FAULTS_CALLS_H

#include <stdbool.h>
#include <stddef.h>

/*
 * calls: system calls of libmpf.a, counted, and made to fail.
 *
 * The test program is linked with --wrap for each of call_names, so that all
 * that libmpf.a does comes by here.  Only what is between calls_arm and
 * calls_disarm counts: the board's own doings do not.
 */

extern const char *const call_names[];		/* ends with NULL */

#define CALL_NAMES	32		/* more than there are */
#define CALL_SHORT	(-1)		/* in place of errno: half of it */
/*
 * Of "open": another process puts a fifo in the place of a regular file, or
 * makes the file that was to be made; until calls_arm(false).
 */
#define CALL_FIFO	(-2)
#define CALL_TAKEN	(-3)

/* From now on the nth call (from 1) of that name fails with error. */
void	calls_fail(const char *name, unsigned nth, int error);
/* Nothing fails; counts begin at 0. */
void	calls_reset(void);
void	calls_arm(bool on);
/* Calls of that name since calls_reset. */
unsigned calls_made(const char *name);

#endif
