/* SPDX-License-Identifier: MIT */
#ifndef MPF_UPSTREAM_MAKE_EXPAND_H
#define MPF_UPSTREAM_MAKE_EXPAND_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/err.h"
#include "upstream/vars.h"

/*
 * make_expand: what $(NAME) and $(function ...) stand for.  For make.c, and
 * for tests.
 *
 * A value begins with its kind: MAKE_LATER, expanded each time that it is
 * asked for, or MAKE_NOW, which was expanded when it was set.
 */

#define MAKE_LATER	'='
#define MAKE_NOW	':'
#define MAKE_FIXED	'!'		/* as MAKE_NOW; nothing changes it */

/* In what was expanded: nobody knows what would stand here. */
#define MAKE_UNKNOWN	'\001'

/*
 * Adds s, expanded; ERR_INPUT: it is beyond the limits, or a "$(" has no end.
 */
int	make_expand(const struct vars *vars, const char *s, struct buf *out,
	    struct err *e);
/* Without the blanks around it, which *len is cut to. */
const char	*make_strip(const char *s, size_t *len);

#endif
