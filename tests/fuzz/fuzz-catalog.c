/* SPDX-License-Identifier: MIT */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "upstream/catalog.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What is read and written is read again as the same. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = mem_alloc(size + 1);
	struct buf first = BUF_INIT, second = BUF_INIT;
	struct err e = ERR_INIT;
	struct catalog t;

	memcpy(text, data, size);
	if (catalog_parse(text, size, "fuzz", &t, &e) == 0) {
		catalog_sort(&t);
		catalog_print(&t, &first);
		catalog_release(&t);
		free(text);
		text = mem_copy(first.data, first.len + 1);
		if (catalog_parse(text, first.len, "again", &t, &e) == -1)
			abort();
		catalog_sort(&t);
		catalog_print(&t, &second);
		catalog_release(&t);
		if (strcmp(first.data, second.data) != 0)
			abort();
	}
	buf_release(&first);
	buf_release(&second);
	free(text);
	return 0;
}
