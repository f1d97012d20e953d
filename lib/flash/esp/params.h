/* SPDX-License-Identifier: MIT */
#ifndef MPF_FLASH_ESP_PARAMS_H
#define MPF_FLASH_ESP_PARAMS_H

#include "esp/header.h"
#include "esp/loader.h"
#include "flash/driver.h"

/*
 * params: where an image goes, and what its header says of the flash: what the
 * user, the record, the file and the chip say of it, against each other.
 */

/*
 * The words for the header, each NULL where the user said nothing.  ERR_USAGE:
 * no chip has such a word; the hint lists those that there are.
 */
int	esp_check_words(const char *mode, const char *size, const char *freq,
	    struct err *e);
/* The chip that the image is for; NULL. */
const struct esp_chip	*esp_job_chip(const struct flash_job *job);
/*
 * Before the board is touched.  ERR_USAGE: a word that the chip of the image
 * does not have; ERR_MISMATCH: an offset that is not that chip's, or a file
 * without a boot loader.
 */
int	esp_check_job(const struct flash_job *job, struct err *e);
/*
 * So many bytes of flash are there for sure, as the board has its files in
 * them, or as the chip with this MAC has told mpf-detect, and are enough; 0:
 * the chip has to be asked.
 */
uint32_t	esp_known_flash(const struct flash_job *job, const char *mac);
/* The chip has answered: is the image for it, and does it fit? */
int	esp_check_image(const struct flash_job *job,
	    const struct esp_target *c, struct err *e);
/*
 * The header as the user wants it, in the n bytes of the image at p, which
 * begin with it.
 */
int	esp_patch(const struct flash_job *job, const struct esp_target *c,
	    uint8_t *p, size_t n, bool *changed, struct err *e);

#endif
