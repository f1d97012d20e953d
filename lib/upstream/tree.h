/* SPDX-License-Identifier: MIT */
#ifndef MPF_UPSTREAM_TREE_H
#define MPF_UPSTREAM_TREE_H

#include <stddef.h>

#include "base/err.h"
#include "upstream/git.h"

/*
 * tree: a tree object of git, which is a folder: "MODE NAME", a NUL and the
 * bytes of an id, one after the other.  Pure.
 */

enum tree_kind { TREE_FILE, TREE_FOLDER, TREE_OTHER };	/* links, modules */

struct tree_entry {
	enum tree_kind	 kind;
	const char	*name;		/* in the object; ends with a NUL */
	char		 id[GIT_ID];	/* in hex */
};

/*
 * The next entry at *p of *n bytes, which it steps over.  digits: hex digits
 * of an id.  1, 0: there are no more, or -1: it is no tree.
 */
int	tree_next(const char **p, size_t *n, size_t digits,
	    struct tree_entry *out, struct err *e);

#endif
