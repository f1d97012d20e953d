/* SPDX-License-Identifier: MIT */
#ifndef MPF_IMAGE_DFU_H
#define MPF_IMAGE_DFU_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

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
	uint32_t	 elements;	/* of all targets */
	uint32_t	 addr, end;	/* lowest, and one past the highest */
};

/* Does it begin or end like one? */
bool	dfu_is(const uint8_t *p, size_t n);
/*
 * ERR_INPUT on a wrong CRC, and unless all sizes of a DfuSe file add up to
 * what is there.
 */
int	dfu_check(const uint8_t *p, size_t n, struct dfu_file *out,
	    struct err *e);

#endif
