/* SPDX-License-Identifier: MIT */
#ifndef MPF_FLASH_MOUNT_H
#define MPF_FLASH_MOUNT_H

#include "base/err.h"

/*
 * mount: a bootloader's drive that nobody else mounts.
 *
 * Root mounts it into a private folder; others ask udisksctl, where *dir is
 * NULL and the bus tells where it is.  via "mount" or "udisks": only so.
 */
int	mount_drive(void *ctx, const char *disk, const char *via, char **dir,
	    struct err *e);
void	mount_undo(char *dir);		/* frees dir too */

#endif
