/* SPDX-License-Identifier: MIT */
#ifndef MPF_FLASH_UF2_IMPL_H
#define MPF_FLASH_UF2_IMPL_H

#include "flash/driver.h"
#include "flash/volume.h"
#include "image/info_uf2.h"

/* impl: the parts of the uf2 driver; for lib/flash/uf2 alone. */

/* What the drive says it is: INFO_UF2.TXT. */
int	drive_info(const struct flash_volume *v, struct info_uf2 *out,
	    struct err *e);

/* What is known of the bootloader with this Board-ID, into *out. */
void	drive_target(const char *board_id, struct flash_target *out);

#endif
