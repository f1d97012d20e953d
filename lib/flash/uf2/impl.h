/* SPDX-License-Identifier: MIT */
#ifndef MPF_FLASH_UF2_IMPL_H
#define MPF_FLASH_UF2_IMPL_H

#include "flash/driver.h"
#include "image/info_uf2.h"

/* impl: the parts of the uf2 driver; for lib/flash/uf2 alone. */

/* A mounted drive.  Begin with UF2_DRIVE_INIT. */
struct uf2_drive {
	char	*dir;		/* its name, for messages */
	int	 fd;		/* of it, for openat(2): names may change */
	char	*ours;		/* mounted by us: to be unmounted; NULL */
};

#define UF2_DRIVE_INIT	{ NULL, -1, NULL }

/*
 * Waits for the drive on job's place to be mounted, and has it mounted where
 * nobody else does; a volume that the user named must hang there.
 */
int	drive_wait(const struct flash_job *job, struct uf2_drive *out,
	    struct err *e);
/* Opens d->dir; as drive_check where the drives are this system's. */
int	drive_open(const struct flash_job *job, struct uf2_drive *d,
	    struct err *e);
/*
 * ERR_MISMATCH unless what d->fd is open on is a disk of the device at the
 * USB path: the name may by now be another drive's.
 */
int	drive_check(const struct uf2_drive *d, const struct bus *b,
	    const char *usb_path, struct err *e);
void	drive_release(struct uf2_drive *d, const struct flash_world *w);
/* What the drive says it is: INFO_UF2.TXT, in whatever case. */
int	drive_info(const struct uf2_drive *d, struct info_uf2 *out,
	    struct err *e);

/* What is known of the bootloader with this Board-ID, into *out. */
void	drive_target(const char *board_id, struct flash_target *out);

#endif
