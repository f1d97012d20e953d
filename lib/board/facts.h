/* SPDX-License-Identifier: MIT */
#ifndef MPF_BOARD_FACTS_H
#define MPF_BOARD_FACTS_H

#include "board/board.h"
#include "board/probe.h"

/*
 * facts: from what a board printed to what a record holds.  Pure, but for a
 * store where there is one.
 *
 * Source: MicroPython py/modsys.c, py/persistentcode.h, ports/ of v1.9 to
 * v1.29.
 */

void	board_facts(const struct probe *p, struct store *s,
	    struct board_answer *out);

#endif
