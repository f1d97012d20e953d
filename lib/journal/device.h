/* SPDX-License-Identifier: MIT */
#ifndef MPF_JOURNAL_DEVICE_H
#define MPF_JOURNAL_DEVICE_H

#include "journal/journal.h"

/* device: a row of the database as what a mpflash.toml says. */

/* Borrows from the row. */
void		 device_journal(const struct store_device *d,
		    struct journal *out);
/*
 * The text of the file that the row makes, with what is known of custom
 * firmware; for the caller to free.  NULL: the row does not name its firmware.
 */
char		*device_toml(struct store *s, const struct store_device *d);

#endif
