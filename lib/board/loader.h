/* SPDX-License-Identifier: MIT */
#ifndef MPF_BOARD_LOADER_H
#define MPF_BOARD_LOADER_H

#include <stdbool.h>
#include <stdint.h>

#include "bus/bus.h"
#include "image/info_uf2.h"

/*
 * loader: what a bootloader says of itself, wherever that is to be read.
 */

/*
 * INFO_UF2.TXT of the drive at p: from where the drive is mounted, from its
 * block device, or, if take is set, by SCSI, for which the kernel lets go of
 * the drive meanwhile.  False: it is missing, or it cannot be read.
 */
bool	loader_info(const struct bus *b, const struct bus_place *p, bool take,
	    int64_t deadline, struct info_uf2 *out);
/* May it be the drive of a bootloader whose ids nobody knows? */
bool	loader_unknown_drive(const struct bus_place *p);
/* The text of its DfuSe interface, or NULL. */
const char	*loader_memory(const struct bus_place *p);

#endif
