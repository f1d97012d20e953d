/* SPDX-License-Identifier: MIT */
#ifndef MPF_MODEL_PLACE_H
#define MPF_MODEL_PLACE_H

#include "model/model.h"

/*
 * place: what device.id says of where a device hangs.
 *
 * "HOST/usb/1-4:2" is the port at interface 2 of what hangs on the USB path
 * 1-4: one of several behind a bridge, or of a board with several of its own.
 */

/* The interface in it; -1: it names no interface. */
int	device_interface(const struct device *d);
/*
 * The id without it: that of a board that has left its ttys for its
 * bootloader, which has none.  The caller frees it.
 */
char	*device_place_id(const struct device *d);

#endif
