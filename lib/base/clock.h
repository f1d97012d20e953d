/* SPDX-License-Identifier: MIT */
#ifndef MPF_BASE_CLOCK_H
#define MPF_BASE_CLOCK_H

#include <stdint.h>
#include <time.h>

/*
 * clock: the only door to time, so that tests can own it.
 *
 * A deadline is a value of clock_ms(); pass deadlines down, not time-outs,
 * and a step that took long leaves less for the next.
 */

#define CLOCK_TEXT	21	/* bytes for "2026-11-20T12:00:00Z" and NUL */

int64_t	clock_ms(void);			/* monotonic, from an unknown zero */
/* What is left until deadline, at least 0 and at most INT_MAX: for poll(2). */
int	clock_left_ms(int64_t deadline);
/*
 * All of ms, whatever signals come: a pulse on a reset line may not be cut
 * short.  A loop that asks stop_requested() sleeps for 50 ms at most at once.
 */
void	clock_sleep_ms(int64_t ms);
time_t	clock_wall(void);		/* seconds since 1970, UTC */
/* RFC 3339, UTC. */
void	clock_text(time_t t, char out[CLOCK_TEXT]);

/*
 * For tests: from now on time stands still at ms (wall: since 1970) and moves
 * only by clock_sleep_ms.
 */
void	clock_fake(int64_t ms);

#endif
