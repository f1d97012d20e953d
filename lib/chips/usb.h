/* SPDX-License-Identifier: MIT */
#ifndef MPF_CHIPS_USB_H
#define MPF_CHIPS_USB_H

#include <stdbool.h>

/*
 * usb: what vendor and product ids of USB say of a chip.  Tables alone.
 *
 * Ids are four lower-case hex digits, as sysfs has them; NULL matches nothing.
 *
 * Source: microsoft/uf2 and adafruit/uf2-samdx1 (boards' board_config.h),
 * adafruit/Adafruit_nRF52_Bootloader (boards' board.h), Raspberry Pi's RP2040
 * and RP2350 datasheets (bootrom), ST AN2606; the bridges' Linux drivers
 * (cp210x, ch341, cdc_acm, ftdi_sio, pl2303); of probes ARM's DAPLink, ST's
 * TN1235, SEGGER's UM08001, Microchip's EDBG user guide.
 */

/* What ids tell of a device that is in its bootloader. */
struct usb_bootloader {
	const char	*vid;
	const char	*pid;	/* NULL: all below the next */
	const char	*below;
	const char	*mode;	/* "uf2", "dfu"; NULL: they do not tell */
	const char	*port;	/* "rp2"; NULL: of several */
	const char	*chip;	/* "rp2040"; NULL: of several */
};

/* NULL: those ids are no bootloader's, as far as is known. */
const struct usb_bootloader	*usb_bootloader(const char *vid,
				    const char *pid);
/* "CH340": the bridge from USB to a serial line; NULL: it is not known. */
const char	*usb_bridge(const char *vid, const char *pid);
/* "ch341": the Linux module that makes a port of it; NULL likewise. */
const char	*usb_bridge_module(const char *vid, const char *pid);
/*
 * "DAPLink": a debug probe, whose drive, if it shows one, takes firmware for
 * the board behind it; NULL: it is not known.
 */
const char	*usb_probe(const char *vid, const char *pid);

#endif
