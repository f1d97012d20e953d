/* SPDX-License-Identifier: MIT */
#ifndef MPF_IMAGE_SOURCE_H
#define MPF_IMAGE_SOURCE_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

/*
 * source: the bytes of an image, which are all in memory, or come piece by
 * piece from wherever the caller has them.
 */

#define IMAGE_WINDOW	65536u		/* bytes that can be seen at once */

struct image_source {
	size_t		 size;		/* bytes, all in all */
	const uint8_t	*bytes;		/* they are all here; or NULL and: */
	/* Reads n bytes from byte at on; -1 and *e where that fails. */
	int		(*read)(void *ctx, size_t at, uint8_t *buf, size_t n,
			    struct err *e);
	void		*ctx;
	uint8_t		*window;	/* IMAGE_WINDOW of the caller's */
	size_t		 from, len;	/* what is in it; begin with 0 */
};

#define IMAGE_MEMORY(p, n) \
	{ .size = (n), .bytes = (const uint8_t *)(p) }

/*
 * n bytes from byte at on, which have to be inside, and at most
 * IMAGE_WINDOW.  They are there until the next call; NULL: not to be read.
 */
const uint8_t	*image_at(struct image_source *s, size_t at, size_t n,
		    struct err *e);
/* What fits the window of the bytes from at on; *n is how many these are. */
const uint8_t	*image_rest(struct image_source *s, size_t at, size_t *n,
		    struct err *e);

/* Takes bytes of an image and the address where they go; -1 ends it. */
typedef int image_data(uint32_t addr, const uint8_t *p, size_t n, void *ctx);

#endif
