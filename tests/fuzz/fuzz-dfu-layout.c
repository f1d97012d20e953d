/* SPDX-License-Identifier: MIT */
#include <assert.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "dfu/layout.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Whatever the text, the segments lie within 32 bits, and have pages. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = mem_alloc(size + 1);
	struct dfu_layout l;
	struct err e = ERR_INIT;

	memcpy(text, data, size);
	text[size] = '\0';
	if (dfu_layout_parse(text, &l, &e) == -1)
		assert(e.code == ERR_INPUT && e.msg[0] != '\0');
	else
		dfu_layout_gd32(&l, "3CBJ");
	assert(l.n <= DFU_SEGMENTS && strlen(l.name) < DFU_NAME);
	for (size_t i = 0; e.code == ERR_NONE && i < l.n; i++) {
		const struct dfu_segment *s = &l.segment[i];

		assert(s->page > 0 && s->end > s->addr &&
		    s->end <= UINT64_C(0x100000000) + 128 * 1024 &&
		    (s->end - s->addr) % s->page == 0 &&
		    s->access >= 1 && s->access <= 7);
		assert(dfu_segment_at(&l, s->addr) != NULL);
	}
	free(text);
	return 0;
}
