/* SPDX-License-Identifier: MIT */
#ifndef MPF_UPSTREAM_OBJECTS_H
#define MPF_UPSTREAM_OBJECTS_H

#include "base/err.h"
#include "upstream/git.h"
#include "upstream/tree.h"

/*
 * objects: what git holds, each asked for once.  Most files are the same in
 * most versions, so that reading twenty takes little more than reading two.
 */

struct objects;

struct object {
	enum git_type	 type;
	size_t		 digits;	/* of its id, and of those in it */
	const char	*data;		/* followed by a NUL */
	size_t		 len;
};

struct objects	*objects_new(struct git *g);	/* g is borrowed */
void		 objects_free(struct objects *o);	/* NULL is fine */

/* name as in git_object; *out lives as long as o. */
int	objects_get(struct objects *o, const char *name,
	    const struct object **out, struct err *e);
/*
 * The entry of a tree ("COMMIT^{tree}" or an id) at a path such as
 * "ports/rp2".  1, 0: there is none, or -1.  The name in *out lives as long
 * as o.
 */
int	objects_find(struct objects *o, const char *tree, const char *path,
	    struct tree_entry *out, struct err *e);

#endif
