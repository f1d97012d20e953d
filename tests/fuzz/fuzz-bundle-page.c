/* SPDX-License-Identifier: MIT */
#include <assert.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "fetch/bundle.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A page that was read is written, and reads as the same. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct buf one = BUF_INIT, two = BUF_INIT;
	struct err e = ERR_INIT;
	char *id, *again;
	struct index ix;

	if (bundle_page_get((const char *)data, size, &id, &ix, &e) == -1)
		return 0;
	assert(firmware_file_safe(id));
	for (size_t i = 0; i < ix.n; i++)
		assert(firmware_file_safe(ix.link[i].file));
	bundle_page_put(&ix, id, &one);
	index_release(&ix);
	if (bundle_page_get(one.data, one.len, &again, &ix, &e) == 0) {
		assert(strcmp(id, again) == 0);
		bundle_page_put(&ix, again, &two);
		assert(strcmp(one.data, two.data) == 0);
		index_release(&ix);
		free(again);
	}
	free(id);
	buf_release(&one);
	buf_release(&two);
	return 0;
}
