/* SPDX-License-Identifier: MIT */
#ifndef MPF_BASE_BASE64_H
#define MPF_BASE_BASE64_H

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"

/* base64: RFC 4648, section 4, strictly: one text for each row of bytes. */

/*
 * Exactly size bytes from the n characters at s; -1: they are not that many,
 * or no base64.
 */
int	base64_read(const char *s, size_t n, uint8_t *out, size_t size);
void	base64_write(const uint8_t *p, size_t n, struct buf *out);

#endif
