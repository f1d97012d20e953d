/* SPDX-License-Identifier: MIT */
#ifndef MPF_ESP_HEADER_H
#define MPF_ESP_HEADER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "esp/chip.h"

/*
 * header: the header of an ESP image: how its flash is to be read, and for
 * which chips it is.  Pure.
 *
 * Source: ESP-IDF, esp_app_format.h and "App Image Format".  Byte 2 is the
 * mode, byte 3 the size (upper half) and the frequency; from byte 8 on, but
 * for the ESP8266: the chip (12), the revisions (14 to 18), and whether a
 * SHA-256 follows (23).
 */

#define ESP_HEADER_BYTES 24u

/* What a user may say; each -1 where the image's own is kept. */
struct esp_flash_params {
	int	mode;			/* 0 qio, 1 qout, 2 dio, 3 dout */
	int	size;			/* the nibble of the header */
	int	freq;			/* the nibble of the header */
};

#define ESP_KEEP	{ -1, -1, -1 }

enum esp_param { ESP_MODE, ESP_SIZE, ESP_FREQ };

/* The number of a word such as "dio", "4MB", "80m"; -1: not of this chip. */
int	esp_param_nibble(enum esp_param what, const struct esp_chip *chip,
	    const char *word);
int	esp_size_nibble(const struct esp_chip *chip, uint32_t bytes);
/*
 * Adds the words of a parameter, "qio, qout, dio, dout".  chip NULL: those of
 * all chips.
 */
void	esp_param_words(enum esp_param what, const struct esp_chip *chip,
	    struct buf *out);

/*
 * Sets the parameters in the image of size bytes that begins at p, and its
 * SHA-256 anew where it has one, which is behind its last segment and not at
 * the end of the file.  ERR_INPUT: it is not such an image.  *changed: some
 * byte is different.
 */
int	esp_patch_header(uint8_t *p, size_t size, const struct esp_chip *chip,
	    const struct esp_flash_params *want, bool *changed, struct err *e);

/* Is it only for some of the revisions of that chip? */
bool	esp_is_for_some(const uint8_t *p, size_t size,
	    const struct esp_chip *chip);
/*
 * Is the image at p for this chip, in this revision (major * 100 + minor; -1:
 * not known)?  ERR_MISMATCH says what it is for.
 */
int	esp_fits_chip(const uint8_t *p, size_t size,
	    const struct esp_chip *chip, int revision, struct err *e);

/*
 * Is it an application alone ("app-bin"), and not the contents of a flash,
 * which begin with a boot loader?  An ESP8266's image does not tell.
 */
bool	esp_is_application(const uint8_t *p, size_t size);

#endif
