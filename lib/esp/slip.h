/* SPDX-License-Identifier: MIT */
#ifndef MPF_ESP_SLIP_H
#define MPF_ESP_SLIP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"

/*
 * slip: frames on a serial line, as the boot loaders of ESP chips speak them.
 * Pure: bytes in, frames out.
 *
 * Source: RFC 1055; Espressif's "Serial Protocol".  A frame begins and ends
 * with 0xC0; inside, 0xC0 is sent as DB DC and 0xDB as DB DD.
 */

/* Adds the frame that holds these n bytes, with its two ends. */
void	slip_add(struct buf *out, const void *p, size_t n);

/* A frame as it comes in. */
struct slip {
	bool		 inside;	/* behind the 0xC0 that begins it */
	bool		 escape;	/* behind a 0xDB */
	bool		 broken;	/* too long: dropped when it ends */
	struct buf	 frame;
};

/*
 * Frames of more than max bytes are dropped.  Other bytes between frames (the
 * log of the boot ROM, noise) are passed over.
 */
void	slip_init(struct slip *s, size_t max);
/* True: with this byte a frame is whole; it stays until the next byte. */
bool	slip_feed(struct slip *s, uint8_t c);
void	slip_reset(struct slip *s);	/* forgets what has come */
void	slip_release(struct slip *s);

#endif
