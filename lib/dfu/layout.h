/* SPDX-License-Identifier: MIT */
#ifndef MPF_DFU_LAYOUT_H
#define MPF_DFU_LAYOUT_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

/*
 * layout: the memory behind an alternate setting of a DfuSe device, as the
 * text of that setting describes it:
 *
 *	@Internal Flash  /0x08000000/04*016Kg,01*064Kg,07*128Kg
 *
 * Pure: text in, numbers out.
 *
 * Source: ST UM0290, "DfuSe"; what ST's ROMs, mboot and GD32's ROM send.
 */

#define DFU_NAME	64u		/* bytes of a name and its NUL */
#define DFU_TEXT	512u		/* bytes of a text and its NUL */
#define DFU_SEGMENTS	24u		/* a text has 126 characters at most */

enum { DFU_READABLE = 1, DFU_ERASABLE = 2, DFU_WRITABLE = 4 };
#define DFU_FLASH	((unsigned)DFU_ERASABLE | DFU_WRITABLE)

/* Pages of one size in a row. */
struct dfu_segment {
	uint32_t	 addr;
	uint64_t	 end;		/* one past the last byte */
	uint32_t	 page;		/* bytes that one erase takes */
	unsigned	 access;	/* DFU_READABLE, ... */
};

struct dfu_layout {
	char			 name[DFU_NAME]; /* "Internal Flash" */
	struct dfu_segment	 segment[DFU_SEGMENTS];	/* as the text has */
	size_t			 n;
};

/* ERR_INPUT, with the place, if text (UTF-8, NUL at its end) is no layout. */
int	dfu_layout_parse(const char *text, struct dfu_layout *out,
	    struct err *e);
/*
 * A GD32VF103 says a wrong size of pages and of the flash; its serial number
 * ("3CBJ") tells them.  Any other text leaves *l alone.
 */
void	dfu_layout_gd32(struct dfu_layout *l, const char *serial);
/* The segment that holds addr, or NULL. */
const struct dfu_segment	*dfu_segment_at(const struct dfu_layout *l,
				    uint32_t addr);
/* Bytes of all segments that can be erased and written. */
uint64_t	dfu_layout_size(const struct dfu_layout *l);

#endif
