/* SPDX-License-Identifier: MIT */
#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "image/binary_info.h"

#define FLASH	0x10000000u

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct bytes {
	const uint8_t	*p;
	size_t		 n;
};

static int
read_bytes(void *ctx, uint32_t addr, void *p, size_t n, struct err *e)
{
	const struct bytes *b = ctx;

	if (addr < FLASH || addr - FLASH > b->n || n > b->n - (addr - FLASH))
		return err_set(e, ERR_NOT_FOUND, "not there");
	memcpy(p, b->p + (addr - FLASH), n);
	return 0;
}

/* Firmware, as a file has it, or a flash that holds anything. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bytes b = { data, size };
	const struct binary_reader r = { read_bytes, &b };
	struct binary_info info;
	struct err e;

	assert(binary_info_read(&r, FLASH, &info, &e) != -1);
	assert(info.n <= BINARY_BLOCKS);
	for (size_t i = 0; i < info.n; i++)
		assert(strlen(info.block[i].name) < BINARY_NAME);
	return 0;
}
