/* SPDX-License-Identifier: MIT */
#ifndef MPF_FLASH_LOAD_H
#define MPF_FLASH_LOAD_H

#include "flash/driver.h"
#include "image/segments.h"

/*
 * load: images read, hashed, looked at and packed once, however many boards
 * get them.
 */

/* Some bytes of an image in the form that a packing gave them. */
struct flash_packed {
	uint32_t	 addr;
	size_t		 len;		/* of the bytes as they are */
	struct buf	 bytes;		/* packed */
};

struct flash_image {
	char			*path;
	char			 sha256[DIGEST_HEX];
	struct buf		 bytes;
	struct image_facts	 facts;

	const struct flash_packing *packing;	/* of all below */
	uint32_t		 offset;
	size_t			 span;
	struct flash_packed	*packed;
	size_t			 n_packed;
};

/* ERR_INPUT: it is no image. */
int	image_load(const char *path, struct flash_image **out, struct err *e);
void	image_free(struct flash_image *image);	/* NULL is fine */
/*
 * Packs it, unless it is already, as it would be at that offset: its first
 * chunk, and pieces of span bytes of the rest.
 */
int	image_pack(struct flash_image *image,
	    const struct flash_packing *packing, uint32_t offset, size_t span,
	    struct err *e);
/* These bytes at addr, packed; NULL: they are not as image_pack split them. */
const struct buf	*image_packed(const struct flash_image *image,
			    uint32_t addr, size_t len);
/* ERR_VERIFY unless its digest is what the record says. */
int	image_check(const struct flash_image *image,
	    const struct flash_job *job, struct err *e);

/* From l, or read now and kept there; it stays l's until the next call. */
int	flash_images_get(struct flash_images *l, const struct flash_job *job,
	    struct flash_image **out, struct err *e);

#endif
