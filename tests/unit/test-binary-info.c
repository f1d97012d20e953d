/* SPDX-License-Identifier: MIT */
#include <stdlib.h>

#include "../tests/unit/make_binary_info.h"
#include "../tests/unit/tap.h"
#include "base/buf.h"
#include "base/file.h"
#include "base/mem.h"
#include "image/binary_info.h"
#include "image/segments.h"

#define FLASH	0x10000000u

static struct err e;
static uint8_t flash[4096];
static enum err_code fails;	/* what a read of the tables' end ends with */

static int
read_flash(void *ctx, uint32_t addr, void *p, size_t n, struct err *err)
{
	(void)ctx;
	if (fails != ERR_NONE && addr == FLASH + 0x440)
		return err_set(err, fails, "no");
	if (addr < FLASH || addr - FLASH > sizeof(flash) - n)
		return err_set(err, ERR_NOT_FOUND, "not there");
	memcpy(p, flash + (addr - FLASH), n);
	return 0;
}

static const struct binary_reader reader = { read_flash, NULL };

static void
test_found(void)
{
	struct binary_info info;

	make_binary_info(flash, "MicroPython", 0x100a0000, 0x160000);
	OK(binary_info_read(&reader, FLASH, &info, &e) == 1 && info.n == 1);
	IS_STR(info.block[0].name, "MicroPython");
	OK(info.block[0].addr == 0x100a0000 && info.block[0].size == 0x160000);
	make_binary_info(flash, "MicroPython of a board", 0x100a0000, 1);
	OK(binary_info_read(&reader, FLASH, &info, &e) == 1 && info.n == 1);
	IS_STR(info.block[0].name, "MicroPython of ");
}

/* What is not there is no error; what cannot be read is. */
static void
test_not_found(void)
{
	struct binary_info info;

	make_binary_info(flash, "MicroPython", 0x100a0000, 0x160000);
	put32(flash + 0x404, 0x20000000);	/* an entry in RAM */
	OK(binary_info_read(&reader, FLASH, &info, &e) == 1 && info.n == 0);
	put32(flash + 0x1dc, FLASH + 0x400 + 4 * 257);
	OK(binary_info_read(&reader, FLASH, &info, &e) == 0);
	put32(flash + 0x1d8, 0xfffffff0);	/* to the last address */
	put32(flash + 0x1dc, 0xffffffff);
	OK(binary_info_read(&reader, FLASH, &info, &e) == 1 && info.n == 0);
	put32(flash + 0x1e4, 0);
	OK(binary_info_read(&reader, FLASH, &info, &e) == 0);
	OK(binary_info_read(&reader, FLASH + 3500, &info, &e) == 0);
	make_binary_info(flash, "MicroPython", 0x100a0000, 0x160000);
	fails = ERR_TIMEOUT;
	OK(binary_info_read(&reader, FLASH, &info, &e) == -1 &&
	    e.code == ERR_TIMEOUT);
	fails = ERR_NONE;
}

/* As many devices as there is room for. */
static void
test_many(void)
{
	struct binary_info info;

	make_binary_info(flash, "MicroPython", 0x100a0000, 0x160000);
	put32(flash + 0x1d8, FLASH + 0x800);
	put32(flash + 0x1dc, FLASH + 0x880);
	for (size_t i = 0; i < 32; i++)
		put32(flash + 0x800 + 4 * i, FLASH + 0x440);
	OK(binary_info_read(&reader, FLASH, &info, &e) == 1);
	OK(info.n == BINARY_BLOCKS);
}

static int
read_segments(void *ctx, uint32_t addr, void *p, size_t n, struct err *err)
{
	const struct image_segments *l = ctx;

	/* It is one piece. */
	if (addr < l->v[0].addr || addr - l->v[0].addr > l->v[0].len - n)
		return err_set(err, ERR_NOT_FOUND, "not there");
	memcpy(p, l->v[0].bytes + (addr - l->v[0].addr), n);
	return 0;
}

/* A genuine image, where there is one. */
static void
test_genuine(void)
{
	const char *samples = getenv("MPF_SAMPLES");
	struct image_segments l = IMAGE_SEGMENTS_INIT;
	const struct binary_reader r = { read_segments, &l };
	struct buf file = BUF_MAX(4u << 20);
	struct image_facts facts;
	struct binary_info info;
	char path[512];

	snprintf(path, sizeof(path), "%s/RPI_PICO_W-v1.22.2.uf2",
	    samples != NULL ? samples : "");
	if (file_read(path, &file, &e) == 0) {
		const uint8_t *bytes = (const uint8_t *)file.data;
		struct image_source s = IMAGE_MEMORY(bytes, file.len);

		OK(image_inspect(&s, &facts, &e) == 0);
		OK(image_segments(&s, &facts, "rp2040", 0, &l, &e) == 0);
		OK(binary_info_read(&r, FLASH, &info, &e) == 1 && info.n == 1);
		IS_STR(info.block[0].name, "MicroPython");
		OK(info.block[0].addr == 0x1012c000 &&
		    info.block[0].size == 0xd4000);
	}
	image_segments_release(&l);
	buf_release(&file);
}

int
main(void)
{
	test_found();
	test_not_found();
	test_many();
	test_genuine();
	return tap_done();
}
