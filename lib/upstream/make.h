/* SPDX-License-Identifier: MIT */
#ifndef MPF_UPSTREAM_MAKE_H
#define MPF_UPSTREAM_MAKE_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/err.h"
#include "upstream/source.h"
#include "upstream/vars.h"

/*
 * make: the variables that a makefile leaves behind: assignments of all
 * kinds, ifeq, ifdef and the like, include, and the functions that board
 * definitions use.  Rules, recipes and define are passed over.
 *
 * What $(shell) says depends on the machine that builds.  A condition that
 * hangs on it takes its first branch, so that the answer is always the same.
 *
 * Source: GNU make's manual, 4.3.
 */

#define MAKE_DEPTH	64u		/* $() in each other */
#define MAKE_BYTES	(64u << 10)	/* of one value */

struct make {
	struct vars	*vars;		/* owned */
	struct source	*src;		/* borrowed */
	const char	*dir;		/* where make runs; borrowed */
	unsigned	 depth;
	bool		 placed;	/* the error says in which file */
};

void	make_init(struct make *m, struct source *src, const char *dir);
void	make_release(struct make *m);

/* As NAME=TEXT on make's command line: no assignment in a file changes it. */
void	make_override(struct make *m, const char *name, const char *text);
/*
 * Reads a file of the tree; ERR_NOT_FOUND: there is none.  ERR_INPUT: it is
 * beyond the limits, or its conditions do not end.
 */
int	make_file(struct make *m, const char *path, struct err *e);

/* Adds the variable, expanded; nothing where it is not set. */
int	make_get(const struct make *m, const char *name, struct buf *out,
	    struct err *e);
/*
 * The text of the next -D among the words of flags, as a shell reads them:
 * "NAME=TEXT".  False: there is none.  *flags steps over it.
 */
bool	make_next_define(const char **flags, struct buf *out);

#endif
