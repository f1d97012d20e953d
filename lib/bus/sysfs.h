/* SPDX-License-Identifier: MIT */
#ifndef MPF_BUS_SYSFS_H
#define MPF_BUS_SYSFS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "bus/bus.h"

/*
 * sysfs: reading the tree; for lib/bus alone.  A file or folder that is
 * missing, or not what it should be, is left out, and never an error: devices
 * come and go while we read.
 */

struct bus_watch;

struct bus {
	char			*root;	/* "" for this system's own tree */
	struct bus_watch	*watch;	/* NULL: before the first bus_wait */
	/* Closes it; so only what waits is linked with libudev. */
	void			(*unwatch)(struct bus_watch *w);
};

/*
 * The names in a folder, sorted as text, those with a leading '.' left out;
 * ends with NULL; never NULL.  sysfs_folders: only those of folders.
 */
char	**sysfs_names(const char *real_dir);
char	**sysfs_folders(const char *real_dir);
void	  sysfs_names_free(char **names);

/* A folder without symlinks; NULL: missing, or outside of the tree. */
char	*sysfs_real(const struct bus *b, const char *path);
/* An attribute's text without its line end; NULL if it is missing or empty. */
char	*sysfs_attr(const char *real_dir, const char *name);
/* An attribute of hex digits, as a number; -1: missing or invalid. */
int	 sysfs_hex(const char *real_dir, const char *name);
bool	 sysfs_has(const char *real_dir, const char *name);
/* The last part of a symlink's target; NULL: not a symlink. */
char	*sysfs_link(const char *path);

#define BUS_STORAGE	0x08		/* bInterfaceClass of mass storage */

/* The folder of a USB device; NULL: no device there.  The caller frees it. */
char	*usb_dir(const struct bus *b, const char *usb_path);
/* "1-1.2": a place where a device can be, not a root hub. */
bool	usb_is_path(const char *name);
/* By place, as numbers: 1-2 before 1-10. */
int	usb_path_cmp(const char *a, const char *b);
/* The device that lives in real_dir. */
void	usb_read(const char *real_dir, struct bus_usb *out);
void	usb_release(struct bus_usb *u);
/* The folders of its interfaces, as sysfs_folders has them. */
char	**usb_interfaces(const char *real_dir);
/* The number in "1-1.2:1.3", such a folder's name; -1: another name. */
int	usb_interface_number(const char *name);

/* Adds the ttys in the folder of an interface. */
void	tty_read(const char *interface_dir, struct bus_place *out);

/* The text of mountinfo, read at its first use. */
struct mounts {
	const struct bus	*bus;
	struct buf		 text;
	bool			 read;
};

#define MOUNTS_MAX	(8u << 20)	/* bytes */
#define MOUNTS_INIT(b)	{ (b), BUF_MAX(MOUNTS_MAX), false }

const char	*mounts_text(struct mounts *m);

/* Fills in disk and volume from the folder of a mass-storage interface. */
void	drive_read(struct mounts *m, const char *interface_dir,
	    struct bus_place *out);

#endif
