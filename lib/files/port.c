/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "files/files_in.h"

#define LFS2	"VfsLfs2"
#define LFS1	"VfsLfs1"
#define FAT	"VfsFat"
#define FLASH(module)	"__import__('" module "').Flash()"
#define BDEV	"__import__('flashbdev').bdev"
#define PAGE	"{'progsize':256}"

/*
 * Source: MicroPython v1.17 to v1.28, ports/PORT/modules/_boot.py, inisetup.py,
 * nrf's _mkfs.py, stm32's main.c and factoryreset.c.  Where a board makes
 * LittleFS at its start, nothing else can be there.  stm32 has FAT on its
 * legacy device and LittleFS on the whole flash, and erases when it writes.
 */
static const struct files_port ports[] = {
	{ "rp2", "", "/", FLASH("rp2"), { LFS2, FLASH("rp2"), PAGE } },
	{ "samd", "", "/", FLASH("samd"),
	    { LFS2, FLASH("samd"), PAGE, LFS1, FLASH("samd"), PAGE } },
	{ "mimxrt", "/flash", "/flash", FLASH("mimxrt"),
	    { LFS2, FLASH("mimxrt"), PAGE } },
	{ "nrf", "/flash", "/flash", FLASH("nrf"),
	    { LFS2, FLASH("nrf"), "{}", LFS1, FLASH("nrf"), "{}",
	    FAT, FLASH("nrf"), "{}" } },
	{ "esp32", "", "/", BDEV,
	    { LFS2, BDEV, "{}", FAT, BDEV, "{}" } },
	{ "esp8266", "", "/", BDEV,
	    { LFS2, BDEV, "{}", FAT, BDEV, "{}" } },
	{ "stm32", "/flash", "/flash", NULL,
	    { LFS2, "__import__('pyb').Flash(start=0)", "{}",
	    LFS1, "__import__('pyb').Flash(start=0)", "{}",
	    FAT, "__import__('pyb').Flash()", "{}" } },
	/* Their files are here, but how to make them anew is not known. */
	{ "renesas-ra", "/flash", "/flash", NULL, { NULL } },
	{ "alif", "/flash", "/flash", NULL, { NULL } },
	{ "cc3200", "/flash", "/flash", NULL, { NULL } },
};

const struct files_port *
files_port(const char *port)
{
	for (size_t i = 0; i < sizeof(ports) / sizeof(ports[0]); i++)
		if (port != NULL && strcmp(ports[i].port, port) == 0)
			return &ports[i];
	return NULL;
}

const char *
files_cannot_format(const char *port)
{
	const struct files_port *p = files_port(port);

	return p != NULL && p->kinds[0] != NULL ? NULL :
	    "how boards of this port make their file system is not known";
}

const char *
files_cannot_erase(const char *port)
{
	const struct files_port *p = files_port(port);

	return p != NULL && p->blocks != NULL ? NULL :
	    "boards of this port do not erase their file system by blocks";
}
