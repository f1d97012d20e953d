/* SPDX-License-Identifier: MIT */
#ifndef MPF_CHIPS_H
#define MPF_CHIPS_H

#include <stdbool.h>

/*
 * chips: what chips and MicroPython's ports are called, and how their boards
 * get into a bootloader.  Tables alone; see also usb.h.
 *
 * A chip has the name that records have, "esp32s3" (image.chip): as fine as
 * bootloaders and images tell, so that all STM32F4 are one.
 *
 * Source: MICROPY_HW_MCU_NAME of MicroPython's boards; ESP-IDF,
 * esp_app_format.h (chip ids).
 */

/* By what MicroPython calls it, "RP2350-RISCV", "SAME51J19A"; NULL. */
const char	*chip_by_mcu(const char *mcu);
/* By esp_image_header_t.chip_id; NULL. */
const char	*chip_by_esp_id(int id);

/* MicroPython's port for that chip: "rp2", or NULL. */
const char	*port_of_chip(const char *chip);

/*
 * Can a board of this port have that chip?  A port or a chip that is not
 * known tells nothing: zephyr runs on many.
 */
bool		 port_can_have(const char *port, const char *chip);
/* Have boards of this port such a bootloader: "uf2", "dfu"...? */
bool		 port_has_mode(const char *port, const char *mode);
/* What to press to get there; port may be NULL, or one that is not known. */
const char	*port_buttons(const char *port);

#endif
