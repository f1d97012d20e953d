/* SPDX-License-Identifier: MIT */
#ifndef MPF_IMAGE_STRINGS_H
#define MPF_IMAGE_STRINGS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * strings: what a MicroPython image says of itself, in the text inside it.
 *
 * Every stock image holds the banner "MicroPython GIT_TAG on DATE; MACHINE"
 * (MicroPython py/mpconfig.h, MICROPY_BANNER_NAME_AND_VERSION and
 * MICROPY_BANNER_MACHINE).  Since v1.20 it lies in two pieces: the first ends
 * sys.version, and "; MACHINE" is a string of its own (shared/runtime/
 * pyexec.c).  Pure: bytes in, fields out; UF2 framing must have been taken
 * off before.  What comes out is UTF-8 without control characters.
 */

struct image_strings {
	char	tag[64];	/* "v1.24.0-preview.201.g269a0e0e1" */
	char	date[16];	/* "2024-10-25" */
	char	machine[128];	/* "Raspberry Pi Pico W with RP2040"; or "" */
};

/* False: the image does not say.  out is then all "". */
bool	image_strings(const uint8_t *p, size_t n, struct image_strings *out);

/*
 * The same for an image that comes in pieces, such as the payloads of UF2
 * blocks; it needs no copy of the whole.  What is split between two pieces is
 * found.  Begin with STRINGS_SCAN_INIT; nothing is to be released.
 */
#define STRINGS_WINDOW	16384u		/* bytes looked at in one go */

struct strings_scan {
	struct image_strings	 best;		/* of the banners so far */
	char			 machine[128];	/* "; MACHINE" by itself */
	uint8_t			 window[STRINGS_WINDOW];
	size_t			 len;		/* bytes in it */
	size_t			 from;		/* what is before was seen */
};

#define STRINGS_SCAN_INIT { .len = 0, .from = 0 }

void	strings_feed(struct strings_scan *s, const uint8_t *p, size_t n);
/* All has come: as image_strings. */
bool	strings_end(struct strings_scan *s, struct image_strings *out);

#endif
