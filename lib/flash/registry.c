/* SPDX-License-Identifier: MIT */
#include "flash/driver.h"

#include <stdio.h>

extern const struct flash_driver flash_dfu;
extern const struct flash_driver flash_dfu_plain;
extern const struct flash_driver flash_drive;
extern const struct flash_driver flash_esp;
extern const struct flash_driver flash_picoboot;
extern const struct flash_driver flash_uf2;

const struct flash_driver *const flash_drivers[] = {
	&flash_drive,
	&flash_picoboot,
	&flash_uf2,
	&flash_dfu,
	&flash_dfu_plain,
	&flash_esp,
	NULL
};

int
flash_why_not(char why[FLASH_WHY], const char *reason)
{
	snprintf(why, FLASH_WHY, "%s", reason);
	return -1;
}
