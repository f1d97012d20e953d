/* SPDX-License-Identifier: MIT */
#ifndef MPF_SIM_INFLATE_H
#define MPF_SIM_INFLATE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"

/* inflate: a stream of zlib (RFC 1950), in pieces; the only home of zlib.h. */

struct sim_inflate;

struct sim_inflate	*sim_inflate_new(void);
/* Adds what these n bytes become to out; false: they are broken. */
bool	sim_inflate_add(struct sim_inflate *i, const void *p, size_t n,
	    struct buf *out);
bool	sim_inflate_ended(const struct sim_inflate *i);
void	sim_inflate_free(struct sim_inflate *i);	/* NULL is fine */

#endif
