/* SPDX-License-Identifier: MIT */
#ifndef MPF_USB_OPS_H
#define MPF_USB_OPS_H

#include <stdbool.h>

#include "usb/usb.h"

/*
 * ops: what an open device is made of; for lib/usb, and for tests that play a
 * device.
 *
 * Whatever plays a device has a struct usb as its first member, whose info it
 * owns.  The functions do as those in usb.h say, and a device that vanished is
 * told by usb_gone; they are not called again then, but for close.  close
 * frees the struct, and not the info's own memory: see usb_info_release.
 */
struct usb_ops {
	int	(*claim)(struct usb *u, uint8_t interface, uint8_t alternate,
		    struct err *e);
	void	(*release)(struct usb *u, uint8_t interface);
	int	(*control)(struct usb *u, const struct usb_setup *setup,
		    void *p, size_t n, int64_t deadline, size_t *got,
		    struct err *e);
	/* To or from p, as USB_IN in endpoint says. */
	int	(*bulk)(struct usb *u, uint8_t endpoint, void *p, size_t n,
		    int64_t deadline, size_t *got, struct err *e);
	int	(*clear_halt)(struct usb *u, uint8_t endpoint, struct err *e);
	int	(*reset)(struct usb *u, struct err *e);
	void	(*close)(struct usb *u);
};

struct usb {
	const struct usb_ops	*ops;
	struct usb_info		 info;
	bool			 gone;		/* the device vanished */
};

/* Marks the device as gone, and says so: ERR_NOT_FOUND. */
int	usb_gone(struct usb *u, struct err *e);
/* The device refused: ERR_PROTOCOL. */
int	usb_refused(const struct usb *u, struct err *e);
/* Frees what the info points to. */
void	usb_info_release(struct usb_info *info);

#endif
