/* SPDX-License-Identifier: MIT */
#ifndef MPF_TAR_H
#define MPF_TAR_H

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"

/*
 * tar: archives of plain files, written as ustar and read as ustar or as GNU
 * tar makes them.  What is more than plain files and folders is refused.
 *
 * Source: POSIX.1-2017, pax, "ustar Interchange Format"; GNU tar's manual,
 * "Basic Tar Format".
 */

#define TAR_BLOCK	512u
#define TAR_NAME	256u		/* bytes of a name, with the NUL */
#define TAR_MEMBERS	20000u

struct tar_member {
	char		 name[TAR_NAME];	/* relative, no "." or ".." */
	uint64_t	 size, offset;		/* bytes, in the archive */
};

struct tar {
	int			 fd;
	const char		*path;		/* for messages; borrowed */
	uint64_t		 size;		/* of the archive */
	struct tar_member	*v;		/* sorted by name */
	size_t			 n, cap;
};

#define TAR_INIT	{ .fd = -1 }

/*
 * Reads all headers.  ERR_INPUT on what is cut off, has a wrong checksum, or
 * holds a name twice, a name that leads out of the archive, or anything but
 * plain files and folders.  After 0, tar_close.
 */
int	tar_open(const char *path, struct tar *out, struct err *e);
void	tar_close(struct tar *t);	/* not open is fine */
const struct tar_member	*tar_find(const struct tar *t, const char *name);
/* Adds the member's bytes to out; ERR_INPUT if they are too many for it. */
int	tar_read(const struct tar *t, const struct tar_member *m,
	    struct buf *out, struct err *e);

/*
 * Writes a member's header to fd; then come its bytes, and tar_pad of their
 * number.  ERR_INPUT on a name that no header takes: at most 100 bytes, or
 * 155 more with a "/" in between.
 */
int	tar_put(int fd, const char *path, const char *name, uint64_t size,
	    int64_t mtime, struct err *e);
int	tar_pad(int fd, const char *path, uint64_t size, struct err *e);
int	tar_end(int fd, const char *path, struct err *e);

#endif
