/* SPDX-License-Identifier: MIT */
#ifndef MPF_IMAGE_INFO_UF2_H
#define MPF_IMAGE_INFO_UF2_H

#include <stddef.h>

#include "base/err.h"

/*
 * info_uf2: INFO_UF2.TXT, by which a UF2 bootloader's drive says what it is.
 *
 * Source: https://github.com/microsoft/uf2 (README.md, "Files exposed by
 * bootloaders").  Pure: bytes in, fields out.
 */

struct info_uf2 {
	char	bootloader[64];		/* the first line */
	char	model[64];		/* "Raspberry Pi RP2" */
	char	board_id[64];		/* "RPI-RP2", "SAMD51P19A-WioTerm-v0" */
	char	softdevice[64];		/* "S140 version 6.1.1"; "": none */
};

/* ERR_INPUT if it has no Board-ID line. */
int	info_uf2_parse(const char *text, size_t n, struct info_uf2 *out,
	    struct err *e);

#endif
