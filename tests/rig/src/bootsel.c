/* SPDX-License-Identifier: MIT */
#include "bootsel.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../tests/unit/make_uf2.h"
#include "base/clock.h"

#define PAGE		256u

static void
to_host(void *ctx, const void *p, size_t n)
{
	struct bootsel *b = ctx;

	b->moved += n;
	vdev_in(b->vdev, BOOTSEL_IN, p, n);
}

static void
halt(void *ctx)
{
	struct bootsel *b = ctx;

	vdev_log("picoboot: command %02x of %08x refused: %u",
	    b->rom.command[8], vdev_u32(b->rom.command + 16),
	    b->rom.status);
	vdev_in_halt(b->vdev, BOOTSEL_IN);
	vdev_out_halt(b->vdev, BOOTSEL_OUT);
}

int
bootsel_fault(struct bootsel *b, const char *text)
{
	char *end = NULL;

	if (strcmp(text, "secure") == 0) {
		b->secure = true;
	} else if (strcmp(text, "nowhere") == 0) {
		b->nowhere = true;
	} else if (strcmp(text, "drive") == 0) {
		b->drive_only = true;
	} else if (strncmp(text, "stall=", 6) == 0) {
		b->stall_at = strtoul(text + 6, &end, 10);
	} else if (strncmp(text, "part=", 5) == 0) {
		b->first = (uint32_t)strtoul(text + 5, &end, 10);
		if (*end == '-')
			b->last = (uint32_t)strtoul(end + 1, &end, 10);
	} else {
		return -1;
	}
	return end == NULL || *end == '\0' ? 0 : -1;
}

static void
load_flash(struct bootsel *b)
{
	FILE *f = b->path != NULL ? fopen(b->path, "rb") : NULL;

	if (f != NULL && fread(b->rom.flash, 1, b->rom.flash_size, f) == 0)
		vdev_log("%s: empty", b->path);
	if (f != NULL)
		fclose(f);
}

void
bootsel_begin(struct bootsel *b, bool rp2350, uint32_t size,
    const char *serial)
{
	b->rom = (struct picorom){
		.rp2350 = rp2350, .flash_size = size,
		.secure_boot = b->secure, .nowhere = b->nowhere,
		.partition = b->last > 0 ? 0 : -1,
		.first = b->first, .last = b->last,
		.id = strtoull(serial, NULL, 16),
		.in = to_host, .halt = halt, .ctx = b,
	};
	picorom_init(&b->rom);
	load_flash(b);
}

static int
save_flash(const struct bootsel *b)
{
	FILE *f = fopen(b->path, "wb");
	int r = 0;

	if (f == NULL || fwrite(b->rom.flash, 1, b->rom.flash_size, f) !=
	    b->rom.flash_size)
		r = -1;
	if (f != NULL && fclose(f) != 0)
		r = -1;
	if (r == -1)
		perror(b->path);
	return r;
}

int
bootsel_end(struct bootsel *b)
{
	const int r = b->path != NULL ? save_flash(b) : 0;

	if (b->rom.commands > 0)
		vdev_log("picoboot: %u commands in %lld ms, %u sectors erased, "
		    "%u pages written", b->rom.commands,
		    (long long)(b->last_ms - b->first_ms), b->rom.erased,
		    b->rom.written);
	picorom_release(&b->rom);
	return r;
}

int
bootsel_out(struct bootsel *b, const uint8_t *p, size_t n)
{
	unsigned erased;
	int r;

	b->moved += n;
	b->last_ms = clock_ms();
	if (b->first_ms == 0)
		b->first_ms = b->last_ms;
	if (b->pull_at > 0 && b->moved >= b->pull_at) {
		b->pulled = true;
		return VDEV_NAK;
	}
	if (b->stall_at > 0 && b->rom.commands + 1 == b->stall_at &&
	    b->rom.want == 0 && !b->rom.ack) {
		b->stall_at = 0;
		halt(b);
		return VDEV_STALL;
	}
	erased = b->rom.erased;
	r = picorom_out(&b->rom, p, n);
	clock_sleep_ms((int)((b->rom.erased - erased) * b->erase_ms));
	return r == 0 ? 0 : VDEV_STALL;
}

int
bootsel_control(struct bootsel *b, const struct vdev_setup *s, uint8_t *buf)
{
	const int n = picorom_control(&b->rom, s->type, s->request, buf);

	if (n == 0)			/* a reset */
		vdev_in_drop(b->vdev, BOOTSEL_IN);
	return n == PICOROM_STALL ? VDEV_STALL : n;
}

bool
bootsel_has_disk_off(const struct bootsel *b)
{
	return b->rom.exclusive != 0;
}

void
bootsel_put(struct bootsel *b, uint32_t addr, const uint8_t *p, size_t n)
{
	const uint32_t at = (addr - PICOROM_FLASH) % b->rom.flash_size;

	if (at % PICOROM_SECTOR == 0) {
		memset(b->rom.flash + at, 0xff, PICOROM_SECTOR);
		clock_sleep_ms((int)b->erase_ms);
	}
	memcpy(b->rom.flash + at, p, n);
}

static bool
is_blank(const uint8_t *page)
{
	for (size_t i = 0; i < PAGE; i++)
		if (page[i] != 0xff)
			return false;
	return true;
}

int
bootsel_keep(const struct bootsel *b, uint32_t family, const char *path)
{
	const uint32_t base = b->first * PICOROM_SECTOR;
	uint32_t pages = (b->rom.flash_size - base) / PAGE;
	const uint8_t *flash = b->rom.flash + base;
	uint8_t block[MAKE_UF2_BLOCK];
	FILE *f = fopen(path, "wb");
	int bad = f == NULL;

	while (pages > 0 && is_blank(flash + (pages - 1) * PAGE))
		pages--;
	for (uint32_t i = 0; !bad && i < pages; i++) {
		make_uf2(block, family, PICOROM_FLASH + i * PAGE, i, pages,
		    flash + i * PAGE, PAGE);
		bad = fwrite(block, sizeof(block), 1, f) != 1;
	}
	if (bad || fclose(f) != 0) {
		perror(path);
		return 1;
	}
	return 0;
}
