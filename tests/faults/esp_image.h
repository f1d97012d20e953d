/* SPDX-License-Identifier: MIT */
#ifndef MPF_FAULTS_ESP_IMAGE_H
#define MPF_FAULTS_ESP_IMAGE_H

#include <stddef.h>
#include <stdint.h>

#include "base/digest.h"

/* esp_image: images of MicroPython for simulated ESP chips. */

#define ESP_IMAGE_FLASH	(1u << 20)	/* bytes that they are made for */
#define ESP_IMAGE_TEXT	160u		/* bytes: header, and what it says */

struct esp_image {
	uint8_t		*bytes;		/* owned */
	size_t		 n;
	const char	*machine, *board_id;
	char		 path[32];	/* the file that holds it */
	char		 sum[DIGEST_HEX];
};

/*
 * Written to a file, too.  It has a partition table, but for an ESP8266, and
 * bytes of which about half can be packed.
 */
void	esp_image_make(const char *chip, const char *version, size_t number,
	    struct esp_image *out);
void	esp_image_release(struct esp_image *image);

#endif
