/* SPDX-License-Identifier: MIT */
#ifndef MPF_IMAGE_HEX_H
#define MPF_IMAGE_HEX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "image/source.h"
#include "image/strings.h"

/*
 * hex: Intel HEX.  Pure: bytes in, fields out.
 *
 * Source: Intel, "Hexadecimal Object File Format Specification", revision A.
 */

#define HEX_DATA	255u		/* bytes in a record, at most */

struct hex_record {
	unsigned	 type;		/* 0 data, 1 end, 2 and 4 base, 3, 5 */
	uint32_t	 addr;		/* of data, the base added */
	unsigned	 len;
	uint8_t		 data[HEX_DATA];
};

struct hex_file {
	uint32_t	 addr, end;	/* lowest, and one past the highest */
	size_t		 bytes;		/* of data */
};

/* Does it begin like one: a colon and the digits of a record? */
bool	hex_is(const uint8_t *p, size_t n);
/*
 * Checks the whole file: ERR_INPUT ("line 7: ...") on a line that is no
 * record, a wrong checksum, and where the end record is missing.  The
 * data goes to scan in the file's order, with a NUL wherever the addresses do
 * not go on; scan may be NULL.
 */
int	hex_check(struct image_source *s, struct hex_file *out,
	    struct strings_scan *scan, struct err *e);
/* The same, and each record's data to fn, whose bytes live no longer. */
int	hex_each(struct image_source *s, struct hex_file *out,
	    struct strings_scan *scan, image_data *fn, void *ctx,
	    struct err *e);

#endif
