/* SPDX-License-Identifier: MIT */
#include <assert.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "image/dfu.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int
on_element(uint32_t addr, const uint8_t *p, size_t n, void *ctx)
{
	size_t *sum = ctx;

	assert(n == 0 || addr <= UINT32_MAX - (n - 1));
	for (size_t i = 0; i < n; i++)
		*sum += p[i];		/* all of it can be read */
	return 0;
}

static uint32_t
crc32_of(const uint8_t *p, size_t n)
{
	uint32_t crc = 0xffffffffu;

	for (size_t i = 0; i < n; i++) {
		crc ^= p[i];
		for (int bit = 0; bit < 8; bit++)
			crc = crc >> 1 ^ (crc & 1 ? 0xedb88320u : 0);
	}
	return crc;
}

/* The data with a suffix whose CRC is right, which a search never finds. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const uint8_t suffix[12] = { 0, 0x22, 0x11, 0xdf, 0x83, 4, 0x1a,
		1, 'U', 'F', 'D', DFU_SUFFIX };
	uint8_t *file = mem_alloc(size + DFU_SUFFIX);
	struct image_source s = IMAGE_MEMORY(file, size + DFU_SUFFIX);
	struct err e = ERR_INIT;
	struct dfu_file f;
	size_t sum = 0;
	uint32_t crc;

	memcpy(file, data, size);
	memcpy(file + size, suffix, sizeof(suffix));
	/* The size in the prefix, too. */
	if (dfu_begins(file, size))
		memcpy(file + 6, (const uint8_t[]){ (uint8_t)size,
			(uint8_t)(size >> 8), (uint8_t)(size >> 16), 0 }, 4);
	crc = crc32_of(file, size + sizeof(suffix));
	for (int i = 0; i < 4; i++)
		file[size + sizeof(suffix) + (size_t)i] =
		    (uint8_t)(crc >> 8 * i);
	if (dfu_each(&s, &f, on_element, &sum, &e) == -1)
		assert(e.code == ERR_INPUT);
	else
		assert(f.suffix && f.vid == 0x0483 && f.addr <= f.end);
	free(file);
	return 0;
}
