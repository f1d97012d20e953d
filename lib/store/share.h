/* SPDX-License-Identifier: MIT */
#ifndef MPF_STORE_SHARE_H
#define MPF_STORE_SHARE_H

#include "base/buf.h"
#include "base/digest.h"
#include "base/err.h"

/* share: the two files of board facts in dirs_share(), as they lie there. */

#define SHARE_MAX	(4u << 20)	/* bytes of one; today's is 70 kB */

int	share_read(struct buf *boards, struct buf *renames, struct err *e);
/* The SHA-256 of both, one after the other. */
void	share_stamp(const struct buf *boards, const struct buf *renames,
	    char out[DIGEST_HEX]);
/*
 * Where, how large and of when they are, for the caller to free: while that
 * stays they need not be read.  NULL: they are not there.
 */
char	*share_looks(void);

#endif
