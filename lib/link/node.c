/* SPDX-License-Identifier: MIT */
#include "link/node.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/holder.h"
#include "base/stop.h"

#define UDEV_S		2	/* from the node to its permissions */
#define AGAIN_MS	50	/* between two tries to open it */

bool
node_is_gone(int eno)
{
	return eno == EIO || eno == ENXIO || eno == ENODEV;
}

int
node_busy(const char *path, dev_t rdev, struct err *e)
{
	struct lock_holder who;

	if (holder_find(rdev, &who) != 1)
		return err_set(e, ERR_BUSY, "%s: in use by a program", path);
	err_set(e, ERR_BUSY, "%s: in use by %s (process %ld)", path,
	    who.command, (long)who.pid);
	return err_hint(e, "close that program, or wait until it is done");
}

static int
no_permission(const char *path, gid_t gid, struct err *e)
{
	const struct group *g = getgrgid(gid);

	errno = EACCES;
	err_sys(e, "%s", path);
	if (gid == 0)			/* nobody is to join that group */
		return err_todo(e, NEXT_INSTALL_UDEV_RULE,
		    "install mpf's udev rules: README.md");
	return g == NULL ? -1 : err_todo(e, NEXT_JOIN_GROUP,
	    "become a member of the group %s, and log in again: sudo usermod "
	    "-aG %s \"$USER\"", g->gr_name, g->gr_name);
}

static bool
is_new_node(const struct stat *st)
{
	const time_t age = clock_wall() - st->st_ctime;

	return age >= 0 && age <= UDEV_S;
}

/*
 * A port that was just plugged in is root's alone until udev has been there,
 * and ModemManager may look at it first.
 */
static int
open_node(const char *real, struct stat *st)
{
	int fd, eno;

	for (;;) {
		fd = open(real, O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
		eno = errno;
		if (fd != -1 || (eno != EACCES && eno != EBUSY) ||
		    stop_requested())
			break;
		if (stat(real, st) == -1 || !is_new_node(st))
			break;
		clock_sleep_ms(AGAIN_MS);
	}
	errno = eno;
	return fd;
}

int
node_open(const char *path, int *out, struct stat *st, struct err *e)
{
	char *real = realpath(path, NULL);
	int fd = -1, r = -1;

	if (real == NULL || stat(real, st) == -1) {
		err_sys(e, "%s", path);
		goto out;
	}
	if (!S_ISCHR(st->st_mode)) {
		err_set(e, ERR_UNSUPPORTED, "%s: not a serial port", path);
		goto out;
	}
	fd = open_node(real, st);
	if (fd == -1) {
		if (errno == EBUSY)
			node_busy(path, st->st_rdev, e);
		else if (errno == EACCES)
			no_permission(path, st->st_gid, e);
		else if (node_is_gone(errno))
			err_set(e, ERR_NOT_FOUND, "%s: no device behind it",
			    path);
		else
			err_sys(e, "%s", path);
		goto out;
	}
	*out = fd;
	r = 0;
out:
	free(real);
	return r;
}
