/* SPDX-License-Identifier: MIT */

/*
 * fake_uf2 [-k KIND] [-b BOARD-ID] [-n SERIAL] [-f FLASH] [-e MS] [-U N]
 *	[-P N] [-x FAULT] [-o FILE]
 *
 * A UF2 bootloader's drive, as a USB device: rp2040 (the default) and rp2350,
 * with their PICOBOOT interface; samd21, samd51 and nrf52, without partition
 * table, which go at once after the last block.
 *
 * As in the boot ROM only UF2 blocks have an effect; everything else that is
 * written is forgotten.  -o keeps the blocks that came, in their order, once
 * all are there, or what PICOBOOT has put into the flash, as such blocks.  -f
 * is the flash as it was before and as it is afterwards, and -e how long a ROM
 * takes to erase a sector of it.  -U unplugs it after N
 * blocks, -P after N bytes over PICOBOOT.  -x: see bootsel.h.
 *
 * Exit status: 0 it restarts with what it was given, 3 the host let the device
 * go, 4 it was unplugged by -U or -P, 1 trouble.
 *
 * Source: pico-bootrom, usb_virtual_disk.c; uf2-samdx1, ghostfat.c.
 */

#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/mem.h"
#include "bootsel.h"
#include "drive.h"

#define MSC_EP_IN	1
#define MSC_EP_OUT	2
#define LET_GO		3
#define PULLED		4
#define POLL_MS		10
#define BLOCKS_MAX	65536u
#define PAYLOAD		256u		/* bytes: other blocks are ignored */
#define NOT_MAIN	0x0001u
#define HAS_FAMILY	0x2000u

static const struct kind kinds[] = {
	{ "rp2040", "Raspberry Pi", "RP2 Boot", "E0C9125B0D9B", "RPI-RP2",
	    "RPI-RP2", "Raspberry Pi RP2", "RPI", "3.0", 0x2e8a, 0x0003,
	    262144, 0x10000000, 2 << 20, { 0xe48bff56 }, true, 1000 },
	{ "rp2350", "Raspberry Pi", "RP2350 Boot", "5B8A9C1D2E3F4051",
	    "RP2350", "RP2350", "Raspberry Pi RP2350", "RPI", "1.0", 0x2e8a,
	    0x000f, 262144, 0x10000000, 4 << 20,
	    { 0xe48bff59, 0xe48bff5a, 0xe48bff57 }, true, 500 },
	{ "samd21", "Adafruit Industries", "ItsyBitsy M0", "12AB34CD56EF7890",
	    "ITSYBOOT", "SAMD21G18A-ItsyBitsy-v0", "ItsyBitsy M0 Express",
	    "Adafruit", "3.15.0 SFHR", 0x239a, 0x000f, 8000, 0x2000,
	    248 << 10, { 0x68ed2b88 }, false, 0 },
	{ "samd51", "Adafruit Industries", "ItsyBitsy M4", "12AB34CD56EF7891",
	    "ITSYM4BOOT", "SAMD51G19A-Itsy-v0", "ItsyBitsy M4 Express",
	    "Adafruit", "3.15.0 SFHR", 0x239a, 0x002b, 16000, 0x4000,
	    496 << 10, { 0x55114460 }, false, 0 },
	{ "nrf52", "Adafruit Industries", "nRF UF2", "0A1B2C3D4E5F6071",
	    "FTHR840BOOT", "nRF52840-Feather-revD",
	    "Adafruit Feather nRF52840 Express", "Adafruit", "0.6.2", 0x239a,
	    0x0029, 65000, 0x26000, 824 << 10, { 0xada52840 }, false, 0 },
};

struct drive {
	struct kind	 kind;
	struct msc	 msc;
	struct bootsel	 bootsel;	/* of the kinds with a ROM */
	uint32_t	 blocks, family;	/* of the file that comes */
	uint32_t	 have, ignored;
	uint8_t		*file, *seen;
	int64_t		 first_ms, last_ms;	/* a block came */
	long		 pull_at;	/* -1: never */
	int64_t		 end;		/* when it goes; 0: not yet */
	int		 end_status;
};

static const char usage[] = "usage: fake_uf2 [-k KIND] [-b BOARD-ID] "
    "[-n SERIAL] [-f FLASH] [-e MS]\n\t[-U N] [-P N] [-x FAULT] [-o FILE]\n";

static bool
is_block(const uint8_t *b)
{
	return vdev_u32(b) == 0x0a324655 && vdev_u32(b + 4) == 0x9e5d5157 &&
	    vdev_u32(b + 508) == 0x0ab16f30;
}

/* Is it one that this bootloader writes? */
static bool
takes(const struct kind *k, const uint8_t *b)
{
	const uint32_t flags = vdev_u32(b + 8), at = vdev_u32(b + 12);
	const uint32_t total = vdev_u32(b + 24);
	bool mine = !k->rom && (flags & HAS_FAMILY) == 0;

	for (int i = 0; i < 3; i++)
		mine |= k->family[i] != 0 && k->family[i] == vdev_u32(b + 28);
	return mine && (flags & NOT_MAIN) == 0 &&
	    vdev_u32(b + 16) == PAYLOAD && at % PAYLOAD == 0 &&
	    at >= k->base && at - k->base + PAYLOAD <= k->size &&
	    vdev_u32(b + 20) < total && total <= BLOCKS_MAX;
}

static void
begin(struct drive *d, uint32_t blocks, uint32_t family)
{
	free(d->file);
	free(d->seen);
	d->file = mem_alloc((size_t)blocks * SECTOR);
	d->seen = mem_alloc(blocks);
	d->blocks = blocks;
	d->family = family;
	d->have = 0;
	vdev_log("%u blocks of family %08x begin", blocks, family);
}

static void
leave(struct drive *d, int in_ms, int status)
{
	d->end = clock_ms() + in_ms;
	d->end_status = status;
}

static void
wrote(void *ctx, const uint8_t b[SECTOR])
{
	struct drive *d = ctx;
	const uint32_t no = vdev_u32(b + 20);

	if (!is_block(b) || d->end_status == PULLED ||
	    bootsel_has_disk_off(&d->bootsel))
		return;
	if (!takes(&d->kind, b)) {
		d->ignored++;
		return;
	}
	d->last_ms = clock_ms();
	if (d->first_ms == 0)
		d->first_ms = d->last_ms;
	if (vdev_u32(b + 24) != d->blocks || vdev_u32(b + 28) != d->family)
		begin(d, vdev_u32(b + 24), vdev_u32(b + 28));
	if (d->seen[no])
		return;
	d->seen[no] = 1;
	memcpy(d->file + (size_t)no * SECTOR, b, SECTOR);
	if (d->kind.rom)
		bootsel_put(&d->bootsel, vdev_u32(b + 12), b + 32, PAYLOAD);
	d->have++;
	if (d->have == d->blocks)
		leave(d, d->kind.delay_ms, 0);
	else if ((long)d->have == d->pull_at)
		leave(d, 0, PULLED);
}

static int
out(void *ctx, int ep, const uint8_t *p, size_t n)
{
	struct drive *d = ctx;
	int r;

	if (ep == MSC_EP_OUT)
		return msc_out(&d->msc, p, n);
	r = bootsel_out(&d->bootsel, p, n);
	if (d->bootsel.pulled)
		leave(d, 0, PULLED);
	else if (d->bootsel.rom.rebooting && d->end == 0)
		leave(d, (int)d->bootsel.rom.reboot_ms, 0);
	return r;
}

static int
control(void *ctx, const struct vdev_setup *s, uint8_t *b)
{
	struct drive *d = ctx;

	if (s->type == 0xa1 && s->request == 0xfe) {	/* GET MAX LUN */
		b[0] = 0;
		return 1;
	}
	if (s->type == 0x21 && s->request == 0xff) {	/* bulk-only reset */
		msc_reset(&d->msc);
		return 0;
	}
	return d->kind.rom ? bootsel_control(&d->bootsel, s, b) : VDEV_STALL;
}

/*
 * Until it goes.  When it restarts, the answer to the last write gets out
 * first; when it is pulled out, nothing does.
 */
static int
play(struct drive *d)
{
	struct pollfd p = { .fd = vdev_fd(d->msc.v), .events = POLLIN };

	for (;;) {
		if (poll(&p, 1, POLL_MS) > 0 && vdev_step(d->msc.v) == -1)
			return LET_GO;
		if (d->end != 0 && clock_ms() >= d->end &&
		    (d->end_status == PULLED || msc_idle(&d->msc)))
			return d->end_status;
	}
}

static void
make_disk(struct drive *d)
{
	const struct kind *k = &d->kind;
	char *info = mem_printf("UF2 Bootloader v%s\r\nModel: %s\r\n"
	    "Board-ID: %s\r\n", k->version, k->model, k->board_id);
	char *page = mem_printf("<html><body>%s</body></html>\n", k->board_id);
	const struct disk_file files[] = {
		{ "INDEX   HTM", page }, { "INFO_UF2TXT", info },
	};

	d->msc.head = disk_image(k, files, 2, &d->msc.head_len);
	free(page);
	free(info);
}

static int
run(struct drive *d)
{
	static const struct vdev_ops ops = { .control = control, .out = out };
	const struct kind *k = &d->kind;
	const bool two = k->rom && !d->bootsel.drive_only;
	uint8_t dev[18] = { 18, 1, 0x10, 1, 0, 0, 0, 64, 0, 0, 0, 0, 0, 1, 1,
		2, 3, 1 };
	uint8_t cfg[] = {
		9, 2, two ? 55 : 32, 0, two ? 2 : 1, 1, 0, 0x80, 250,
		9, 4, 0, 0, 2, 8, 6, 0x50, 0,
		7, 5, 0x81, 2, 64, 0, 0, 7, 5, 0x02, 2, 64, 0, 0,
		9, 4, 1, 0, 2, 0xff, 0, 0, 0,
		7, 5, 0x03, 2, 64, 0, 0, 7, 5, 0x84, 2, 64, 0, 0,
	};
	const char *strings[] = { k->manufacturer, k->product, k->serial,
		NULL };
	const struct vdev_desc desc = { dev, cfg, strings };
	int status;

	vdev_put16(dev + 8, k->vid);
	vdev_put16(dev + 10, k->pid);
	d->msc.kind = k;
	d->msc.in = MSC_EP_IN;
	make_disk(d);
	d->msc.wrote = wrote;
	d->msc.ctx = d;
	d->msc.v = vdev_plug(&desc, &ops, d);
	if (d->msc.v == NULL)
		return 1;
	d->bootsel.vdev = d->msc.v;
	vdev_log("plugged %s %04x:%04x", k->name, k->vid, k->pid);
	status = play(d);
	vdev_unplug(d->msc.v);
	vdev_log("gone: %u of %u blocks in %lld ms, %u ignored, status %d",
	    d->have, d->blocks, (long long)(d->last_ms - d->first_ms),
	    d->ignored, status);
	return status;
}

static int
keep(const struct drive *d, const char *path)
{
	FILE *f;

	if (d->blocks == 0 || d->have < d->blocks)
		return bootsel_keep(&d->bootsel, d->kind.family[0], path);
	f = fopen(path, "wb");
	if (f == NULL || fwrite(d->file, SECTOR, d->blocks, f) != d->blocks ||
	    fclose(f) != 0) {
		perror(path);
		return 1;
	}
	return 0;
}

static int
set_kind(struct drive *d, const char *name)
{
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (strcmp(kinds[i].name, name) == 0) {
			d->kind = kinds[i];
			return 0;
		}
	return -1;
}

int
main(int argc, char *argv[])
{
	struct drive d = { .kind = kinds[0], .pull_at = -1 };
	const char *path = NULL;
	int ch, status;

	while ((ch = getopt(argc, argv, "k:b:n:f:e:U:P:x:o:")) != -1) {
		if (ch == 'b')
			d.kind.board_id = optarg;
		else if (ch == 'n')
			d.kind.serial = optarg;
		else if (ch == 'U')
			d.pull_at = strtol(optarg, NULL, 10);
		else if (ch == 'f')
			d.bootsel.path = optarg;
		else if (ch == 'e')
			d.bootsel.erase_ms = strtoul(optarg, NULL, 10);
		else if (ch == 'P')
			d.bootsel.pull_at = strtoul(optarg, NULL, 10);
		else if (ch == 'o')
			path = optarg;
		else if (ch == 'x' && bootsel_fault(&d.bootsel, optarg) == 0)
			continue;
		else if (ch != 'k' || set_kind(&d, optarg) == -1)
			break;
	}
	if (ch != -1 || optind != argc) {
		fputs(usage, stderr);
		return 1;
	}
	if (d.kind.rom)
		bootsel_begin(&d.bootsel, d.kind.pid == 0x000f, d.kind.size,
		    d.kind.serial);
	status = run(&d);
	/* Who ends devices may do so while the flash is being kept. */
	signal(SIGTERM, SIG_IGN);
	if (status == 0 && path != NULL)
		status = keep(&d, path);
	if (d.kind.rom && bootsel_end(&d.bootsel) == -1)
		status = 1;
	free(d.msc.head);
	free(d.file);
	free(d.seen);
	return status;
}
