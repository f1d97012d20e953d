/* SPDX-License-Identifier: MIT */
#ifndef MPF_BOARD_FACTS_H
#define MPF_BOARD_FACTS_H

#include "board/board.h"
#include "board/probe.h"

/*
 * facts: from what a board printed to what a record holds.  Pure.
 *
 * Source: MicroPython py/modsys.c, py/persistentcode.h, ports/ of v1.9 to
 * v1.29.
 */

/* Takes s over for the answer's life; NULL is fine. */
const char	*answer_keep(struct board_answer *a, char *s);

void	board_facts(const struct probe *p, struct board_answer *out);

#endif
