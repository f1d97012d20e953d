/* SPDX-License-Identifier: MIT */
#ifndef MPF_IMAGE_BINARY_INFO_H
#define MPF_IMAGE_BINARY_INFO_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

/*
 * binary_info: what firmware for an RP2040 or RP2350 says of itself in tables
 * of its own, whether it is in a file or in a flash: the block devices, one of
 * which holds the user's files.
 *
 * Source: pico-sdk, pico/binary_info (structure.h, defs.h); MicroPython,
 * ports/rp2/rp2_flash.c.
 */

#define BINARY_BLOCKS	8u		/* devices, at most */
#define BINARY_NAME	16u		/* bytes of a name and its NUL */

struct binary_block {
	char		 name[BINARY_NAME];	/* "MicroPython" */
	uint32_t	 addr, size;
};

struct binary_info {
	struct binary_block	 block[BINARY_BLOCKS];
	size_t			 n;
};

/* n bytes at addr of the firmware; ERR_NOT_FOUND: nothing is there. */
struct binary_reader {
	int	(*read)(void *ctx, uint32_t addr, void *p, size_t n,
		    struct err *e);
	void	*ctx;
};

/*
 * The tables of the firmware that begins at addr: 1 and *out; 0: it has none,
 * or they make no sense; -1: an error of the reader, but for ERR_NOT_FOUND.
 */
int	binary_info_read(const struct binary_reader *r, uint32_t addr,
	    struct binary_info *out, struct err *e);

#endif
