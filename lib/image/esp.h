/* SPDX-License-Identifier: MIT */
#ifndef MPF_IMAGE_ESP_H
#define MPF_IMAGE_ESP_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "image/source.h"

/*
 * esp: Espressif's firmware images, as far as the first one of a file goes
 * (MicroPython's files are bootloader, partition table and application in a
 * row).  Pure: bytes in, fields out.
 *
 * Source: esptool documentation, "Firmware Image Format".
 */

#define ESP_MAGIC	0xe9u
#define ESP_NO_ID	(-1)		/* ESP8266's images carry none */

struct esp_image {
	const char	*chip;		/* "esp32s3"; NULL: not known */
	int		 chip_id;	/* in the header; ESP_NO_ID */
	size_t		 len;		/* of the first image, in bytes */
};

/*
 * ERR_INPUT unless the first image's segments lie inside the file and its
 * checksum is right.
 */
int	esp_check(struct image_source *s, struct esp_image *out, struct err *e);

#endif
