/* SPDX-License-Identifier: MIT */
#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "site/page.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Whatever the page, a file on it is this board's, and fit for a path. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct page p = PAGE_INIT;
	struct err e = ERR_INIT;
	size_t i;

	if (page_parse((const char *)data, size, "RPI_PICO", &p, &e) == -1)
		return 0;
	for (i = 0; i < p.n; i++) {
		assert(firmware_file_safe(p.link[i].file));
		assert(strcmp(p.link[i].name.board_id, "RPI_PICO") == 0);
		assert(firmware_ext_usable(p.link[i].name.ext));
	}
	page_release(&p);
	return 0;
}
