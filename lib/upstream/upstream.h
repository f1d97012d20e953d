/* SPDX-License-Identifier: MIT */
#ifndef MPF_UPSTREAM_H
#define MPF_UPSTREAM_H

#include "base/err.h"
#include "upstream/catalog.h"

/*
 * upstream: what MicroPython's own repository says of its boards, in every
 * release from v1.18 and at the tip, as the table in share/boards.tsv.
 *
 * A board is a folder in ports/PORT/boards with one of board.json,
 * mpconfigboard.h, .cmake and .mk.  Its variants are those that board.json
 * lists, and those that have a file mpconfigvariant_VARIANT.
 */

/* What is wrong with a board; it holds in these versions. */
struct problem {
	char	*what;		/* "rp2 PICO: board.json: not JSON at ..." */
	size_t	 first, last;	/* of the versions */
};

struct problems {
	struct problem	*v;
	size_t		 n;
};

#define PROBLEMS_INIT	{ NULL, 0 }

void	problems_release(struct problems *p);

/*
 * The releases, oldest first, and the tip if it is no release itself; that is
 * a preview: the commits after the newest tag before it.  ERR_NOT_FOUND: no
 * release from v1.18, or no such tip.
 */
int	upstream_versions(const struct git *g, const char *tip,
	    struct catalog *out, struct err *e);
/*
 * The rows of those versions.  A board with a problem has what is known of
 * it, and none without a name is in there.
 */
int	upstream_rows(struct git *g, struct catalog *out,
	    struct problems *problems, struct err *e);

#endif
