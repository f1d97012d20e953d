/* SPDX-License-Identifier: MIT */
#include "board/problem.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "chips/usb.h"

/* Source: USB CDC 1.2, table 4; USB PSTN 1.2, table 1 (abstract control). */
#define CLASS_CDC	0x02
#define SUBCLASS_ACM	0x02

bool
problem_node(const struct bus *b, const char *dev, struct err *e)
{
	char *path = bus_path(b, dev);
	const bool missing = access(path, F_OK) == -1 && errno == ENOENT;

	free(path);
	if (!missing)
		return false;
	err_set(e, ERR_NOT_FOUND, "%s: the kernel has this port, but /dev has "
	    "no such file", dev);
	err_todo(e, NEXT_PASS_DEVICE_ON,
	    "in a container, pass the device on to it; elsewhere, see "
	    "that udev runs");
	return true;
}

/* "CH340 (1a86:7523)": its name as far as anybody knows it, and its ids. */
static void
name_device(const struct bus_usb *u, const char *otherwise, struct err *e,
    const char *what)
{
	const char *name = usb_bridge(u->vid, u->pid);

	if (name == NULL)
		name = u->product != NULL ? u->product : otherwise;
	err_set(e, ERR_NOT_FOUND, "%s: %.60s (%s:%s): %s", u->path, name,
	    u->vid != NULL ? u->vid : "?", u->pid != NULL ? u->pid : "?",
	    what);
}

static bool
is_serial(const struct bus_place *p)
{
	bool acm = false;

	for (size_t i = 0; i < p->n_interfaces; i++)
		acm = acm || (p->interfaces[i].class == CLASS_CDC &&
		    (p->interfaces[i].subclass == SUBCLASS_ACM ||
		    p->interfaces[i].subclass == -1));
	return acm || usb_bridge(p->usb.vid, p->usb.pid) != NULL;
}

/* A program that works on the device itself, without a driver. */
static bool
has_program(const struct bus_place *p)
{
	for (size_t i = 0; i < p->n_interfaces; i++)
		if (p->interfaces[i].driver != NULL &&
		    strcmp(p->interfaces[i].driver, "usbfs") == 0)
			return true;
	return false;
}

bool
problem_driver(const struct bus_place *p, struct err *e)
{
	const char *module = usb_bridge_module(p->usb.vid, p->usb.pid);

	if (p->n_ttys > 0 || !is_serial(p))
		return false;
	if (has_program(p)) {
		name_device(&p->usb, "serial device", e,
		    "another program uses it, so it has no serial port");
		err_todo(e, NEXT_REMOVE_BRLTTY,
		    "if brltty is installed, remove it (sudo apt "
		    "remove brltty); then plug the device in again");
		return true;
	}
	name_device(&p->usb, "serial device", e,
	    "no driver has made a serial port of it");
	err_todo(e, NEXT_LOAD_DRIVER,
	    "load the driver: sudo modprobe %s; if brltty is "
	    "installed, it may have taken the device: sudo apt remove brltty",
	    module != NULL ? module : "cdc_acm");
	return true;
}

bool
problem_probe(const struct bus_place *p, struct err *e)
{
	const char *name = usb_probe(p->usb.vid, p->usb.pid);

	if (name == NULL || !p->mass_storage || p->n_ttys > 0)
		return false;
	err_set(e, ERR_NOT_FOUND, "%s: %s (%s:%s): a debug probe that shows a "
	    "drive, and no serial port", p->usb.path, name, p->usb.vid,
	    p->usb.pid);
	err_hint(e, "plug it in again without its reset button held; its maker "
	    "may have newer firmware for it");
	return true;
}

bool
problem_volume(const struct bus *b, const struct bus_place *p, struct err *e)
{
	char *path;
	bool shut;

	if (p->volume == NULL)
		return false;
	path = bus_path(b, p->volume);
	shut = access(path, R_OK | X_OK) == -1 && errno == EACCES;
	free(path);
	if (!shut)
		return false;
	err_set(e, ERR_PERMISSION, "%s: this drive is mounted for another "
	    "user", p->volume);
	err_todo(e, NEXT_UNMOUNT_DRIVE,
	    "run this as that user, or unmount the drive");
	return true;
}

void
problem_other(const struct bus_place *p, struct err *e)
{
	if (problem_driver(p, e))
		return;
	if (p->mass_storage && p->volume == NULL) {
		name_device(&p->usb, "drive", e, "a drive that is not mounted, "
		    "and not known as a bootloader's");
		err_todo(e, NEXT_MOUNT_DRIVE,
		    "if it is a bootloader's, mount it, then run "
		    "mpf-detect again");
		return;
	}
	name_device(&p->usb, "device", e, "it has no serial port, and is in "
	    "no bootloader that is known");
}
