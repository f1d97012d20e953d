/* SPDX-License-Identifier: MIT */
#ifndef MPF_MAKE_UF2_H
#define MPF_MAKE_UF2_H

#include <stdint.h>
#include <string.h>

/* make_uf2: UF2 blocks that look like the real ones. */

#define MAKE_UF2_BLOCK	512u
#define MAKE_RP2040	0xe48bff56u

static inline void
put32(uint8_t *p, uint32_t v)
{
	for (int i = 0; i < 4; i++)
		p[i] = (uint8_t)(v >> 8 * i);
}

/* 256 bytes of text (padded with NULs) to addr; family 0: names none. */
static inline void
make_uf2(uint8_t raw[MAKE_UF2_BLOCK], uint32_t family, uint32_t addr,
    uint32_t index, uint32_t count, const void *text, size_t n)
{
	const uint32_t head[] = { 0x0a324655, 0x9e5d5157,
	    family == 0 ? 0 : 0x2000, addr, 256, index, count, family };

	memset(raw, 0, MAKE_UF2_BLOCK);
	for (size_t i = 0; i < sizeof(head) / sizeof(head[0]); i++)
		put32(raw + 4 * i, head[i]);
	memcpy(raw + 32, text, n < 256 ? n : 256);
	put32(raw + 508, 0x0ab16f30);
}

/* The block that goes before RP2350's files (erratum E10). */
static inline void
make_uf2_e10(uint8_t raw[MAKE_UF2_BLOCK])
{
	uint8_t fill[256];

	memset(fill, 0xef, sizeof(fill));
	make_uf2(raw, 0xe48bff57, 0x10ffff00, 0, 2, fill, sizeof(fill));
	put32(raw + 8, 0xa000);
	put32(raw + 32 + 256, 0x9957e304);
}

#endif
