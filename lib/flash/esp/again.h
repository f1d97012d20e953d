/* SPDX-License-Identifier: MIT */
#ifndef MPF_FLASH_ESP_AGAIN_H
#define MPF_FLASH_ESP_AGAIN_H

#include "flash/driver.h"

/* again: a chip that was written and started, and does not answer. */

/* Its boot loader answers, though nobody has called it. */
bool	esp_stuck(const struct flash_job *job, char why[FLASH_WHY]);
/*
 * From a mode that takes four lines to the flash, which some boards do not
 * have, to "dio".
 */
bool	esp_soften(struct flash_job *job, struct result *res);

#endif
