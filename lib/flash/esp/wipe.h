/* SPDX-License-Identifier: MIT */
#ifndef MPF_FLASH_ESP_WIPE_H
#define MPF_FLASH_ESP_WIPE_H

#include "esp/loader.h"
#include "flash/driver.h"

/*
 * wipe: what --erase asks for, beside the image, which goes from from to end.
 *
 * FLASH_WIPE_ALL: each block of 64 KB that is not blank.  FLASH_WIPE_FILES:
 * the start of the file system, without which MicroPython makes a new one,
 * and the settings of the network.
 */
int	esp_wipe(const struct flash_job *job, struct esp_loader *l,
	    const struct esp_target *c, uint32_t from, uint64_t end,
	    struct err *e);

#endif
