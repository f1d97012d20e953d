/* SPDX-License-Identifier: MIT */
#ifndef MPF_PROBE_H
#define MPF_PROBE_H

#include "drive.h"

/*
 * probe: the drive of a debug probe, beside its serial port: interface 2 of a
 * device of vdev.  It takes a file as DAPLink does: when the file is whole and
 * nothing has come for a while, the medium goes, and comes again without the
 * file, with FAIL.TXT if the board was not programmed.
 *
 * Source: ARM DAPLink, source/daplink/drag-n-drop/vfs_manager.c.
 */

#define PROBE_IN	3		/* endpoints */
#define PROBE_OUT	3

struct probe {
	struct kind	 kind;
	struct msc	 msc;
	bool		 fails;
	const char	*keep;		/* where its file goes, as it came */
	int64_t		 wrote_at;	/* 0: nothing that was not looked at */
	int64_t		 back_at;	/* the medium; 0: it is there */
	bool		 failed;	/* FAIL.TXT is on it */
};

/* The descriptors of its interface, behind those of the port. */
extern const uint8_t	probe_desc[23];

void	probe_begin(struct probe *p, const char *label);
void	probe_end(struct probe *p);
/* As vdev_ops.control, for the interface. */
int	probe_control(struct probe *p, const struct vdev_setup *s, uint8_t *b);
/*
 * To be called every now and then.  true: the board was programmed, with what
 * is in KEEP.bin.
 */
bool	probe_look(struct probe *p);

#endif
