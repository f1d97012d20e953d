/* SPDX-License-Identifier: MIT */
#ifndef MPF_UPSTREAM_SOURCE_H
#define MPF_UPSTREAM_SOURCE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"

/*
 * source: where the evaluators (cpp, cmake, make) find the files of a tree.
 * They know no repository, so that they can be tried without one.
 */

#define SOURCE_DEPTH	16u		/* files that include each other */
#define SOURCE_BYTES	(1u << 20)	/* read in all for one board */

struct source {
	/*
	 * The text of a file, by its path from the root of the tree, ending
	 * with a NUL; NULL: there is none.  Borrowed.
	 */
	const char	*(*read)(void *ctx, const char *path, size_t *len);
	void		*ctx;
	char		 missing[128];	/* the first that was not there; "" */
	size_t		 bytes;		/* read until now */
	bool		 over;		/* there was more than SOURCE_BYTES */
};

/*
 * The text at DIR/NAME, with "." and ".." worked out; dir NULL, or a NAME
 * that begins with "/": at NAME, from the root of the tree.
 * *path, on success, is what it was found at, for the caller to free.  NULL:
 * it is not there, it is outside the tree, or SOURCE_BYTES are used up.
 */
const char	*source_read(struct source *s, const char *dir,
		    const char *name, char **path, size_t *len);
/* It was asked for by that name, and nowhere to be found. */
void		 source_miss(struct source *s, const char *name);
/* "ports/rp2/boards" of "ports/rp2/boards/x.h", for the caller to free. */
char		*source_dir(const char *path);
/*
 * Adds that path, without ".", "..", "//" and a "/" in front; -1: it is
 * outside the tree.
 */
int		 source_join(const char *dir, const char *name,
		    struct buf *out);

#endif
