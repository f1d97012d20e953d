/* SPDX-License-Identifier: MIT */
#ifndef MPF_JOURNAL_DEVICE_H
#define MPF_JOURNAL_DEVICE_H

#include "journal/journal.h"

/* device: a row of the database as what a mpflash.toml says. */

/* Borrows from the row. */
void		 device_journal(const struct store_device *d,
		    struct journal *out);
/*
 * The text of the file: as it was seen on the board, if it is about the row's
 * firmware, else as the row makes it, with what is known of custom firmware;
 * for the caller to free.  NULL: the row does not name its firmware.
 */
char		*device_toml(struct store *s, const struct store_device *d);

/* Room for what such a row borrows, besides the tree. */
struct device_names {
	char	board[JOURNAL_NAME];	/* and behind it the variant */
};

/*
 * The other way round: what a mpflash.toml says, as a row, whose uid stays.
 * ERR_INPUT: it does not say which firmware of which board.
 */
int		 device_of_toml(const struct toml *t,
		    struct device_names *names, struct store_device *out,
		    struct err *e);

#endif
