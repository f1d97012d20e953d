/* SPDX-License-Identifier: MIT */
#ifndef MPF_FLASH_ESP_PORT_H
#define MPF_FLASH_ESP_PORT_H

#include "esp/loader.h"
#include "flash/flash.h"

/*
 * port: the serial port of an ESP board, at its place on the bus.
 *
 * A chip with a USB of its own is one device while MicroPython runs, and
 * another one in the loader of its ROM: it is made to leave the first, and the
 * port is that of the second then.
 *
 * Source: MicroPython, shared/tinyusb/mp_usbd_cdc.c: DTR and RTS as esptool
 * moves them start machine.bootloader(); MICROPY_HW_USB_CDC_DTR_RTS_BOOTLOADER
 * of ports/esp32.
 */

/*
 * Opens it; *kind is what is between it and the chip.  A port that went away,
 * or is not yet the user's, is waited for until then.  The caller closes it.
 */
int	esp_port_open(const struct flash_job *job, int64_t until,
	    struct link **out, enum esp_port *kind, struct err *e);

#endif
