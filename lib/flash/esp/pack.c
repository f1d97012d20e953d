/* SPDX-License-Identifier: MIT */
#include "flash/esp/pack.h"

#include <libdeflate.h>

#define LEVEL	12		/* the best it has */

int
pack_zlib(const void *p, size_t n, struct buf *out, struct err *e)
{
	struct libdeflate_compressor *c = libdeflate_alloc_compressor(LEVEL);
	size_t most, got = 0;
	int r = -1;

	if (c == NULL)
		return err_set(e, ERR_INTERNAL, "libdeflate: no memory");
	most = libdeflate_zlib_compress_bound(c, n);
	if (buf_room(out, most) == 0)
		got = libdeflate_zlib_compress(c, p, n, out->data + out->len,
		    most);
	if (got > 0) {
		buf_took(out, got);
		r = 0;
	} else {
		err_set(e, ERR_INTERNAL, "%zu bytes do not fit once packed",
		    n);
	}
	libdeflate_free_compressor(c);
	return r;
}
