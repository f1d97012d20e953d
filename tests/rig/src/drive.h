/* SPDX-License-Identifier: MIT */
#ifndef MPF_DRIVE_H
#define MPF_DRIVE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "vdev.h"

/* drive: what fake_uf2 is made of. */

#define SECTOR		512u		/* bytes */

/* A bootloader, as people know it. */
struct kind {
	const char	*name, *manufacturer, *product, *serial;
	const char	*label, *board_id, *model, *vendor, *version;
	uint16_t	 vid, pid;
	uint32_t	 sectors;	/* of the drive */
	uint32_t	 base, size;	/* of the flash, in bytes */
	uint32_t	 family[3];	/* those it takes; 0: none */
	bool		 rom;		/* with partitions and PICOBOOT */
	int		 delay_ms;	/* from the last block to going away */
};

/* A file of less than a cluster; its name: 8 and 3 bytes, as in a directory. */
struct disk_file {
	const char	*name, *text;
};

/*
 * The start of the drive: FAT16 with these files, behind which all is zero.
 * The caller frees it; its size in bytes goes to *len.
 */
uint8_t	*disk_image(const struct kind *k, const struct disk_file *files,
	    size_t n, size_t *len);

/* Mass storage, bulk only. */
struct msc {
	const struct kind	*kind;
	struct vdev		*v;
	int			 in;		/* its endpoint for answers */
	uint8_t			*head;		/* disk_image */
	size_t			 head_len;
	uint8_t			 tag[4], sense, asc;
	uint32_t		 want, got;
	uint8_t			 part[SECTOR];	/* one that is not whole yet */
	bool			 ejected;
	bool			 changed;	/* a new medium: say so once */
	uint32_t		 at;		/* the sector that is written */
	/* A whole sector was written. */
	void	(*wrote)(void *ctx, const uint8_t sector[SECTOR]);
	void			*ctx;
};

/* Data for its endpoint; as vdev_ops.out. */
int	msc_out(struct msc *m, const uint8_t *p, size_t n);
/* Bulk-only reset. */
void	msc_reset(struct msc *m);
/* No command is half-way, and all answers are out. */
bool	msc_idle(const struct msc *m);

#endif
