/* SPDX-License-Identifier: MIT */
#include "picoboot/picoboot.h"

#include <stdio.h>
#include <string.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/text.h"
#include "flash/driver.h"
#include "flash/picoboot/files.h"
#include "image/uf2.h"

/*
 * picoboot: the driver for an RP2040 or RP2350 in the USB boot loader of its
 * ROM, beside whose drive there is an interface that reads, too.
 *
 * On an RP2350 the chip says where an image of a family goes: where the image
 * says, or into a partition, whose beginning then stands for that of the flash.
 */

#define UDEV_MS		2000	/* until a new device is the user's */
#define PIECE		65536u	/* bytes written at a time */

struct flash_session {
	const struct flash_job	*job;
	struct usb		*usb;
	struct picoboot		*pico;
	uint32_t		 size;	/* of the flash; 0: not known yet */
	/* On an RP2350: where the image goes. */
	struct picoboot_target	 target;
};

static bool
is_rp2(const char *chip)
{
	return chip != NULL && (strcmp(chip, "rp2040") == 0 ||
	    strcmp(chip, "rp2350") == 0);
}

/* The only UF2 family of that chip in the image; 0: there are several. */
static uint32_t
family_for(const struct flash_job *job, const char *chip)
{
	struct image_source image = IMAGE_MEMORY(job->data, job->size);
	uint32_t family = 0;
	struct uf2_file f;
	struct err e;

	if (uf2_check(&image, &f, NULL, &e) == -1)
		return 0;
	for (size_t i = 0; i < f.n_parts; i++) {
		const char *theirs = uf2_family_chip(f.part[i].family);

		if (theirs == NULL || strcmp(theirs, chip) != 0)
			continue;
		if (family != 0 && family != f.part[i].family)
			return 0;
		family = f.part[i].family;
	}
	return family;
}

static int
picoboot_fits(const struct flash_job *job, char why[FLASH_WHY])
{
	const char *mode = job->device.mode, *chip = job->facts.chip;

	if (strcmp(job->facts.format, "uf2") != 0)
		return flash_why_not(why, "the image is not UF2");
	if (!is_rp2(chip))
		return flash_why_not(why,
		    "the image is not for an RP2040 or an RP2350");
	if (family_for(job, chip) == 0)
		return flash_why_not(why, "the image is damaged, or holds "
		    "several images for this chip");
	if (job->device.usb_path == NULL)
		return flash_why_not(why, "the board is not on USB");
	/* There is no world yet where images are only prepared. */
	if (job->world != NULL && job->world->usb_open == NULL)
		return flash_why_not(why, "there are no USB devices to open");
	if (strcmp(mode, "repl") != 0 && job->device.bootloaders[0] != NULL &&
	    !text_in("picoboot", job->device.bootloaders))
		return flash_why_not(why, "the board is in another bootloader");
	return 0;
}

static void
driver_close(struct flash_session *s)
{
	picoboot_close(s->pico);
	usb_close(s->usb);
	free(s);
}

static int
open_picoboot(const struct flash_job *job, struct flash_session **out,
    struct err *e)
{
	struct flash_session *s = mem_alloc(sizeof(*s));

	s->job = job;
	if (job->world->usb_open(job->device.usb_path, clock_ms() + UDEV_MS,
	    &s->usb, e) == -1 ||
	    picoboot_open(s->usb, job->deadline, &s->pico, e) == -1) {
		driver_close(s);
		return -1;
	}
	*out = s;
	return 0;
}

/* What the partition table of an RP2350 says of the image's family. */
static int
find_place(struct flash_session *s, struct flash_target *out, struct err *e)
{
	const uint32_t family = family_for(s->job, out->chip);
	const char *name = uf2_family_name(family);
	struct flash_region *r = &out->region[0];

	if (family == 0)
		return 0;		/* not for this chip: said later */
	if (picoboot_target(s->pico, family, &s->target, e) == -1)
		return -1;
	if (s->target.place == PICOBOOT_NOWHERE)
		snprintf(out->protection, sizeof(out->protection), "its "
		    "partition table has no place for the family %s",
		    name != NULL ? name : "of the image");
	if (s->target.place != PICOBOOT_PARTITION)
		return 0;
	r->end = r->addr + s->target.size;
	if (!s->target.writable)
		snprintf(out->protection, sizeof(out->protection), "its "
		    "partition table locks partition %d",
		    s->target.partition);
	return 0;
}

static int
identify_rp2350(struct flash_session *s, struct flash_target *out,
    struct err *e)
{
	struct picoboot_system system;

	if (picoboot_system(s->pico, &system, e) == -1)
		return -1;
	snprintf(out->uid, sizeof(out->uid), "%s", system.uid);
	if (system.secure_boot == 1)
		snprintf(out->locked, sizeof(out->locked), "secure boot is "
		    "on, and it starts only what is signed for it");
	return find_place(s, out, e);
}

static int
identify_picoboot(struct flash_session *s, struct flash_target *out,
    struct err *e)
{
	const bool second = picoboot_chip(s->pico) == PICOBOOT_RP2350;

	if (picoboot_flash_size(s->pico, &s->size, e) == -1)
		return -1;
	snprintf(out->name, sizeof(out->name), "%s", second ? "RP2350" :
	    "RP2040");
	snprintf(out->chip, sizeof(out->chip), "%s", second ? "rp2350" :
	    "rp2040");
	out->region[0] = (struct flash_region){
		.addr = PICOBOOT_FLASH,
		.end = PICOBOOT_FLASH + (uint64_t)(s->size != 0 ? s->size :
		    PICOBOOT_FLASH_MAX),
		.erase_unit = PICOBOOT_SECTOR,
	};
	out->n_regions = 1;
	out->write_max = PIECE;
	out->write_unit = PICOBOOT_PAGE;
	return second ? identify_rp2350(s, out, e) : 0;
}

/* Where in the flash the bytes for addr lie. */
static uint32_t
place_of(const struct flash_session *s, uint32_t addr)
{
	return addr + s->target.offset;
}

/*
 * The size of a blank flash shows when there is something in it: behind its
 * end lies what was written first.
 */
static int
check_end(struct flash_session *s, uint32_t addr, size_t n, struct err *e)
{
	if (s->size == 0 && addr > PICOBOOT_FLASH &&
	    picoboot_flash_size(s->pico, &s->size, e) == -1)
		return -1;
	return s->size == 0 || addr - PICOBOOT_FLASH + n <= s->size ? 0 :
	    err_set(e, ERR_SPACE, "its flash has %u KiB, and the image needs "
	    "more", s->size >> 10);
}

static int
erase_picoboot(struct flash_session *s, uint32_t addr, size_t n, struct err *e)
{
	const uint32_t at = place_of(s, addr);

	if (check_end(s, at, n, e) == -1)
		return -1;
	return picoboot_erase(s->pico, at, (uint32_t)n, e);
}

static int
write_picoboot(struct flash_session *s, const struct flash_piece *piece,
    struct err *e)
{
	return picoboot_write(s->pico, place_of(s, piece->addr), piece->bytes,
	    (uint32_t)piece->n, e);
}

static int
read_picoboot(struct flash_session *s, uint32_t addr, uint8_t *p, size_t n,
    struct err *e)
{
	return picoboot_read(s->pico, place_of(s, addr), p, (uint32_t)n, e);
}

static int
files_picoboot(const struct flash_job *job, struct flash_session *s,
    struct flash_files *out, struct err *e)
{
	return rp2_files(job, s, read_picoboot, out, e);
}

static int
start_picoboot(struct flash_session *s, struct err *e)
{
	return picoboot_reboot(s->pico, s->target.offset, e);
}

extern const struct flash_driver flash_picoboot;

static const char *const picoboot_modes[] = { "picoboot", NULL };
static const char *const picoboot_options[] = { "bootloader", NULL };

const struct flash_driver flash_picoboot = {
	.name = "picoboot",
	.summary = "writes to an RP2040 or RP2350 over USB, without its drive",
	.modes = picoboot_modes,
	.options = picoboot_options,
	.fits = picoboot_fits,
	.open = open_picoboot,
	.identify = identify_picoboot,
	.erase = erase_picoboot,
	.write = write_picoboot,
	.read = read_picoboot,
	.files = files_picoboot,
	.start = start_picoboot,
	.close = driver_close,
};
