/* SPDX-License-Identifier: MIT */
#ifndef MPF_IMAGE_DFU_H
#define MPF_IMAGE_DFU_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "image/source.h"

/*
 * dfu: files with a DFU suffix, and ST's DfuSe files.  Pure: bytes in, fields
 * out.
 *
 * Source: USB Device Class Specification for Device Firmware Upgrade 1.1,
 * appendix B (the suffix); ST UM0391 (DfuSe file format).
 */

struct dfu_file {
	bool		 dfuse;		/* targets with addresses inside */
	bool		 suffix;	/* with a CRC, which was right */
	uint16_t	 vid, pid;	/* 0xffff: any, or no suffix */
	unsigned	 targets;
	unsigned	 alternate;	/* of the first target */
	uint32_t	 elements;	/* of all targets */
	uint32_t	 addr, end;	/* lowest, and one past the highest */
};

#define DFU_PREFIX	11u		/* "DfuSe", version, size, targets */
#define DFU_SUFFIX	16u		/* bytes at the end */

/* Does it begin or end like one?  Of the whole, or its first and last bytes. */
bool	dfu_begins(const uint8_t *p, size_t n);
bool	dfu_ends(const uint8_t *p, size_t n);
/*
 * ERR_INPUT on a wrong CRC, and unless all sizes of a DfuSe file add up to
 * what is there.
 */
int	dfu_check(struct image_source *s, struct dfu_file *out, struct err *e);
/* The same, and each element to fn; all of the file must be in memory. */
int	dfu_each(struct image_source *s, struct dfu_file *out, image_data *fn,
	    void *ctx, struct err *e);

#endif
