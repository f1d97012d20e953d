/* SPDX-License-Identifier: MIT */
#ifndef MPF_UPSTREAM_CMAKE_H
#define MPF_UPSTREAM_CMAKE_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/err.h"
#include "upstream/source.h"
#include "upstream/vars.h"

/*
 * cmake: the variables that a CMake file leaves behind: set, unset, list
 * (APPEND, PREPEND, REMOVE_ITEM), if, include and return, which is what board
 * definitions are made of.  Other commands do nothing here; what stands in a
 * function, a macro or a loop is passed over.  A condition that is not known
 * is false.
 *
 * Source: cmake-language(7), and the pages of these commands.
 */

#define CMAKE_ARGS	4096u		/* of one command */
#define CMAKE_DEPTH	64u		/* () in if(), and ${}, in each other */
#define CMAKE_BYTES	(64u << 10)	/* of one value */

struct cmake {
	struct vars	*vars;		/* owned */
	struct source	*src;		/* borrowed */
	const char	*dir;		/* include() starts here; borrowed */
	unsigned	 depth;
	bool		 placed;	/* the error says in which file */
};

void	cmake_init(struct cmake *c, struct source *src, const char *dir);
void	cmake_release(struct cmake *c);

/*
 * Reads a file of the tree; ERR_NOT_FOUND: there is none.  ERR_INPUT: it is
 * beyond the limits, or ends in the middle of something.
 */
int	cmake_file(struct cmake *c, const char *path, struct err *e);

#endif
