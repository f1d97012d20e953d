/* SPDX-License-Identifier: MIT */
#include "chips/chips.h"

#include <stddef.h>
#include <string.h>
#include <strings.h>

#define N(a)	(sizeof(a) / sizeof((a)[0]))
#define NO_ID	(-1)

#define MCUS	2
#define MODES	3

static const struct chip {
	const char	*name, *port;
	int		 esp_id;
	const char	*mcus[MCUS];	/* how its names begin */
} chips[] = {
	{ "rp2040", "rp2", NO_ID, { "RP2040" } },
	{ "rp2350", "rp2", NO_ID, { "RP2350" } },
	{ "samd21", "samd", NO_ID, { "SAMD21" } },
	/* The SAME5x have the same bootloaders. */
	{ "samd51", "samd", NO_ID, { "SAMD51", "SAME5" } },
	{ "nrf51", "nrf", NO_ID, { "NRF51" } },
	{ "nrf52", "nrf", NO_ID, { "NRF52" } },
	{ "nrf52833", "nrf", NO_ID, { "NRF52833" } },
	{ "nrf52840", "nrf", NO_ID, { "NRF52840" } },
	{ "nrf91", "nrf", NO_ID, { "NRF91" } },
	{ "mimxrt", "mimxrt", NO_ID, { "MIMXRT" } },
	{ "esp8266", "esp8266", NO_ID, { "ESP8266" } },
	{ "esp32", "esp32", 0, { "ESP32" } },
	{ "esp32s2", "esp32", 2, { "ESP32S2", "ESP32-S2" } },
	{ "esp32c3", "esp32", 5, { "ESP32C3", "ESP32-C3" } },
	{ "esp32s3", "esp32", 9, { "ESP32S3", "ESP32-S3" } },
	{ "esp32c2", "esp32", 12, { "ESP32C2", "ESP32-C2" } },
	{ "esp32c6", "esp32", 13, { "ESP32C6", "ESP32-C6" } },
	{ "esp32h2", "esp32", 16, { "ESP32H2", "ESP32-H2" } },
	{ "esp32p4", "esp32", 18, { "ESP32P4", "ESP32-P4" } },
	{ "esp32c61", "esp32", 20, { "ESP32C61", "ESP32-C61" } },
	{ "esp32c5", "esp32", 23, { "ESP32C5", "ESP32-C5" } },
	{ "esp32h21", "esp32", 25, { "ESP32H21", "ESP32-H21" } },
	{ "esp32h4", "esp32", 28, { "ESP32H4", "ESP32-H4" } },
	{ "esp32e22", "esp32", 31, { "ESP32E22", "ESP32-E22" } },
	{ "esp32s31", "esp32", 32, { "ESP32S31", "ESP32-S31" } },
	{ "ra6m5", "renesas-ra", NO_ID, { "RA6M5", "R7FA6M5" } },
	{ "stm32f0", "stm32", NO_ID, { "STM32F0" } },
	{ "stm32f4", "stm32", NO_ID, { "STM32F4" } },
	{ "stm32f7", "stm32", NO_ID, { "STM32F7" } },
	{ "stm32g0", "stm32", NO_ID, { "STM32G0" } },
	{ "stm32g4", "stm32", NO_ID, { "STM32G4" } },
	{ "stm32h5", "stm32", NO_ID, { "STM32H5" } },
	{ "stm32h7", "stm32", NO_ID, { "STM32H7" } },
	{ "stm32l0", "stm32", NO_ID, { "STM32L0" } },
	{ "stm32l1", "stm32", NO_ID, { "STM32L1" } },
	{ "stm32l4", "stm32", NO_ID, { "STM32L4" } },
	{ "stm32n6", "stm32", NO_ID, { "STM32N6" } },
	{ "stm32u5", "stm32", NO_ID, { "STM32U5" } },
	{ "stm32wb", "stm32", NO_ID, { "STM32WB" } },
	{ "stm32wl", "stm32", NO_ID, { "STM32WL" } },
};

static const struct port {
	const char	*name;
	const char	*modes[MODES];
	const char	*buttons;
} ports[] = {
	{ "rp2", { "uf2", "picoboot" },
	    "hold BOOTSEL, press reset or plug it in again, let go" },
	{ "samd", { "uf2" }, "press reset twice, fast" },
	{ "nrf", { "uf2" }, "press reset twice, fast" },
	{ "mimxrt", { "uf2" }, "press reset twice, fast" },
	{ "stm32", { "dfu" },
	    "hold BOOT0 or the user button, press reset, let go" },
	/* Of these one board has DFU. */
	{ "esp32", { "uf2", "esp_rom", "dfu" },
	    "hold BOOT, press reset, let go" },
	{ "renesas-ra", { "dfu" }, "press reset twice, fast" },
	{ "esp8266", { "esp_rom" }, "hold FLASH, press reset, let go" },
};

/* The longest beginning counts: ESP32C61 is no ESP32C6. */
const char *
chip_by_mcu(const char *mcu)
{
	const char *best = NULL;
	size_t longest = 0;

	for (size_t i = 0; i < N(chips); i++)
		for (size_t k = 0; k < MCUS; k++) {
			const char *m = chips[i].mcus[k];
			const size_t n = m == NULL ? 0 : strlen(m);

			if (n > longest && strncasecmp(mcu, m, n) == 0) {
				best = chips[i].name;
				longest = n;
			}
		}
	return best;
}

const char *
chip_by_esp_id(int id)
{
	for (size_t i = 0; i < N(chips); i++)
		if (chips[i].esp_id == id && id != NO_ID)
			return chips[i].name;
	return NULL;
}

static const struct port *
find_chip_port(const char *name)
{
	for (size_t i = 0; name != NULL && i < N(ports); i++)
		if (strcmp(ports[i].name, name) == 0)
			return &ports[i];
	return NULL;
}

const char *
port_of_chip(const char *chip)
{
	for (size_t i = 0; i < N(chips); i++)
		if (strcmp(chips[i].name, chip) == 0)
			return chips[i].port;
	return NULL;
}

bool
port_can_have(const char *port, const char *chip)
{
	size_t i = 0;

	while (i < N(chips) && strcmp(chips[i].name, chip) != 0)
		i++;
	return i == N(chips) || find_chip_port(port) == NULL ||
	    strcmp(chips[i].port, port) == 0;
}

bool
port_has_mode(const char *port, const char *mode)
{
	const struct port *p = find_chip_port(port);

	for (size_t i = 0; p != NULL && i < MODES; i++)
		if (p->modes[i] != NULL && strcmp(p->modes[i], mode) == 0)
			return true;
	return false;
}

const char *
port_buttons(const char *port)
{
	const struct port *p = find_chip_port(port);

	return p != NULL ? p->buttons :
	    "bring it into its bootloader by its buttons";
}
