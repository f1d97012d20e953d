/* SPDX-License-Identifier: MIT */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "store/tsv.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = mem_alloc(size + 1);
	struct tsv t = { .text = text, .len = size, .name = "fuzz" };
	struct err e = ERR_INIT;
	size_t total = 0;

	memcpy(text, data, size);
	while (tsv_line(&t, &e) == 1)
		for (size_t i = 0; i < t.n; i++)
			total += strlen(t.field[i]);
	if (total > size)
		abort();
	free(text);
	return 0;
}
