/* SPDX-License-Identifier: MIT */
#ifndef MPF_BOARD_SEEN_H
#define MPF_BOARD_SEEN_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/err.h"

/*
 * seen: where there is no board, what was there instead, in words.
 */

struct board_seen {
	size_t		 ports, drives;	/* looked at */
	struct err	 problem;	/* the first port that cannot be used */
	struct buf	 said;		/* "; PORT: what was heard" */
	size_t		 n;		/* ports in it, or left out */
};

#define BOARD_SEEN_INIT { .said = BUF_INIT }

/* A port without a board; problem: device.problem, or NULL for silence. */
void	board_seen_port(struct board_seen *s, const char *port,
	    const char *problem, bool sent_int);
/* ERR_NOT_FOUND with all that, and what to do. */
int	board_seen_error(const struct board_seen *s, struct err *e);
void	board_seen_release(struct board_seen *s);

#endif
