/* SPDX-License-Identifier: MIT */
#include <assert.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "site/index_line.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A page that was read is written, and reads as the same. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct buf one = BUF_INIT, two = BUF_INIT;
	struct err e = ERR_INIT;
	char *id, *again;
	struct index ix;

	if (index_line_get((const char *)data, size, &id, &ix, &e) == -1)
		return 0;
	assert(firmware_file_safe(id));
	for (size_t i = 0; i < ix.n; i++)
		assert(firmware_file_safe(ix.link[i].file));
	index_line_put(&ix, id, &one);
	index_release(&ix);
	if (index_line_get(one.data, one.len, &again, &ix, &e) == 0) {
		assert(strcmp(id, again) == 0);
		index_line_put(&ix, again, &two);
		assert(strcmp(one.data, two.data) == 0);
		index_release(&ix);
		free(again);
	}
	free(id);
	buf_release(&one);
	buf_release(&two);
	return 0;
}
