/* SPDX-License-Identifier: MIT */
#ifndef MPF_BASE_LOCK_H
#define MPF_BASE_LOCK_H

#include <stdint.h>
#include <sys/types.h>

#include "base/err.h"

/*
 * lock: one process at a time, by flock(2) on a file that names the holder.
 *
 * A lock dies with its process, so it is never stale.  The files stay where
 * they are: removing one would let two processes hold "the same" lock.
 */

#define LOCK_COMMAND	32		/* bytes of a command's name and NUL */

struct lock {
	int	 fd;			/* -1: not held */
};

#define LOCK_INIT	{ -1 }

struct lock_holder {
	pid_t	 pid;			/* 0: unknown */
	char	 command[LOCK_COMMAND];
};

/*
 * Takes the lock at path, whose file is made if it is missing, waiting
 * until deadline (clock_ms; 0: not at all).  ERR_BUSY names the holder, and
 * puts it into *who where that is not NULL.  A new
 * lock file is open to all users, or gets mode and owner of the file like.
 */
int	lock_take(const char *path, const char *like, int64_t deadline,
	    struct lock *out, struct lock_holder *who, struct err *e);
/* For the board at this place (device.id), in dirs_locks(), and all users. */
int	lock_device(const char *device_id, int64_t deadline, struct lock *out,
	    struct lock_holder *who, struct err *e);
/*
 * Of a folder that is there, by flock(2) on itself: nothing stays behind.  It
 * does not name the holder.  For work that takes no time.
 */
int	lock_folder(const char *path, int64_t deadline, struct lock *out,
	    struct err *e);
void	lock_drop(struct lock *l);	/* not held is fine */

#endif
