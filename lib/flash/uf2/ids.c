/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "flash/uf2/impl.h"

/*
 * How the Board-IDs of the bootloaders begin.  Source: pico-bootrom (RPI-RP2,
 * RP2350); uf2-samdx1, Adafruit_nRF52_Bootloader and tinyuf2 (boards' board.h:
 * chip, board, revision, with dashes between).  Where blocks need name no
 * family, the addresses tell chips apart: the application begins behind the
 * bootloader (uf2-samdx1, inc/uf2.h and the boards' linker scripts) and ends
 * with the largest flash of that kind.
 */
static const struct {
	const char	*prefix, *chip;
	uint32_t	 addr, end;	/* of the application; 0: any */
} ids[] = {
	{ "RPI-RP2", "rp2040", 0, 0 },
	{ "RP2350", "rp2350", 0, 0 },
	{ "SAMD21", "samd21", 0x2000, 0x40000 },
	{ "SAMD51", "samd51", 0x4000, 0x100000 },
	{ "SAME51", "samd51", 0x4000, 0x100000 },
	{ "SAME54", "samd51", 0x4000, 0x100000 },
	{ "nRF52840", "nrf52840", 0, 0 },
	{ "nRF52833", "nrf52833", 0, 0 },
	{ "MIMXRT", "mimxrt", 0, 0 },
	{ "IMXRT", "mimxrt", 0, 0 },
	{ "ESP32S2", "esp32s2", 0, 0 },
	{ "ESP32-S2", "esp32s2", 0, 0 },
	{ "ESP32S3", "esp32s3", 0, 0 },
	{ "ESP32-S3", "esp32s3", 0, 0 },
	{ "STM32F4", "stm32f4", 0, 0 },
	{ "STM32F7", "stm32f7", 0, 0 },
	{ "STM32H7", "stm32h7", 0, 0 },
	{ "STM32L4", "stm32l4", 0, 0 },
};

void
drive_target(const char *board_id, struct flash_target *out)
{
	snprintf(out->name, sizeof(out->name), "%s", board_id);
	for (size_t i = 0; i < sizeof(ids) / sizeof(ids[0]); i++) {
		if (strncasecmp(board_id, ids[i].prefix,
		    strlen(ids[i].prefix)) != 0)
			continue;
		snprintf(out->chip, sizeof(out->chip), "%s", ids[i].chip);
		out->region[0].addr = ids[i].addr;
		out->region[0].end = ids[i].end;
		out->n_regions = ids[i].end != 0;
		return;
	}
}
