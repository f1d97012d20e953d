/* SPDX-License-Identifier: MIT */
#include "chips/usb.h"

#include <stddef.h>
#include <string.h>

#define N(a)	(sizeof(a) / sizeof((a)[0]))

/*
 * Adafruit's boards have 8000 more in their product id while they run than in
 * their bootloader.
 */
static const struct usb_bootloader bootloaders[] = {
	{ "2e8a", "0003", "uf2", "RP2040" },
	{ "2e8a", "000f", "uf2", "RP2350" },
	{ "239a", NULL, "uf2", NULL },
	{ "1b4f", "0d22", "uf2", NULL },	/* SparkFun, SAMD21 */
	{ "1b4f", "0d23", "uf2", NULL },
	{ "2886", "002d", "uf2", NULL },	/* Seeed: Wio Terminal */
	{ "2886", "002f", "uf2", NULL },	/* XIAO, SAMD21 */
	{ "2886", "0044", "uf2", NULL },	/* XIAO, nRF52840 */
	{ "2886", "0045", "uf2", NULL },	/* the same with sensors */
	{ "0483", "df11", "dfu", NULL },
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
		    (bootloaders[i].pid == NULL ? pid[0] < '8' :
		    same(pid, bootloaders[i].pid)))
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
