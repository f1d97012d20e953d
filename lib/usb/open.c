/* SPDX-License-Identifier: MIT */
#include "usb/descriptors.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/clock.h"
#include "base/holder.h"
#include "base/mem.h"
#include "base/stop.h"

#define AGAIN_MS	50		/* udev has not been there yet */

/* A device of this system. */
struct device {
	struct usb		 usb;	/* first: what the callers have */
	libusb_context		*context;
	libusb_device_handle	*handle;
	char			 node[32]; /* "/dev/bus/usb/001/004" */
	uint32_t		 claimed; /* interfaces, as bits */
};

static struct device *
device_of(struct usb *u)
{
	return (struct device *)u;
}

/* libusb waits for ever where it is told 0. */
static unsigned
timeout_for(int64_t deadline)
{
	const int left = clock_left_ms(deadline);

	return left > 0 ? (unsigned)left : 1;
}

static int
name_holder(const struct device *d, struct err *e)
{
	struct lock_holder who = { .pid = 0 };
	struct stat st;

	err_set(e, ERR_BUSY, "%s: another program uses it", d->usb.info.path);
	if (stat(d->node, &st) == -1 || holder_find(st.st_rdev, &who) != 1)
		return err_hint(e, "close the program that uses %s", d->node);
	return err_hint(e, "close %s (process %ld)", who.command,
	    (long)who.pid);
}

/* The rule that lets this device be opened, as a line for a shell. */
static int
name_rule(const struct device *d, struct err *e)
{
	const struct usb_info *i = &d->usb.info;

	err_set(e, ERR_PERMISSION, "%s: no permission to open %s", i->path,
	    d->node);
	return err_hint(e, "put SUBSYSTEM==\"usb\", ATTR{idVendor}==\"%04x\", "
	    "ATTR{idProduct}==\"%04x\", TAG+=\"uaccess\", GROUP=\"plugdev\", "
	    "MODE=\"0660\" into /etc/udev/rules.d/60-mpf.rules, and plug it "
	    "in again", i->vid, i->pid);
}

static int
fail_usb(struct device *d, int r, struct err *e)
{
	switch (r) {
	case LIBUSB_ERROR_NO_DEVICE:
	case LIBUSB_ERROR_NOT_FOUND:
		return usb_gone(&d->usb, e);
	case LIBUSB_ERROR_PIPE:
		return usb_refused(&d->usb, e);
	case LIBUSB_ERROR_BUSY:
		return name_holder(d, e);
	case LIBUSB_ERROR_ACCESS:
		return name_rule(d, e);
	case LIBUSB_ERROR_TIMEOUT:
		return err_set(e, ERR_TIMEOUT, "%s: no answer in time",
		    d->usb.info.path);
	default:
		return err_set(e, ERR_IO, "%s: %s", d->usb.info.path,
		    libusb_strerror(r));
	}
}

static int
device_claim(struct usb *u, uint8_t interface, uint8_t alternate,
    struct err *e)
{
	struct device *d = device_of(u);
	int r = libusb_claim_interface(d->handle, interface);
	bool choice = false;

	if (r == 0 && interface < 32)
		d->claimed |= 1u << interface;
	for (size_t i = 0; i < u->info.n_settings; i++)
		if (u->info.settings[i].interface == interface &&
		    u->info.settings[i].alternate != 0)
			choice = true;
	/* A device with only one setting may refuse to be told of it. */
	if (r == 0 && (choice || alternate != 0))
		r = libusb_set_interface_alt_setting(d->handle, interface,
		    alternate);
	return r == 0 ? 0 : fail_usb(d, r, e);
}

static void
device_release(struct usb *u, uint8_t interface)
{
	struct device *d = device_of(u);

	libusb_release_interface(d->handle, interface);
	if (interface < 32)
		d->claimed &= ~(1u << interface);
}

static int
device_control(struct usb *u, const struct usb_setup *setup, void *p,
    size_t n, int64_t deadline, size_t *got, struct err *e)
{
	struct device *d = device_of(u);
	const int r = libusb_control_transfer(d->handle, setup->type,
	    setup->request, setup->value, setup->index, p, (uint16_t)n,
	    timeout_for(deadline));

	if (r < 0)
		return fail_usb(d, r, e);
	*got = (size_t)r;
	return 0;
}

static int
device_bulk(struct usb *u, uint8_t endpoint, void *p, size_t n,
    int64_t deadline, size_t *got, struct err *e)
{
	struct device *d = device_of(u);
	int done = 0;
	const int r = libusb_bulk_transfer(d->handle, endpoint, p, (int)n,
	    &done, timeout_for(deadline));

	*got = (size_t)done;
	return r == 0 ? 0 : fail_usb(d, r, e);
}

static int
device_clear_halt(struct usb *u, uint8_t endpoint, struct err *e)
{
	struct device *d = device_of(u);
	const int r = libusb_clear_halt(d->handle, endpoint);

	return r == 0 ? 0 : fail_usb(d, r, e);
}

static int
device_reset(struct usb *u, struct err *e)
{
	struct device *d = device_of(u);
	const int r = libusb_reset_device(d->handle);

	return r == 0 ? 0 : fail_usb(d, r, e);
}

/* libusb alone would not give the interfaces back to the kernel's drivers. */
static void
device_close(struct usb *u)
{
	struct device *d = device_of(u);

	for (uint8_t i = 0; i < 32; i++)
		if ((d->claimed & 1u << i) != 0)
			device_release(u, i);
	if (d->handle != NULL)
		libusb_close(d->handle);
	if (d->context != NULL)
		libusb_exit(d->context);
	free(d);
}

static const struct usb_ops device_ops = {
	device_claim, device_release, device_control, device_bulk,
	device_clear_halt, device_reset, device_close
};

static int
open_found(struct device *d, libusb_device *found, struct err *e)
{
	int r;

	usb_info_release(&d->usb.info);
	device_info(found, &d->usb.info);
	snprintf(d->node, sizeof(d->node), "/dev/bus/usb/%03u/%03u",
	    libusb_get_bus_number(found), libusb_get_device_address(found));
	r = libusb_open(found, &d->handle);
	if (r != 0)
		return fail_usb(d, r, e);
	libusb_set_auto_detach_kernel_driver(d->handle, 1);
	return 0;
}

/*
 * A context of its own: without udev, a context never hears of a device that
 * was plugged in after it was made.
 */
static int
try_open(struct device *d, const char *path, struct err *e)
{
	libusb_device **list = NULL;
	char at[USB_PATH];
	ssize_t n;
	int r;

	r = libusb_init(&d->context);
	if (r != 0) {
		d->context = NULL;
		return err_set(e, ERR_IO, "libusb: %s", libusb_strerror(r));
	}
	n = libusb_get_device_list(d->context, &list);
	err_set(e, ERR_NOT_FOUND, "%s: no USB device is there", path);
	r = -1;
	for (ssize_t i = 0; i < n; i++) {
		device_path(list[i], at);
		if (strcmp(at, path) == 0) {
			r = open_found(d, list[i], e);
			break;
		}
	}
	if (n >= 0)
		libusb_free_device_list(list, 1);
	return r;
}

int
usb_open_path(const char *path, int64_t deadline, struct usb **out,
    struct err *e)
{
	struct device *d = mem_alloc(sizeof(*d));
	struct err why = ERR_INIT;

	d->usb.ops = &device_ops;
	while (try_open(d, path, &why) == -1) {
		const bool may_come = why.code == ERR_PERMISSION ||
		    why.code == ERR_NOT_FOUND;

		if (!may_come || clock_left_ms(deadline) == 0 ||
		    stop_requested()) {
			usb_close(&d->usb);
			*e = why;
			return -1;
		}
		if (d->context != NULL)
			libusb_exit(d->context);
		d->context = NULL;
		d->usb.gone = false;
		clock_sleep_ms(AGAIN_MS);
	}
	*out = &d->usb;
	return 0;
}
