/* SPDX-License-Identifier: MIT */
#include "sim/inflate.h"

#include <stdlib.h>
#include <zlib.h>

#include "base/mem.h"

#define PIECE	16384u

struct sim_inflate {
	z_stream	 z;
	bool		 begun, ended;
};

struct sim_inflate *
sim_inflate_new(void)
{
	struct sim_inflate *i = mem_alloc(sizeof(*i));

	i->begun = inflateInit(&i->z) == Z_OK;
	return i;
}

bool
sim_inflate_add(struct sim_inflate *i, const void *p, size_t n,
    struct buf *out)
{
	unsigned char piece[PIECE];
	int r = Z_OK;

	if (!i->begun || i->ended)
		return false;
	i->z.next_in = (unsigned char *)(void *)(size_t)p;
	i->z.avail_in = (unsigned)n;
	do {
		i->z.next_out = piece;
		i->z.avail_out = PIECE;
		r = inflate(&i->z, Z_NO_FLUSH);
		buf_add(out, piece, PIECE - i->z.avail_out);
	} while (r == Z_OK && (i->z.avail_in > 0 || i->z.avail_out == 0));
	i->ended = r == Z_STREAM_END;
	return r == Z_OK || r == Z_BUF_ERROR || i->ended;
}

bool
sim_inflate_ended(const struct sim_inflate *i)
{
	return i->ended;
}

void
sim_inflate_free(struct sim_inflate *i)
{
	if (i == NULL)
		return;
	if (i->begun)
		inflateEnd(&i->z);
	free(i);
}
