/* SPDX-License-Identifier: MIT */
#ifndef MPF_BUS_SYSFS_H
#define MPF_BUS_SYSFS_H

#include <stdbool.h>
#include <stddef.h>

#include "bus/bus.h"

/*
 * sysfs: reading the tree; for lib/bus alone.  A file or folder that is
 * missing, or not what it should be, is "none", never an error: devices come
 * and go while we read.
 */

struct bus {
	char	*root;		/* "" for this system's own tree */
};

/*
 * The names in SYSROOT + dir, sorted as text, those with a leading '.' left
 * out; ends with NULL; never NULL.
 */
char	**sysfs_names(const struct bus *b, const char *dir);
void	  sysfs_names_free(char **names);

/* A folder with its symlinks resolved, NULL if it is none or lies outside. */
char	*sysfs_real(const struct bus *b, const char *path);
/* An attribute's text without its line end; NULL if there is none, or "". */
char	*sysfs_attr(const char *real_dir, const char *name);
bool	 sysfs_has(const char *real_dir, const char *name);

/* "1-1.2": a place where a device can be, not a root hub. */
bool	usb_is_path(const char *name);
/* By place, as numbers: 1-2 before 1-10. */
int	usb_path_cmp(const char *a, const char *b);
/* The device that lives in real_dir. */
void	usb_read(const char *real_dir, struct bus_usb *out);
void	usb_release(struct bus_usb *u);

/* Fills in disk, volume and mass_storage of the device in real_dir. */
void	drive_read(const struct bus *b, const char *real_dir,
	    struct bus_place *out);
/* Does this device number ("8:1") belong to the device in real_dir? */
bool	drive_has(const char *real_dir, const char *devno);

#endif
