/* SPDX-License-Identifier: MIT */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "upstream/tree.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Each entry takes a part of the object, which its name lies in. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const size_t digits = size > 0 && data[0] == '1' ? 64 : 40;
	char *raw = mem_copy(data, size);
	const char *p = raw;
	struct tree_entry entry;
	struct err e = ERR_INIT;
	size_t n = size;

	while (tree_next(&p, &n, digits, &entry, &e) == 1)
		if (entry.name <= raw || entry.name >= p ||
		    strlen(entry.id) != digits || p + n != raw + size)
			abort();
	free(raw);
	return 0;
}
