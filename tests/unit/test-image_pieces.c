/* SPDX-License-Identifier: MIT */
#include "image/source.h"

#include "../tests/unit/image_bench.h"
#include "base/buf.h"

#define BIG	(3 * IMAGE_WINDOW)

/* What says what it is lies across the end of the first window. */
static const uint8_t *
big_text(void)
{
	static const char text[] = "\0MicroPython v1.24.1 on 2024-11-29; "
	    "PYBv1.1 with STM32F405RG";
	static uint8_t big[BIG];

	memset(big, 0xa5, sizeof(big));
	memcpy(big + IMAGE_WINDOW - 20, text, sizeof(text));
	return big;
}

/* Each piece that can not be read ends it, with the reader's own words. */
static void
bad_reads(uint8_t *p, size_t n, unsigned most)
{
	struct image_facts out;
	unsigned all;

	OK(inspect_pieces(p, n, &out, &e) == 0);
	all = reads;
	OK(all >= BIG / IMAGE_WINDOW && all < most);
	for (bad_read = 1; bad_read <= all; bad_read++)
		if (inspect_pieces(p, n, &out, &e) != -1 || e.code != ERR_IO ||
		    strstr(e.msg, "a bad block") == NULL)
			break;
	OK(bad_read == all + 1);
	bad_read = 0;
}

static uint8_t p[2 * BIG + 1000];

/* A window's end may be anywhere. */
static void
test_formats(void)
{
	const uint8_t *text = big_text();
	size_t len;

	len = make_esp(p, 9, text, BIG);
	OK(inspect(p, len) == 0);
	IS_STR(facts.strings.machine, "PYBv1.1 with STM32F405RG");
	bad_reads(p, len, 16);
	p[len - 1] ^= 1;
	OK(inspect(p, len) == -1);

	len = make_dfu(p, 0x08000000, text, BIG);
	OK(inspect(p, len) == 0);
	IS_STR(facts.strings.machine, "PYBv1.1 with STM32F405RG");
	bad_reads(p, len, 16);

	memcpy(p, text, BIG);
	OK(inspect(p, BIG) == 0);
	IS_STR(facts.format, "bin");
	IS_STR(facts.strings.tag, "v1.24.1");
	bad_reads(p, BIG, 16);
}

static void
test_uf2(void)
{
	const uint32_t n = BIG / 256;
	uint32_t i;

	/* From the last block to the first, with one address twice. */
	for (i = 0; i < n; i++)
		make_uf2(p + 512 * i, MAKE_RP2040, 0x10000000 +
		    256 * (n - 1 - i), i, n, "x", 1);
	put32(p + 12, 0x10000000);
	OK(inspect(p, 512 * n) == 0);
	OK(facts.addr == 0x10000000 && facts.end == 0x10000000 +
	    256 * (n - 1));
	bad_reads(p, 512 * n, 2 * n);
	p[32] = 'y';
	refused(p, 512 * n, "blocks 0 and 767: different bytes for address "
	    "0x10000000");
}

/* Lines do not keep to windows either. */
static void
test_hex(void)
{
	struct buf text = BUF_INIT;
	unsigned i;

	for (i = 0; text.len < BIG; i++)
		buf_addf(&text, ":01%04X0000%02X\r\n", i & 0xffff,
		    -(1 + (i >> 8) + i) & 0xff);
	buf_addf(&text, ":00000001FF\n");
	OK(inspect(text.data, text.len) == 0);
	IS_STR(facts.format, "hex");
	bad_reads((uint8_t *)text.data, text.len, 16);
	buf_release(&text);
}

int
main(void)
{
	test_formats();
	test_uf2();
	test_hex();
	return tap_done();
}
