/* SPDX-License-Identifier: MIT */

/*
 * mkfw: writes a UF2 file that says of itself what a MicroPython build does.
 *
 *	mkfw FAMILY-IN-HEX TAG DATE MACHINE BLOCKS >FILE
 */

#include <stdio.h>
#include <stdlib.h>

#include "../unit/make_uf2.h"

int
main(int argc, char *argv[])
{
	uint8_t block[MAKE_UF2_BLOCK];
	uint32_t family, blocks, i;
	char text[256];
	int n;

	if (argc != 6) {
		fprintf(stderr, "usage: mkfw FAMILY TAG DATE MACHINE BLOCKS\n");
		return 2;
	}
	family = (uint32_t)strtoul(argv[1], NULL, 16);
	blocks = (uint32_t)strtoul(argv[5], NULL, 10);
	for (i = 0; i < blocks; i++) {
		n = snprintf(text, sizeof(text), "%cblock %u", '\0', i);
		if (i == 1)
			n = snprintf(text, sizeof(text), "3.4.0; MicroPython "
			    "%s on %s", argv[2], argv[3]);
		if (i == 3)
			n = snprintf(text, sizeof(text), "%c; %s", '\0',
			    argv[4]);
		make_uf2(block, family, (family == 0 ? 0x4000 : 0x10000000) +
		    256 * i, i, blocks, text, (size_t)n);
		if (fwrite(block, sizeof(block), 1, stdout) != 1)
			return 1;
	}
	return fflush(stdout) == 0 ? 0 : 1;
}
