/* SPDX-License-Identifier: MIT */
#ifndef MPF_USB_STRING_H
#define MPF_USB_STRING_H

#include "usb/usb.h"

/*
 * string: a string descriptor of n bytes, as UTF-8.  What is no string
 * descriptor is "", and what is not valid in it, or a control character, is
 * left out.  Pure.
 *
 * Source: USB 2.0, 9.6.7.
 */
void	usb_string_text(const uint8_t *p, size_t n, char out[USB_TEXT]);

#endif
