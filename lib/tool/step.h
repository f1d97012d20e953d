/* SPDX-License-Identifier: MIT */
#ifndef MPF_TOOL_STEP_H
#define MPF_TOOL_STEP_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"

/* step: how far a board, or all of them, have come. */

/* What a record, or all of them, are at; times from clock_ms, 0: not yet. */
struct step {
	char		 name[24];	/* "write"; the tool's verb at first */
	char		 unit[16];
	int64_t		 done, total;
	int64_t		 begun_ms;	/* all of the work */
	int64_t		 at_ms;		/* the last note */
	int64_t		 from, from_ms;	/* at this step's first note */
	int64_t		 said_ms;	/* the last line about it */
	bool		 heard;		/* somebody noted it */
	bool		 counted;	/* ... and a number, in any step */
};

/* 812; of bytes, as people read them: "1.6 MB". */
void	run_amount(struct buf *out, int64_t v, const char *unit);
/* Has it told a number? */
bool	step_counts(const struct step *s);
/* A second, since the step began; 0: too early to say. */
int64_t	step_rate(const struct step *s);
void	step_amounts(struct buf *out, const struct step *s);

#endif
