/* SPDX-License-Identifier: MIT */
#ifndef MPF_PICK_H
#define MPF_PICK_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

/*
 * pick: a person at a terminal chooses an item of a list.
 *
 * The list fills the window, on the terminal's other screen.  What is typed
 * filters it: items stay that have all of the words, in any case.  The arrow
 * keys (or ^P, ^N), Page Up, Page Down, Home and End move; Backspace, ^W and ^U
 * take back; Enter chooses; Esc, ^C, ^D, the end of input and a signal end it.
 * However it ends, the terminal is as it was before.
 *
 * Source of the sequences: ECMA-48, and xterm's ctlseqs (private mode 1049).
 */

/* Both borrowed, and escaped when they are shown. */
struct pick_item {
	const char	*value;		/* "RPI_PICO_W" */
	const char	*text;		/* "Raspberry Pi Pico W"; "": nothing */
};

struct pick {
	const char		*question;	/* "Board" */
	const struct pick_item	*items;		/* at least one */
	size_t			 n;
	bool			 colour;
};

/* Are standard input and output a terminal that can do it? */
bool	pick_possible(void);
/*
 * 0: *chosen is the index of the item.  Fails with ERR_CANCELLED if nothing
 * was chosen, and with ERR_IO if the terminal has gone.
 */
int	pick_choose(const struct pick *p, size_t *chosen, struct err *e);

#endif
