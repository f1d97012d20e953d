/* SPDX-License-Identifier: MIT */
#ifndef MPF_BUS_H
#define MPF_BUS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/err.h"
#include "base/lock.h"

/*
 * bus: what the system knows of plugged-in things, without opening any.
 *
 * Read from a tree shaped like the real one: SYSROOT/sys, SYSROOT/dev and
 * SYSROOT/proc/self/mountinfo.  Names in these structs are as on the real
 * system ("/dev/ttyACM0", "/media/RPI-RP2"); bus_path turns them into names
 * to open.  Everything is read afresh by each call: nothing is cached.
 *
 * Source: Linux Documentation/ABI/testing/sysfs-bus-usb; proc(5), mountinfo.
 */

struct bus;

/* sysroot NULL or "": this system's own tree. */
struct bus	*bus_new(const char *sysroot);
void		 bus_free(struct bus *b);
bool		 bus_is_system(const struct bus *b);	/* not a sysroot */
/* SYSROOT in front of an absolute name; the caller frees it. */
char		*bus_path(const struct bus *b, const char *name);

/*
 * A USB device, by its place.  Owned strings; NULL if sysfs has no such
 * file.
 */
struct bus_usb {
	char	*path;			/* "1-1.2": the place */
	char	*vid, *pid;		/* "2e8a", "0005" */
	char	*serial, *manufacturer, *product;
	/*
	 * Changes each time that a device is plugged in, until the system
	 * restarts.  While it is the same, so is the device.
	 */
	char	*connection;
};

/* An interface of its active configuration; -1: sysfs does not say. */
struct bus_interface {
	int	 number;
	int	 class, subclass, protocol;	/* as USB-IF numbers them */
	char	*driver;		/* "cdc_acm"; NULL: no driver has it */
	char		*name;		/* its string, or NULL */
};

/* A tty of a USB device. */
struct bus_tty {
	char	*dev;			/* "/dev/ttyACM0" */
	int	 interface;		/* the number of its interface, or -1 */
};

/* The device at a place now, if there is one. */
struct bus_place {
	bool			 present;
	struct bus_usb		 usb;
	struct bus_interface	*interfaces;	/* by number */
	size_t			 n_interfaces;
	struct bus_tty		*ttys;		/* by interface and name */
	size_t			 n_ttys;
	char			*tty;	/* "/dev/ttyACM0", or NULL */
	char			*disk;	/* "/dev/sda1", a partition or a disk */
	uint64_t		 disk_bytes;	/* its size; 0: unknown */
	char			*volume; /* where it is mounted, or NULL */
	bool			 mass_storage;	/* it has such an interface */
};

/*
 * An empty place is not an error.  interface says which of several ttys
 * out->tty is; -1: the first.
 */
int	bus_look(const struct bus *b, const char *usb_path, int interface,
	    struct bus_place *out, struct err *e);
void	bus_place_release(struct bus_place *p);

/*
 * Waits until something may have changed on the bus or among the mounts, or
 * until deadline, or a while; then look again.  The first call returns at once:
 * from then on udev (or the kernel, where there is no udev) is heard.  Under a
 * sysroot it waits 50 ms at most.  A signal ends it.
 */
void	bus_wait(struct bus *b, int64_t deadline);

/*
 * All places where a device hangs, as bus_look with -1, sorted by place.  A
 * system without USB has no devices; -1 if they cannot be listed.
 */
int	bus_places(const struct bus *b, struct bus_place **out, size_t *n,
	    struct err *e);
void	bus_places_free(struct bus_place *list, size_t n);

/* Bytes: no bootloader's drive is larger, and no stick of today so small. */
#define BUS_DRIVE_MAX	(1u << 30)

/*
 * The bootloaders that the device is in, into out, best first: "uf2",
 * "picoboot", "dfu"; NULL ends them.  Known by what it shows: INFO_UF2.TXT on
 * its drive, its interfaces and, where the drive cannot be looked into (it is
 * not mounted, or is another user's), its USB ids.
 */
#define BUS_BOOTLOADERS	4u		/* the NULL included */
size_t	bus_bootloaders(const struct bus *b, const struct bus_place *p,
	    const char *out[BUS_BOOTLOADERS]);
/* Does it show the PICOBOOT interface of an RP2's ROM? */
bool	bus_has_picoboot(const struct bus_place *p);

/* Has it an interface that is in DFU mode, and not one that could go there? */
bool	bus_has_dfu(const struct bus_place *p);

/*
 * The usb path behind a tty name or a mounted volume (symlinks resolved), or
 * NULL if it is missing; the caller frees it.
 */
char	*bus_usb_of_tty(const struct bus *b, const char *dev);
char	*bus_usb_of_volume(const struct bus *b, const char *dir);
/* Is the disk with this number one of the device at this place? */
bool	bus_has_disk(const struct bus *b, const char *usb_path,
	    unsigned major, unsigned minor);

/* 1: *who is another process that has this tty open; 0: we can see none. */
int	bus_holder(const struct bus *b, const char *dev,
	    struct lock_holder *who);
/* The same for n ttys at once; who[i].pid is 0 for a tty that is not open. */
void	bus_holders(const struct bus *b, const char *const *devs, size_t n,
	    struct lock_holder *who);

#endif
