/* SPDX-License-Identifier: MIT */
#ifndef MPF_USB_DESCRIPTORS_H
#define MPF_USB_DESCRIPTORS_H

#include <libusb-1.0/libusb.h>

#include "usb/ops.h"

/* descriptors: what libusb knows of a device, in our structs. */

/* "1-1.2", as the kernel names it; a root hub is "usb1". */
void	device_path(libusb_device *d, char out[USB_PATH]);
/* Its descriptors; out is released by usb_info_release. */
void	device_info(libusb_device *d, struct usb_info *out);

#endif
