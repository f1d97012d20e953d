/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "bus/sysfs.h"
#include "chips/usb.h"

/*
 * bInterfaceClass, SubClass and Protocol.  Source: USB-IF, "Defined Class
 * Codes"; RP2040 datasheet, 2.8.5 (PICOBOOT); USB DFU 1.1, 4.2.3.
 */
struct triple {
	int	class, subclass, protocol;
};

static const struct triple scsi = { BUS_STORAGE, 0x06, 0x50 };
static const struct triple picoboot = { 0xff, 0x00, 0x00 };
static const struct triple dfu = { 0xfe, 0x01, 0x02 };	/* not at run time */

static bool
has_interface(const struct bus_place *p, const struct triple *t)
{
	for (size_t i = 0; i < p->n_interfaces; i++) {
		const struct bus_interface *f = &p->interfaces[i];

		if (f->class == t->class && f->subclass == t->subclass &&
		    f->protocol == t->protocol)
			return true;
	}
	return false;
}

/*
 * The ROM of an RP2350 may have other ids, which its maker wrote into it, but
 * always these two interfaces, and no more.
 */
static bool
is_rp2_rom(const struct bus_place *p)
{
	return p->n_interfaces == 2 && has_interface(p, &scsi) &&
	    has_interface(p, &picoboot);
}

bool
bus_has_picoboot(const struct bus_place *p)
{
	const struct usb_bootloader *known = usb_bootloader(p->usb.vid,
	    p->usb.pid);

	return has_interface(p, &picoboot) && (is_rp2_rom(p) ||
	    (known != NULL && known->port != NULL &&
	    strcmp(known->port, "rp2") == 0));
}

/* Does its drive hold INFO_UF2.TXT?  1, 0; -1: the drive cannot be read. */
static int
has_info(const struct bus *b, const struct bus_place *p)
{
	char *name, *path;
	int r;

	if (p->volume == NULL)
		return -1;
	name = mem_printf("%s/INFO_UF2.TXT", p->volume);
	path = bus_path(b, name);
	r = access(path, F_OK) == 0 ? 1 :
	    errno == ENOENT || errno == ENOTDIR ? 0 : -1;
	free(path);
	free(name);
	return r;
}

static bool
is_known_mode(const struct usb_bootloader *known, const char *mode)
{
	return known != NULL && known->mode != NULL &&
	    strcmp(known->mode, mode) == 0;
}

static bool
is_uf2_place(const struct bus *b, const struct bus_place *p,
    const struct usb_bootloader *known)
{
	int info;

	if (!p->mass_storage || p->disk_bytes > BUS_DRIVE_MAX)
		return false;
	info = has_info(b, p);
	if (info != -1)
		return info == 1;
	return is_rp2_rom(p) || is_known_mode(known, "uf2");
}

/* Where sysfs shows no more than the class, ids tell DFU from its likes. */
static bool
is_dfu_place(const struct bus_place *p, const struct usb_bootloader *known)
{
	for (size_t i = 0; i < p->n_interfaces; i++)
		if (p->interfaces[i].class == dfu.class &&
		    p->interfaces[i].subclass == -1)
			return is_known_mode(known, "dfu");
	return has_interface(p, &dfu);
}

bool
bus_has_dfu(const struct bus_place *p)
{
	return is_dfu_place(p, usb_bootloader(p->usb.vid, p->usb.pid));
}

size_t
bus_bootloaders(const struct bus *b, const struct bus_place *p,
    const char *out[BUS_BOOTLOADERS])
{
	const struct usb_bootloader *known = usb_bootloader(p->usb.vid,
	    p->usb.pid);
	size_t n = 0;

	if (is_uf2_place(b, p, known))
		out[n++] = "uf2";
	if (bus_has_picoboot(p))
		out[n++] = "picoboot";
	if (is_dfu_place(p, known))
		out[n++] = "dfu";
	out[n] = NULL;
	return n;
}
