/* SPDX-License-Identifier: MIT */
#ifndef MPF_USB_H
#define MPF_USB_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

/*
 * usb: control and bulk transfers with a USB device, whatever is behind them.
 *
 * usb_open_path opens a device of this system by libusb; a test brings its own
 * device by the operations in usb/ops.h.  Deadlines are values of clock_ms().
 * All calls but usb_close fail like this:
 *
 * ERR_NOT_FOUND	the device vanished; all later calls fail so too
 * ERR_PROTOCOL		the device refused: it stalled the endpoint
 * ERR_TIMEOUT		nothing, or not all, by the deadline
 * ERR_BUSY		another program, which is named, has the interface
 * ERR_IO		anything else
 *
 * Source: USB 2.0, chapter 9; libusb 1.0 API.
 */

struct usb;				/* an open device */

#define USB_PATH	64u		/* bytes of "1-1.4.2" and its NUL */
#define USB_TEXT	128u		/* bytes of a string and its NUL */

#define USB_IN		0x80u		/* this bit of an endpoint: to us */

enum usb_transfer {			/* bmAttributes of an endpoint */
	USB_CONTROL, USB_ISOCHRONOUS, USB_BULK, USB_INTERRUPT
};

struct usb_endpoint {
	uint8_t			address;	/* 0x84: number 4, to us */
	enum usb_transfer	transfer;
	uint16_t		max_packet;	/* bytes */
};

/* An alternate setting of an interface. */
struct usb_setting {
	uint8_t			 interface, alternate;
	uint8_t			 class, subclass, protocol;
	uint8_t			 string;	/* for usb_string; 0: none */
	struct usb_endpoint	*endpoints;
	size_t			 n_endpoints;
	uint8_t			*extra;		/* descriptors behind it */
	size_t			 n_extra;	/* bytes */
};

/* What a device says of itself: descriptors of its active configuration. */
struct usb_info {
	char			 path[USB_PATH];	/* "1-1.2": its place */
	uint16_t		 vid, pid, release;	/* release: bcdDevice */
	uint8_t			 manufacturer, product, serial; /* strings */
	struct usb_setting	*settings;	/* by interface, alternate */
	size_t			 n_settings;
	uint8_t			*extra;	/* descriptors of the configuration */
	size_t			 n_extra;
};

/*
 * Opens the device at this place ("1-1.2"), as sysfs names it.  A device that
 * was just plugged in is root's until udev has been there: ERR_PERMISSION, with
 * a hint that has the udev rule, comes at the deadline.  ERR_NOT_FOUND: no
 * device is there.  The descriptors are read afresh each time.
 */
int	usb_open_path(const char *path, int64_t deadline, struct usb **out,
	    struct err *e);
/* Lets go of all that is claimed, and frees u.  NULL is fine. */
void	usb_close(struct usb *u);

/* Its descriptors and its place, which live as long as u. */
const struct usb_info	*usb_info(const struct usb *u);
/*
 * The first setting with that class, subclass and protocol (-1: any); NULL:
 * it has no such interface.
 */
const struct usb_setting *usb_find(const struct usb_info *info, int class,
			    int subclass, int protocol);

/*
 * Takes the interface for us alone and selects that alternate setting.  A
 * driver of the kernel lets go of it, and gets it back from usb_unclaim, or
 * from usb_close.
 */
int	usb_claim(struct usb *u, uint8_t interface, uint8_t alternate,
	    struct err *e);
void	usb_unclaim(struct usb *u, uint8_t interface);

/* A control transfer's first packet, but for its length. */
struct usb_setup {
	uint8_t		type;		/* bmRequestType; USB_IN: to us */
	uint8_t		request;
	uint16_t	value, index;
};

/* To or from p, as type says; *got bytes were transferred (may be NULL). */
int	usb_control(struct usb *u, const struct usb_setup *setup, void *p,
	    size_t n, int64_t deadline, size_t *got, struct err *e);
/* All n bytes to this endpoint; n 0: one packet without bytes. */
int	usb_bulk_out(struct usb *u, uint8_t endpoint, const void *p, size_t n,
	    int64_t deadline, struct err *e);
/*
 * Up to n bytes from it, which a short packet ends.  n 0 waits for a packet
 * without bytes.
 */
int	usb_bulk_in(struct usb *u, uint8_t endpoint, void *p, size_t n,
	    int64_t deadline, size_t *got, struct err *e);
/* An endpoint that refused works again. */
int	usb_clear_halt(struct usb *u, uint8_t endpoint, struct err *e);
/*
 * Makes the device begin anew, as if it had just been plugged in.  It may come
 * up as another device, which is ERR_NOT_FOUND.
 */
int	usb_reset(struct usb *u, struct err *e);
/*
 * A string of the device, in its first language, as UTF-8: what is no valid
 * UTF-16 and what does not fit is left out.  number 0 is "".
 */
int	usb_string(struct usb *u, uint8_t number, int64_t deadline,
	    char out[USB_TEXT], struct err *e);

#endif
