/* SPDX-License-Identifier: MIT */
#ifndef MPF_ESP_TRAITS_H
#define MPF_ESP_TRAITS_H

#include <stdint.h>

#include "base/err.h"
#include "esp/loader.h"

/*
 * traits: what tells the builds of MicroPython for one chip apart: cores,
 * package, PSRAM; and the crystal, and whether its flash is blank.  For a chip
 * in the boot loader of its ROM, after esp_identify.
 *
 * Source: the chips' technical reference manuals (eFuse controller) and
 * datasheets (ordering information).  An eFuse knows what is in the package;
 * what else is on the board, no eFuse of an ESP32 tells.
 */

enum esp_psram {
	ESP_PSRAM_UNKNOWN,		/* whether, or of which kind */
	ESP_PSRAM_NONE,			/* none in the package */
	ESP_PSRAM_QUAD, ESP_PSRAM_OCTAL
};

struct esp_traits {
	char		 package[24];	/* "ESP32-D2WD"; "": not told */
	unsigned	 cores;		/* 0: not told */
	enum esp_psram	 psram;
	uint32_t	 psram_bytes;	/* 0: none, or not told */
	unsigned	 crystal_mhz;	/* 0: not told */
	int		 blank;		/* the ROM finds no firmware: 1, 0, */
					/* -1: not told */
};

/* A chip in secure download mode, or a stub, tells less. */
int	esp_traits(struct esp_loader *l, const struct esp_target *t,
	    struct esp_traits *out, struct err *e);
/*
 * 1: the flash is erased where the ROM looks for a firmware; 0: it is not; -1:
 * it cannot be told.
 */
int	esp_blank(struct esp_loader *l, const struct esp_target *t, int *out,
	    struct err *e);

#endif
