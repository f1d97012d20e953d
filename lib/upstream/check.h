/* SPDX-License-Identifier: MIT */
#ifndef MPF_UPSTREAM_CHECK_H
#define MPF_UPSTREAM_CHECK_H

#include "base/buf.h"
#include "base/err.h"
#include "upstream/catalog.h"

/*
 * check: where the files in share/ and MicroPython's tree disagree, in words
 * for whoever keeps these files.
 */

/* What it is about; "" where it is about no board, or no one version. */
struct difference {
	const char	*port, *board, *variant;
	const char	*version;	/* the first one concerned */
	const char	*text;		/* all of it, board and versions too */
};

struct check {
	void		(*say)(void *ctx, const struct difference *d);
	void		*ctx;
};

/*
 * boards.tsv against the tree: versions, then boards and their facts.  What
 * boards.tsv says of its newest version is what it says of newer ones.
 */
void	check_boards(const struct catalog *share, const struct catalog *tree,
	    const struct check *c);
/*
 * renames.tsv against the tree: each row holds, and no id is gone without a
 * row, unless upstream lists it as one that it gave up ("old_variants" in
 * board.json).  text is cut up.  -1: it is no such table.
 */
int	check_renames(char *text, size_t len, const struct catalog *tree,
	    const struct check *c, struct err *e);

#endif
