/* SPDX-License-Identifier: MIT */
#include "image/segments.h"

#include "../tests/unit/image_bench.h"

static struct image_segments l;

static int
take(const void *p, size_t n, const char *chip, uint32_t offset)
{
	struct image_source s = IMAGE_MEMORY(p, n);

	e = (struct err)ERR_INIT;
	OK(image_inspect(&s, &facts, &e) == 0);
	if (e.code != ERR_NONE)
		printf("# %s\n", e.msg);
	image_segments_release(&l);
	return image_segments(&s, &facts, chip, offset, &l, &e);
}

static bool
is(size_t i, uint32_t addr, size_t len, const char *begins)
{
	return i < l.n && l.v[i].addr == addr && l.v[i].len == len &&
	    memcmp(l.v[i].bytes, begins, strlen(begins)) == 0;
}

static void
test_uf2(void)
{
	uint8_t file[6 * MAKE_UF2_BLOCK], *p = file;

	/* Out of order, with a hole, and a part for another chip. */
	make_uf2(p, MAKE_RP2040, 0x10000100, 1, 3, "b", 1);
	make_uf2(p += MAKE_UF2_BLOCK, MAKE_RP2040, 0x10000000, 0, 3, "a", 1);
	make_uf2(p += MAKE_UF2_BLOCK, MAKE_RP2040, 0x10001000, 2, 3, "c", 1);
	make_uf2(p += MAKE_UF2_BLOCK, 0xe48bff59, 0x10000000, 0, 1, "z", 1);
	p += MAKE_UF2_BLOCK;
	OK(take(file, (size_t)(p - file), "rp2040", 0) == 0 && l.n == 2);
	OK(is(0, 0x10000000, 512, "a") && l.v[0].bytes[256] == 'b');
	OK(is(1, 0x10001000, 256, "c"));
	OK(take(file, (size_t)(p - file), "rp2350", 0) == 0 && l.n == 1);
	OK(is(0, 0x10000000, 256, "z"));
	OK(take(file, (size_t)(p - file), "samd21", 0) == 0 && l.n == 0);
	OK(take(file, (size_t)(p - file), NULL, 0) == -1);
	OK(e.code == ERR_INPUT);
	IS_STR(e.msg, "two contents for 0x10000000");
	/* The block for erratum E10 is written nowhere. */
	make_uf2_e10(file);
	make_uf2(file + MAKE_UF2_BLOCK, 0xe48bff59, 0x10000000, 0, 1, "z", 1);
	OK(take(file, 2 * MAKE_UF2_BLOCK, "rp2350", 0) == 0 && l.n == 1);
}

/* Blocks without a family are for the chip that the strings name. */
static void
test_no_family(void)
{
	static const char says[] = "\0MicroPython v1.24.1 on 2024-11-29; "
	    "Wio with SAMD51P19A";
	uint8_t file[MAKE_UF2_BLOCK];

	make_uf2(file, 0, 0x4000, 0, 1, says, sizeof(says));
	OK(take(file, sizeof(file), "samd51", 0) == 0 && l.n == 1);
	OK(take(file, sizeof(file), "samd21", 0) == 0 && l.n == 0);
	OK(take(file, sizeof(file), "rp2040", 0) == 0 && l.n == 0);
	OK(take(file, sizeof(file), NULL, 0) == 0 && l.n == 1);
	make_uf2(file, 0, 0x4000, 0, 1, "x", 1);
	OK(take(file, sizeof(file), "samd51", 0) == 0 && l.n == 0);
}

static void
test_others(void)
{
	static const char good[] = ":020000040800F2\n:0400100001020304E2\n"
	    ":02000000AABB99\n:020014000506DF\n:00000001FF\n";
	uint8_t bin[100] = { 0x00, 0x20 };

	OK(take(good, strlen(good), NULL, 0) == 0 && l.n == 2);
	OK(is(0, 0x08000000, 2, "\xaa\xbb"));
	OK(is(1, 0x08000010, 6, "\x01\x02\x03\x04\x05\x06"));
	OK(take(bin, sizeof(bin), "esp32", 0x1000) == 0 && l.n == 1);
	OK(l.v[0].addr == 0x1000 && l.v[0].len == 100);
	OK(take(bin, sizeof(bin), NULL, 0xffffffa0) == -1);
	OK(take(bin, sizeof(bin), NULL, 0xffffff9c) == 0);
}

static void
test_dfu(void)
{
	static const char text[] = "MicroPython v1.24.1 on 2024-11-29; "
	    "PYBv1.1 with STM32F405RG";
	uint8_t p[500];
	const size_t n = make_dfu(p, 0x08000000, text, sizeof(text));

	OK(take(p, n, "stm32f4", 0) == 0 && l.n == 1);
	OK(is(0, 0x08000000, sizeof(text), text));
}

int
main(void)
{
	test_uf2();
	test_no_family();
	test_dfu();
	test_others();
	image_segments_release(&l);
	return tap_done();
}
