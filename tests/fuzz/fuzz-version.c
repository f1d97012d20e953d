/* SPDX-License-Identifier: MIT */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "facts/version.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What is read and printed is read again as the same. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = mem_alloc(size + 1), printed[VERSION_TEXT];
	struct version v, again;
	struct wanted w;

	memcpy(text, data, size);
	if (version_parse(text, &v)) {
		version_text(&v, printed);
		if (!version_parse(printed, &again) ||
		    version_compare(&v, &again) != 0)
			abort();
	}
	if (wanted_parse(text, &w))
		(void)wanted_admits(&w, &w.exact);
	free(text);
	return 0;
}
