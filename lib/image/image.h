/* SPDX-License-Identifier: MIT */
#ifndef MPF_IMAGE_H
#define MPF_IMAGE_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "image/strings.h"

/*
 * image: what a firmware file is, whole.  Pure: bytes in, fields out.
 */

struct image_facts {
	const char	*format;	/* "uf2", "esp", "dfu", "hex", "bin" */
	const char	*chip;		/* "rp2040"; NULL: it does not say */
	uint32_t	 addr;		/* lowest and one past the highest */
	uint32_t	 end;		/* address, where the format has any */
	struct image_strings strings;	/* all "" where it does not say */
};

/*
 * Looks at a whole file.  ERR_INPUT if it begins as a format that it then
 * does not keep to: "block 17 of 1200: wrong magic".
 */
int	image_inspect(const uint8_t *p, size_t n, struct image_facts *out,
	    struct err *e);

#endif
