/* SPDX-License-Identifier: MIT */
#include "flash/flash.h"

extern const struct flash_backend flash_uf2;

const struct flash_backend *const flash_backends[] = {
	&flash_uf2,
	NULL
};
