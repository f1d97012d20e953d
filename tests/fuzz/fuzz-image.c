/* SPDX-License-Identifier: MIT */
#include <assert.h>
#include <string.h>

#include "base/text.h"
#include "image/image.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Whatever the bytes, what comes out is fit for a record. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct image_facts f;
	struct err e = ERR_INIT;
	const char *s;
	size_t k;

	if (image_inspect(data, size, &f, &e) == -1) {
		assert(e.code == ERR_INPUT && e.msg[0] != '\0');
		return 0;
	}
	assert(f.format != NULL && f.addr <= f.end);
	for (s = f.strings.machine; *s != '\0'; s += k) {
		k = text_utf8(s, strlen(s));
		assert(k > 0 && (unsigned char)*s >= ' ');
	}
	return 0;
}
