/* SPDX-License-Identifier: MIT */
#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "scsi/fat.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct input {
	const uint8_t	*data;
	size_t		 size;
	unsigned	 reads;
};

/* Sectors of which the first ones are there, and all others the last again. */
static int
read_input(void *ctx, uint32_t lba, uint8_t p[FAT_SECTOR], struct err *e)
{
	struct input *in = ctx;
	const size_t n = in->size / FAT_SECTOR;

	in->reads++;
	if (n == 0)
		return err_set(e, ERR_IO, "no sectors");
	memcpy(p, in->data + (lba < n ? lba : n - 1) * FAT_SECTOR, FAT_SECTOR);
	return 0;
}

/* The file system that a device shows, whatever it is. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input in = { data, size, 0 };
	const struct fat_disk d = { read_input, &in };
	struct buf out = BUF_INIT;
	struct err e = ERR_INIT;

	if (fat_read(&d, "INFO_UF2TXT", &out, &e) == -1)
		assert(e.code != ERR_NONE && e.msg[0] != '\0');
	assert(out.len <= FAT_FILE && in.reads <= 1024);
	buf_release(&out);
	return 0;
}
