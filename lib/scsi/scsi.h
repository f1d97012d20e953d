/* SPDX-License-Identifier: MIT */
#ifndef MPF_SCSI_H
#define MPF_SCSI_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "usb/usb.h"

/*
 * scsi: the disk that a USB device shows, sector by sector, without a driver of
 * the kernel and without a mount.
 *
 * Write access to the device's node is enough: no root, no desktop.
 * While it is open, the kernel's driver has let go of the interface, and its
 * block device is gone; so it must not be mounted anywhere.
 *
 * Errors are those of usb/usb.h, and ERR_IO with the sense key where the disk
 * refused a command.
 *
 * Source: USB Mass Storage Class, Bulk-Only Transport 1.0; SPC-3 (TEST UNIT
 * READY, REQUEST SENSE) and SBC-2 (READ CAPACITY, READ and WRITE (10)).
 */

#define SCSI_SECTOR	512u		/* bytes; other sizes are refused */
#define SCSI_MAX	128u		/* sectors at once */

struct scsi;

/* Has it such an interface? */
const struct usb_setting *scsi_setting(const struct usb_info *info);
/*
 * Takes the disk of u, which is borrowed, and waits until it is ready.
 * ERR_UNSUPPORTED: u has no disk, or no sectors of SCSI_SECTOR bytes.
 */
int	scsi_open(struct usb *u, int64_t deadline, struct scsi **out,
	    struct err *e);
void	scsi_close(struct scsi *s);	/* NULL is fine */
uint32_t	scsi_sectors(const struct scsi *s);
/* n sectors, at most SCSI_MAX, from lba on. */
int	scsi_read(struct scsi *s, uint32_t lba, uint8_t *p, size_t n,
	    int64_t deadline, struct err *e);
int	scsi_write(struct scsi *s, uint32_t lba, const uint8_t *p, size_t n,
	    int64_t deadline, struct err *e);

#endif
