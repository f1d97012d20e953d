/* SPDX-License-Identifier: MIT */
#ifndef MPF_UPSTREAM_DEFINITION_H
#define MPF_UPSTREAM_DEFINITION_H

#include <stdbool.h>

#include "base/err.h"
#include "stream/stream.h"
#include "upstream/objects.h"
#include "upstream/catalog.h"

/*
 * definition: who one board says it is, worked out from its files as the build
 * does: what CMake or make define comes first, then mpconfigboard.h, and what
 * neither says, the port's own file does (mpconfigport.h, Makefile).
 *
 * Source: MicroPython's ports, their CMakeLists.txt and Makefile, and
 * py/mpconfig.h (MICROPY_BANNER_MACHINE).
 */

struct definition {
	struct objects	*objects;	/* borrowed, as all of these are */
	const char	*root;		/* the tree of the version */
	const char	*port, *name;
	const struct record *json;	/* board.json; NULL: it has none */
};

/*
 * Fills in the row's facts for its variant.  ERR_INPUT, with the facts that
 * are known set: it does not say who it is, or its files are broken.  Any
 * other error is git's.
 */
int	definition_facts(const struct definition *b, struct row *row,
	    struct err *e);

#endif
