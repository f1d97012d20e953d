/* SPDX-License-Identifier: MIT */
#ifndef MPF_MAKE_BINARY_INFO_H
#define MPF_MAKE_BINARY_INFO_H

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "../tests/unit/make_uf2.h"

/*
 * make_binary_info: the tables of firmware for an RP2, into its first 4 KiB,
 * with one block device of that name.
 */
static inline void
make_binary_info(uint8_t *flash, const char *name, uint32_t addr,
    uint32_t size)
{
	const uint32_t base = 0x10000000;

	memset(flash + 0x400, 0, 0x100);
	put32(flash + 0x1d4, 0x7188ebf2);
	put32(flash + 0x1d8, base + 0x400);	/* two pointers */
	put32(flash + 0x1dc, base + 0x408);
	put32(flash + 0x1e0, 0);
	put32(flash + 0x1e4, 0xe71aa390);
	put32(flash + 0x400, base + 0x420);
	put32(flash + 0x404, base + 0x440);
	put32(flash + 0x420, 0x52500006);	/* a string: passed over */
	put32(flash + 0x440, 0x504d0007);
	put32(flash + 0x444, base + 0x480);
	put32(flash + 0x448, addr);
	put32(flash + 0x44c, size);
	snprintf((char *)flash + 0x480, 32, "%s", name);
}

#endif
