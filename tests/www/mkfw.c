/* SPDX-License-Identifier: MIT */

/*
 * mkfw: writes a UF2 or a DfuSe file that says of itself what a MicroPython
 * build does.
 *
 *	mkfw FAMILY-IN-HEX|dfu TAG DATE MACHINE BLOCKS >FILE
 *
 * A block is 256 bytes.  Of a DfuSe file the first 16 are vectors, and the
 * rest is where a pyboard has its firmware, behind its file system.
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../unit/make_dfu.h"
#include "../unit/make_uf2.h"

#define PAGE		256u
#define VECTORS		16u
#define VECTORS_AT	0x08000000u
#define TEXT_AT		0x08020000u

/* What block i holds. */
static size_t
block_text(char text[PAGE], uint32_t i, char *argv[])
{
	int n = snprintf(text, PAGE, "%cblock %u", '\0', i);

	if (i == 1)
		n = snprintf(text, PAGE, "3.4.0; MicroPython %s on %s",
		    argv[2], argv[3]);
	if (i == 3)
		n = snprintf(text, PAGE, "%c; %s", '\0', argv[4]);
	return (size_t)n;
}

static void
write_uf2(uint32_t family, uint32_t blocks, char *argv[])
{
	uint8_t block[MAKE_UF2_BLOCK];
	char text[PAGE];

	for (uint32_t i = 0; i < blocks; i++) {
		const size_t n = block_text(text, i, argv);

		make_uf2(block, family, (family == 0 ? 0x4000 : 0x10000000) +
		    PAGE * i, i, blocks, text, n);
		fwrite(block, sizeof(block), 1, stdout);
	}
}

static void
write_dfu(uint32_t blocks, char *argv[])
{
	struct buf file = BUF_INIT;
	uint8_t *p = calloc(blocks, PAGE);
	const struct make_element parts[] = {
		{ VECTORS_AT, p, VECTORS * PAGE },
		{ TEXT_AT, p + VECTORS * PAGE, (blocks - VECTORS) * PAGE },
	};

	for (uint32_t i = 0; i < blocks; i++) {
		char text[PAGE];
		const size_t n = block_text(text, i, argv);

		memcpy(p + i * PAGE, text, n);
	}
	make_dfu(&file, 0, 0x0483, 0xdf11, parts, 2);
	fwrite(file.data, file.len, 1, stdout);
	buf_release(&file);
	free(p);
}

int
main(int argc, char *argv[])
{
	const uint32_t blocks = argc != 6 ? 0 :
	    (uint32_t)strtoul(argv[5], NULL, 10);

	if (blocks == 0 || (strcmp(argv[1], "dfu") == 0 &&
	    blocks <= VECTORS)) {
		fprintf(stderr, "usage: mkfw FAMILY|dfu TAG DATE MACHINE "
		    "BLOCKS\n");
		return 2;
	}
	if (strcmp(argv[1], "dfu") == 0)
		write_dfu(blocks, argv);
	else
		write_uf2((uint32_t)strtoul(argv[1], NULL, 16), blocks, argv);
	return fflush(stdout) == 0 && !ferror(stdout) ? 0 : 1;
}
