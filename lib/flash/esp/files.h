/* SPDX-License-Identifier: MIT */
#ifndef MPF_FLASH_ESP_FILES_H
#define MPF_FLASH_ESP_FILES_H

#include "esp/loader.h"
#include "flash/driver.h"

/*
 * files: whether the file system stays where it is: the partition table of
 * the image against that of the chip (l) or, where l is NULL, against what
 * the board said.
 */
int	esp_files(const struct flash_job *job, struct esp_loader *l,
	    struct flash_files *out, struct err *e);

#endif
