/* SPDX-License-Identifier: MIT */
#ifndef MPF_BASE_HOLDER_H
#define MPF_BASE_HOLDER_H

#include <sys/types.h>

#include "base/lock.h"

/*
 * holder: which process has a device open.
 *
 * Source: proc(5), /proc/PID/fd.  Other users' processes show theirs to root
 * alone, so "nobody" means: nobody that we may see.
 */

/* Another process with this device open: 1 and *who; 0: none. */
int	holder_find(dev_t rdev, struct lock_holder *who);
/*
 * The same for n devices in one walk through /proc, which is what takes the
 * time.  who[i].pid is 0 for a device that is free; returns how many
 * are held.
 */
size_t	holder_find_all(const dev_t *rdev, size_t n, struct lock_holder *who);

#endif
