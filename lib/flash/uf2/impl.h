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

/* The drive without a mount.  Begin with the job alone. */
struct uf2_disk {
	const struct flash_job	*job;
	struct usb		*usb;
	struct scsi		*scsi;		/* NULL: not taken */
	int64_t			 next_try;
	bool			 refused;	/* it is not tried again */
};

/* As volume_other.take, with a struct uf2_disk. */
bool	uf2_disk_take(void *ctx, const struct bus_place *p,
	    struct err *why);
void	uf2_disk_release(struct uf2_disk *d);
int	uf2_disk_info(struct uf2_disk *d, struct info_uf2 *out,
	    struct err *e);
/* Whole blocks, which lie at that byte of the file. */
int	uf2_disk_write(struct uf2_disk *d, size_t at, const uint8_t *p,
	    size_t n, struct err *e);

/*
 * ERR_MISMATCH unless the image begins where the SoftDevice that the drive
 * names ends: an image in its place would make the board useless.
 */
int	check_softdevice(const struct flash_job *job,
	    const struct info_uf2 *info, struct err *e);

/* What is known of the bootloader with this Board-ID, into *out. */
void	drive_target(const char *board_id, struct flash_target *out);

#endif
