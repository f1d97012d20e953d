/* SPDX-License-Identifier: MIT */
#ifndef MPF_FLASH_VOLUME_H
#define MPF_FLASH_VOLUME_H

#include <stdbool.h>

#include "base/buf.h"
#include "flash/flash.h"

/* volume: the drive at a board's place, mounted; for the drivers. */

/* Begin with FLASH_VOLUME_INIT. */
struct flash_volume {
	char	*dir;		/* its name, for messages */
	int	 fd;		/* of it, for openat(2): names may change */
	char	*ours;		/* mounted by us: to be unmounted; NULL */
};

#define FLASH_VOLUME_INIT	{ NULL, -1, NULL }

/* Another way to a drive that is not mounted. */
struct volume_other {
	/* Was the drive taken?  If not, *why is set where that was tried. */
	bool	(*take)(void *ctx, const struct bus_place *p,
		    struct err *why);
	void	*ctx;
};

/*
 * Waits for the drive on job's place to be mounted, and has it mounted where
 * nobody else does; a volume that the user named must hang there.  1: other
 * (NULL: none) has taken it.
 */
int	volume_wait(const struct flash_job *job,
	    const struct volume_other *other, struct flash_volume *out,
	    struct err *e);
/* Opens v->dir; as volume_check where the drives are this system's. */
int	volume_open(const struct flash_job *job, struct flash_volume *v,
	    struct err *e);
/*
 * ERR_MISMATCH unless what v->fd is open on is a disk of the device at the
 * USB path: the name may by now be another drive's.
 */
int	volume_check(const struct flash_volume *v, const struct bus *b,
	    const char *usb_path, struct err *e);
/*
 * For an error of a call on the drive: a hint where it is full, or not ours to
 * write to.  owner: "bootloader", "debug probe".  Returns -1.
 */
int	volume_failed(const char *owner, struct err *e);
void	volume_release(struct flash_volume *v, const struct flash_world *w);
/*
 * The text of a file there, whose name is looked for in any case.
 * ERR_NOT_FOUND: no such file.
 */
int	volume_read(const struct flash_volume *v, const char *name,
	    struct buf *out, struct err *e);

#endif
