/* SPDX-License-Identifier: MIT */
#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "site/listing.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Whatever the download index, a board on it is fit for a path, and once. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct listing l = LISTING_INIT;
	struct err e = ERR_INIT;
	size_t i, k;

	if (listing_parse((const char *)data, size, &l, &e) == -1) {
		assert(l.n == 0 && e.code != ERR_NONE);
		return 0;
	}
	assert(l.n > 0 && l.n <= LISTING_BOARDS);
	for (i = 0; i < l.n; i++) {
		assert(firmware_file_safe(l.id[i]));
		for (k = 0; k < i && l.n < 100; k++)
			assert(strcmp(l.id[i], l.id[k]) != 0);
	}
	listing_release(&l);
	return 0;
}
