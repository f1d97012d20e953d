/* SPDX-License-Identifier: MIT */
#include "base/base64.h"

#include <string.h>

static const char digits[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/* The value of one digit, or -1. */
static int
base64_digit(char c)
{
	const char *p = c == '\0' ? NULL : strchr(digits, c);

	return p == NULL ? -1 : (int)(p - digits);
}

int
base64_read(const char *s, size_t n, uint8_t *out, size_t size)
{
	const size_t left = size % 3;
	uint32_t bits = 0;
	size_t i, at = 0;

	if (n != (size + 2) / 3 * 4)
		return -1;
	for (i = 0; i < n; i++) {
		const size_t pad = left == 0 ? 0 : 3 - left;
		const int v = i >= n - pad ? (s[i] == '=' ? 0 : -1) :
		    base64_digit(s[i]);

		if (v == -1)
			return -1;
		bits = bits << 6 | (uint32_t)v;
		if (i % 4 != 3)
			continue;
		for (int shift = 16; shift >= 0; shift -= 8) {
			const uint8_t byte = (uint8_t)(bits >> shift);

			if (at < size)
				out[at++] = byte;
			else if (byte != 0)
				return -1;	/* bits that say nothing */
		}
		bits = 0;
	}
	return 0;
}

void
base64_write(const uint8_t *p, size_t n, struct buf *out)
{
	for (size_t i = 0; i < n; i += 3) {
		const uint32_t bits = (uint32_t)p[i] << 16 |
		    (i + 1 < n ? (uint32_t)p[i + 1] << 8 : 0) |
		    (i + 2 < n ? p[i + 2] : 0);

		buf_addc(out, digits[bits >> 18 & 63]);
		buf_addc(out, digits[bits >> 12 & 63]);
		buf_addc(out, i + 1 < n ? digits[bits >> 6 & 63] : '=');
		buf_addc(out, i + 2 < n ? digits[bits & 63] : '=');
	}
}
