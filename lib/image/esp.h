/* SPDX-License-Identifier: MIT */
#ifndef MPF_IMAGE_ESP_H
#define MPF_IMAGE_ESP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "image/source.h"

/*
 * esp: Espressif's firmware images.  MicroPython's files are bootloader,
 * partition table and application in a row.  Pure: bytes in, fields out.
 *
 * Source: esptool documentation, "Firmware Image Format"; ESP-IDF,
 * esp_app_desc.h (ESP_APP_DESC_MAGIC_WORD).
 */

#define ESP_MAGIC	0xe9u
#define ESP_NO_ID	(-1)		/* ESP8266's images carry none */

struct esp_image {
	const char	*chip;		/* "esp32s3"; NULL: not known */
	int		 chip_id;	/* in the header; ESP_NO_ID */
	size_t		 len;		/* of it, with its digest, in bytes */
	bool		 hashed;	/* it has a SHA-256, which is right */
	bool		 app;		/* an application: it says so */
};

/*
 * Looks at the image at byte at.  ERR_INPUT unless its segments lie inside the
 * file, and its checksum and, where it has one, its digest are right.
 */
int	esp_check(struct image_source *s, size_t at, struct esp_image *out,
	    struct err *e);

struct esp_file {
	struct esp_image first;		/* mostly the bootloader */
	size_t		 n_apps;	/* of the partition table */
	bool		 hashed;	/* each image is */
};

/* All images that the partition table of a whole file speaks of. */
int	esp_file_check(struct image_source *s, struct esp_file *out,
	    struct err *e);

#endif
