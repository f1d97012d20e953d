/* SPDX-License-Identifier: MIT */
#ifndef MPF_SCSI_FAT_H
#define MPF_SCSI_FAT_H

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"

/*
 * fat: a small file in the root folder of a FAT12 or FAT16 file system, with or
 * without a partition table before it: all that bootloaders' drives have.
 * Pure, but for the sectors that it asks for.
 *
 * Source: Microsoft, "FAT: General Overview of On-Disk Format", 1.03.
 */

#define FAT_SECTOR	512u
#define FAT_FILE	65536u		/* bytes of a file, at most */

struct fat_disk {
	/* One sector; -1: it cannot be read. */
	int	(*read)(void *ctx, uint32_t lba, uint8_t p[FAT_SECTOR],
		    struct err *e);
	void	*ctx;
};

/*
 * Adds the file with that short name, "INFO_UF2TXT", in any case, to out.
 * ERR_INPUT: no such file system, or a damaged one; ERR_NOT_FOUND: no such
 * file.
 */
int	fat_read(const struct fat_disk *d, const char *name, struct buf *out,
	    struct err *e);

#endif
