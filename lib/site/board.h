/* SPDX-License-Identifier: MIT */
#ifndef MPF_SITE_BOARD_H
#define MPF_SITE_BOARD_H

#include <stdbool.h>

#include "base/err.h"
#include "facts/facts.h"
#include "store/store.h"

/*
 * board: the board that a user names, and the near ones where there is no such
 * board.  *facts is opened when it is NULL; the caller closes it.
 */

/*
 * text: an id, an old one, BOARD-VARIANT, or what the board's page is called,
 * though no table here knows it.  ERR_AMBIGUOUS names the boards that it may
 * be.
 */
int	site_board(struct store *s, struct facts **facts, const char *port,
	    const char *text, struct board_name *out, struct err *e);
/*
 * Of a board that no table here knows, the ids that are near, as the hint of
 * e.  False: there is nothing to say.
 */
bool	site_board_near(struct store *s, struct facts **facts,
	    const char *board_id, struct err *e);

#endif
