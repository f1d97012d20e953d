/* SPDX-License-Identifier: MIT */
#ifndef MPF_BUS_MOUNTINFO_H
#define MPF_BUS_MOUNTINFO_H

#include <stddef.h>

#include "base/buf.h"

/*
 * mountinfo: lines of /proc/self/mountinfo.  Pure: text in, fields out.
 *
 * Source: proc(5), "/proc/pid/mountinfo".  Blank, tab, line end and backslash
 * are written as \ooo there.
 */

#define MOUNT_DEVNO	24		/* bytes for "major:minor", with NUL */

struct mount {
	char		devno[MOUNT_DEVNO];	/* "8:1" */
	struct buf	root;	/* what of the file system: "/" for all of it */
	struct buf	dir;	/* where, unescaped */
};

#define MOUNT_INIT	{ "", BUF_INIT, BUF_INIT }

/*
 * Reads the first line of *text that is a mount, and moves *text past it.
 * 1, or 0 at the end.  Other lines are skipped.  out is made by
 * MOUNT_INIT, may be used again, and is released by the caller.
 */
int	mountinfo_next(const char **text, struct mount *out);
void	mount_release(struct mount *m);

#endif
