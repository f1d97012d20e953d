/* SPDX-License-Identifier: MIT */
#include "flash/driver.h"

extern const struct flash_driver flash_esp;
extern const struct flash_driver flash_uf2;

const struct flash_driver *const flash_drivers[] = {
	&flash_uf2,
	&flash_esp,
	NULL
};
