/* SPDX-License-Identifier: MIT */
#ifndef MPF_BOARD_TOLD_H
#define MPF_BOARD_TOLD_H

#include "base/err.h"
#include "base/lock.h"
#include "board/board.h"
#include "board/rom.h"
#include "stream/stream.h"

/*
 * told: from what a port or a chip answered to the record of its device.
 */

void	told_busy(struct record *rec, const struct lock_holder *who);
void	told_answer(struct record *rec, const struct board_answer *a);
/*
 * No answer, and an answer of a stranger, are facts; all else is an error,
 * *e. reader: another program that reads the port, where the answer may
 * have gone.
 */
int	told_failure(struct record *rec, const char *path,
	    const struct lock_holder *reader, const struct err *why,
	    struct err *e);
void	told_rom(struct record *rec, const struct rom_answer *a);
/* Why no boot ROM told anything: a fact too, but for what told_failure says. */
int	told_rom_failure(struct record *rec, const char *path,
	    const struct err *why, struct err *e);

#endif
