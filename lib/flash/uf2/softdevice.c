/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "flash/impl.h"
#include "flash/uf2/impl.h"
#include "image/uf2.h"

/*
 * Where the application begins behind Nordic's SoftDevice.  Source: Nordic,
 * SoftDevice specifications S140 (flash usage: 6.x 152 kB, 7.x 156 kB);
 * Adafruit_nRF52_Bootloader, linker scripts.
 */
static const struct {
	const char	*name;
	unsigned	 major;
	uint32_t	 end;
} softdevices[] = {
	{ "S140", 6, 0x26000 },
	{ "S140", 7, 0x27000 },
};

#define N_SOFTDEVICES	(sizeof(softdevices) / sizeof(softdevices[0]))

/* The lowest address of the image's blocks for this chip, or for any. */
static uint32_t
lowest(const struct uf2_file *f, const char *chip)
{
	uint32_t addr = UINT32_MAX;

	for (size_t i = 0; i < f->n_parts; i++) {
		const char *of = uf2_family_chip(f->part[i].family);

		if ((chip == NULL || of == NULL || strcmp(of, chip) == 0) &&
		    f->part[i].addr < addr)
			addr = f->part[i].addr;
	}
	return addr;
}

/* "S140 version 6.1.1" or "S140 6.1.1"; 0: nobody knows that one. */
static uint32_t
softdevice_end(const char *softdevice)
{
	const char *digits = softdevice + strcspn(softdevice, " ");

	digits += strcspn(digits, "0123456789");
	for (size_t i = 0; i < N_SOFTDEVICES; i++)
		if (strncmp(softdevice, softdevices[i].name,
		    strlen(softdevices[i].name)) == 0 &&
		    strtoul(digits, NULL, 10) == softdevices[i].major)
			return softdevices[i].end;
	return 0;
}

int
check_softdevice(const struct flash_job *job, const struct info_uf2 *info,
    struct err *e)
{
	struct image_source image = IMAGE_MEMORY(job->data, job->size);
	const uint32_t end = softdevice_end(info->softdevice);
	struct uf2_file f;
	uint32_t addr;

	if (info->softdevice[0] == '\0')
		return 0;
	if (uf2_check(&image, &f, NULL, e) == -1)
		return err_wrap(e, "%s", job->image.path);
	addr = lowest(&f, job->facts.chip);
	if (end != 0 && addr == end)
		return 0;
	if (end == 0)
		err_set(e, ERR_MISMATCH, "%s: nothing tells whether it fits "
		    "the SoftDevice on the board, %s", job->image.path,
		    info->softdevice);
	else
		err_set(e, ERR_MISMATCH, "%s: for 0x%x on, but an application "
		    "behind the SoftDevice on the board, %s, begins at 0x%x",
		    job->image.path, addr, info->softdevice, end);
	return err_hint(e, "use firmware for that SoftDevice, or update the "
	    "board's bootloader as its maker says");
}
