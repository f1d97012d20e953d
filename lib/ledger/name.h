/* SPDX-License-Identifier: MIT */
#ifndef MPF_LEDGER_NAME_H
#define MPF_LEDGER_NAME_H

#include "ledger/ledger.h"

/* name: what a word of the user's stands for.  For lib/ledger alone. */

struct name_use {
	const char	*name;
	/* Each file and board that it stands for; NULL: not of interest. */
	int		(*file)(const struct store_file *f, void *ctx);
	int		(*device)(const struct store_device *d, void *ctx);
	void		*ctx;
	size_t		 found;		/* how many it stands for */
};

/*
 * The first of these that there is: a file or a board's id, a digest or the
 * beginning of one, a BOARD, a place, a file by its last part.
 */
int	name_use(struct store *s, struct name_use *u, struct err *e);
/* ERR_NOT_FOUND, with what there is to do; -1. */
int	name_unknown(const char *name, struct err *e);

#endif
