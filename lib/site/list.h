/* SPDX-License-Identifier: MIT */
#ifndef MPF_SITE_LIST_H
#define MPF_SITE_LIST_H

#include <stdbool.h>

#include "base/err.h"
#include "model/model.h"
#include "site/refresh.h"

/* list: what firmware there is for a board, in the order of its page. */

struct list_want {
	const char	*board;		/* as in board.h */
	const char	*variant;	/* "-": without a variant; NULL: any */
	const char	*port, *version;	/* NULL: any */
	const char	*folder;	/* there, and not on the site; NULL */
	bool		 offline;	/* by what is here alone */
};

/*
 * Calls fn for each file; what *fw points to is gone afterwards.  A page that
 * is older than a day is asked for again.  ERR_NOT_FOUND where there is no
 * such file.
 */
int	list_board(struct refresh *r, const struct list_want *w,
	    void (*fn)(const struct firmware *fw, void *ctx), void *ctx,
	    struct err *e);

#endif
