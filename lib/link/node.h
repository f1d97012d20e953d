/* SPDX-License-Identifier: MIT */
#ifndef MPF_LINK_NODE_H
#define MPF_LINK_NODE_H

#include <stdbool.h>
#include <sys/stat.h>

#include "base/err.h"

/*
 * node: the file of a serial port or a pty, such as /dev/ttyACM0.  For
 * lib/link.
 */

/*
 * Opens it, symlinks resolved, for reading and writing without blocking; *st
 * is what stat(2) says.  A node that we may not open, or that another program
 * has, is tried again until it is 2 s old, or a little more: udev sets the
 * group a moment after the node appears, and ModemManager may look at it
 * first.  Errors as link_open.
 */
int	node_open(const char *path, int *out, struct stat *st, struct err *e);
/* ERR_BUSY; names the program that has this device open, if we may see it. */
int	node_busy(const char *path, dev_t rdev, struct err *e);
/* Did the device leave, by the errno of a call on its open node? */
bool	node_is_gone(int eno);

#endif
