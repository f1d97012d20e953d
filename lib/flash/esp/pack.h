/* SPDX-License-Identifier: MIT */
#ifndef MPF_FLASH_ESP_PACK_H
#define MPF_FLASH_ESP_PACK_H

#include <stddef.h>

#include "base/buf.h"
#include "base/err.h"

/*
 * pack: bytes as a stream of zlib (RFC 1950), as small as libdeflate makes it:
 * what goes over a serial line costs more time than packing does.
 */
int	pack_zlib(const void *p, size_t n, struct buf *out, struct err *e);

#endif
