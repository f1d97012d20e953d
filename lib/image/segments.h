/* SPDX-License-Identifier: MIT */
#ifndef MPF_IMAGE_SEGMENTS_H
#define MPF_IMAGE_SEGMENTS_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "image/image.h"

/*
 * segments: an image as bytes and the addresses where they go, whatever its
 * format.  Pure: bytes in, segments out, no I/O.
 */

struct image_segment {
	uint32_t	 addr;
	size_t		 len;		/* bytes, at least 1 */
	const uint8_t	*bytes;		/* owned by the list */
};

/* By address; no two touch each other, as those that would are one. */
struct image_segments {
	struct image_segment	*v;
	size_t			 n;
	uint8_t			*owned;
};

#define IMAGE_SEGMENTS_INIT	{ NULL, 0, NULL }

/*
 * The segments of an image that image_inspect has passed, with f its answer;
 * all of it must be in memory.  Of a UF2 file with parts for several chips
 * those for chip ("rp2040") alone; chip NULL: all.  "esp" and "bin" have no
 * addresses: they are one segment at offset.
 *
 * There may be no segment for that chip: out->n is 0 then.  ERR_INPUT where
 * two segments hold different bytes for one address, or an address is above
 * 32 bits.  The caller releases *out, on failure too.
 */
int	image_segments(struct image_source *s, const struct image_facts *f,
	    const char *chip, uint32_t offset, struct image_segments *out,
	    struct err *e);
void	image_segments_release(struct image_segments *l);

#endif
