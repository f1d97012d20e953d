/* SPDX-License-Identifier: MIT */
#ifndef MPF_IMAGE_BYTES_H
#define MPF_IMAGE_BYTES_H

#include <stdint.h>

/* bytes: little-endian numbers, wherever they lie. */

static inline uint32_t
le16(const uint8_t *p)
{
	return (uint32_t)p[0] | (uint32_t)p[1] << 8;
}

static inline uint32_t
le32(const uint8_t *p)
{
	return le16(p) | le16(p + 2) << 16;
}

#endif
