/* SPDX-License-Identifier: MIT */
#include "chips/usb.h"

#include <stddef.h>
#include <string.h>

#define N(a)	(sizeof(a) / sizeof((a)[0]))

#define ANY	"g"	/* after all hex digits */

/*
 * Adafruit's boards have 8000 more in their product id while they run than in
 * their bootloader.
 */
static const struct usb_bootloader bootloaders[] = {
	{ "2e8a", "0003", NULL, "uf2", "rp2", "rp2040" },
	{ "2e8a", "000f", NULL, "uf2", "rp2", "rp2350" },
	{ "239a", NULL, "8000", "uf2", NULL, NULL },
	{ "1b4f", "0016", NULL, "uf2", "samd", "samd51" },	/* SparkFun */
	{ "1b4f", "0d22", NULL, "uf2", "samd", "samd21" },
	{ "1b4f", "0d23", NULL, "uf2", "samd", "samd21" },
	{ "2886", "002d", NULL, "uf2", "samd", "samd51" },	/* Seeed */
	{ "2886", "002f", NULL, "uf2", "samd", "samd21" },
	{ "2886", "0044", NULL, "uf2", "nrf", "nrf52840" },
	{ "2886", "0045", NULL, "uf2", "nrf", "nrf52840" },
	{ "2886", "0010", NULL, "uf2", "mimxrt", "mimxrt" },
	{ "2886", "f00f", NULL, "uf2", "mimxrt", "mimxrt" },
	{ "1209", "2017", NULL, "uf2", "samd", "samd51" },	/* MiniSAM */
	{ "04d8", "2402", NULL, "uf2", "samd", "samd21" },	/* Microchip */
	{ "03eb", "2402", NULL, "uf2", "samd", NULL },
	{ "303a", "0002", NULL, NULL, "esp32", "esp32s2" },
	{ "303a", NULL, ANY, NULL, "esp32", NULL },
	{ "0483", "df11", NULL, "dfu", "stm32", NULL },
	{ "f055", "df11", NULL, "dfu", "stm32", NULL },	/* mboot */
	{ "0694", "0008", NULL, "dfu", "stm32", "stm32f4" },	/* LEGO */
	{ "0694", "000c", NULL, "dfu", "stm32", "stm32f4" },
	{ "2341", "035b", NULL, "dfu", "stm32", "stm32h7" },	/* Arduino */
	{ "2341", "035f", NULL, "dfu", "stm32", "stm32h7" },
	{ "2341", "0364", NULL, "dfu", "stm32", "stm32h7" },
	{ "2341", "0366", NULL, "dfu", "stm32", "stm32h7" },
	{ "2341", "0070", NULL, "dfu", "esp32", "esp32s3" },
	{ "2341", "0368", NULL, "dfu", "renesas-ra", NULL },
};

static const struct {
	const char	*vid, *pid, *name, *module;
} bridges[] = {
	{ "1a86", "5523", "CH341", "ch341" },
	{ "1a86", "7522", "CH340", "ch341" },
	{ "1a86", "7523", "CH340", "ch341" },
	{ "1a86", "55d3", "CH343", "cdc_acm" },
	{ "1a86", "55d4", "CH9102", "cdc_acm" },
	{ "10c4", "ea60", "CP2102", "cp210x" },
	{ "10c4", "ea64", "CP2102C", "cdc_acm" },
	{ "10c4", "ea70", "CP2105", "cp210x" },
	{ "10c4", "ea71", "CP2108", "cp210x" },
	{ "0403", "6001", "FT232R", "ftdi_sio" },
	{ "0403", "6010", "FT2232", "ftdi_sio" },
	{ "0403", "6011", "FT4232H", "ftdi_sio" },
	{ "0403", "6014", "FT232H", "ftdi_sio" },
	{ "0403", "6015", "FT231X", "ftdi_sio" },
	{ "067b", "2303", "PL2303", "pl2303" },
	{ "067b", "23a3", "PL2303GC", "pl2303" },
};

/* pid NULL: all of that vendor's. */
static const struct {
	const char	*vid, *pid, *name;
} probes[] = {
	{ "0d28", "0204", "DAPLink" },
	{ "0483", "3748", "ST-LINK/V2" },
	{ "0483", "374b", "ST-LINK/V2-1" },
	{ "0483", "3752", "ST-LINK/V2-1" },
	{ "0483", "374d", "ST-LINK/V3" },
	{ "0483", "374e", "ST-LINK/V3" },
	{ "0483", "374f", "ST-LINK/V3" },
	{ "0483", "3753", "ST-LINK/V3" },
	{ "0483", "3754", "ST-LINK/V3" },
	{ "0483", "3755", "ST-LINK/V3" },
	{ "0483", "3757", "ST-LINK/V3" },
	{ "1366", NULL, "J-Link" },
	{ "03eb", "2111", "EDBG" },
	{ "1fc9", "0143", "MCU-Link" },
	{ "2e8a", "000c", "Debug Probe" },
};

static bool
same(const char *a, const char *b)
{
	return a != NULL && strcmp(a, b) == 0;
}

const struct usb_bootloader *
usb_bootloader(const char *vid, const char *pid)
{
	for (size_t i = 0; i < N(bootloaders) && pid != NULL; i++)
		if (same(vid, bootloaders[i].vid) &&
		    (bootloaders[i].pid == NULL ?
		    strcmp(pid, bootloaders[i].below) < 0 :
		    strcmp(pid, bootloaders[i].pid) == 0))
			return &bootloaders[i];
	return NULL;
}

static size_t
find_bridge(const char *vid, const char *pid)
{
	size_t i = 0;

	while (i < N(bridges) && !(same(vid, bridges[i].vid) &&
	    same(pid, bridges[i].pid)))
		i++;
	return i;
}

const char *
usb_bridge(const char *vid, const char *pid)
{
	const size_t i = find_bridge(vid, pid);

	return i < N(bridges) ? bridges[i].name : NULL;
}

const char *
usb_bridge_module(const char *vid, const char *pid)
{
	const size_t i = find_bridge(vid, pid);

	return i < N(bridges) ? bridges[i].module : NULL;
}

const char *
usb_probe(const char *vid, const char *pid)
{
	for (size_t i = 0; i < N(probes); i++)
		if (same(vid, probes[i].vid) && (probes[i].pid == NULL ||
		    same(pid, probes[i].pid)))
			return probes[i].name;
	return NULL;
}
