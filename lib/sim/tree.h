/* SPDX-License-Identifier: MIT */
#ifndef MPF_SIM_TREE_H
#define MPF_SIM_TREE_H

#include <stdbool.h>

#include "base/err.h"

/*
 * tree: a USB device in a tree shaped like /sys, /dev, /media and
 * /proc/self/mountinfo, where lib/bus finds it under --sysroot.
 *
 * Several processes plug into one tree at once, and others read it meanwhile:
 * what is plugged in is whole when its name appears, and its name goes first.
 * A lock beside the tree (.mpf-sim.lock) keeps the writers apart.
 *
 * Source: Linux Documentation/ABI/testing/sysfs-bus-usb; proc(5), mountinfo.
 */

enum tree_what {
	TREE_TTY,			/* CDC ACM, or a bridge chip */
	TREE_DRIVE,			/* mass storage */
	TREE_DFU			/* class fe/01/02: no driver at all */
};

struct tree_device {
	enum tree_what	 what;
	const char	*usb_path;	/* "1-1.2" */
	const char	*vid, *pid;
	const char	*manufacturer, *product, *serial;	/* "": none */
	/* TREE_TTY */
	bool		 bridge;	/* ttyUSB0, not ttyACM0 */
	const char	*tty;		/* the pty: "/dev/pts/7" */
	const char	*name;		/* "ttyACM3"; NULL: the first free */
	const char	*not_name;	/* a name not to take; NULL */
	bool		 probe;		/* it shows a drive too, as below */
	/* TREE_DRIVE */
	const char	*label;		/* "RPI-RP2" */
	const char	*info;		/* INFO_UF2.TXT, DETAILS.TXT */
	const char	*fail;		/* a probe's FAIL.TXT, or NULL */
	bool		 partition;	/* sda1, not sda */
	bool		 unmounted;	/* nobody has mounted it */
};

/* Something that is plugged in, and all that will have to go again. */
struct tree_plug {
	char	*root;			/* of the tree */
	char	*usb_path;
	char	*device;		/* its folder below sys/devices */
	bool	 placed;		/* device is there, and ours */
	char	*dev;			/* "/dev/ttyACM0"; NULL */
	char	*disk;			/* "/dev/sda1"; NULL */
	char	*volume;		/* "/media/RPI-RP2"; NULL */
	char	*gone[16];		/* names to take away, in this order */
	int	 n_gone;
};

#define TREE_PLUG_INIT	{ .n_gone = 0 }

/*
 * ERR_BUSY if something is plugged in there; ERR_USAGE on a usb_path or a name
 * that Linux would not give.
 */
int	tree_plug_in(const char *root, const struct tree_device *d,
	    struct tree_plug *out, struct err *e);
/* Takes all of it away; not plugged in is fine. */
void	tree_pull_out(struct tree_plug *p);
/* The folder behind volume, to be looked into; the caller frees it. */
char	*tree_volume(const struct tree_plug *p);

/* A folder and all in it, if there; symlinks are not followed. */
void	tree_remove(const char *path);

#endif
