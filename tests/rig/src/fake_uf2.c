/* SPDX-License-Identifier: MIT */

/*
 * fake_uf2: the RP2040 boot ROM, as far as it is a drive:
 *
 *	fake_uf2 FILE
 *
 * When all blocks of a UF2 file have been written, it waits a second, as the
 * boot ROM does, and goes; FILE then holds the blocks as they came.  The exit
 * status is 0, or 3 if the host let go before.
 */

#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/mem.h"
#include "disk.h"
#include "image/uf2.h"
#include "vdev.h"

#define HOST_LET_GO	3
#define SETTLE_MS	1000

enum { IN = 1, OUT = 2 };		/* the endpoints */

static const uint8_t config[] = {
	9, 2, 32, 0, 1, 1, 0, 0x80, 250,
	9, 4, 0, 0, 2, 8, 6, 0x50, 0,
	7, 5, 0x81, 2, 64, 0, 0, 7, 5, 0x02, 2, 64, 0, 0,
};
static const uint8_t device[] = { 18, 1, 0x10, 1, 0, 0, 0, 64, 0x8a, 0x2e,
	0x03, 0x00, 0, 1, 1, 2, 3, 1 };

/* Bulk-only transport and as much of SCSI as Linux asks for. */
struct drive {
	struct vdev	*v;
	struct disk	 disk;
	uint8_t		 tag[4];	/* of the command that runs */
	uint32_t	 room;		/* bytes that the host has room for */
	uint32_t	 left;		/* bytes of a WRITE to come */
	uint8_t		 part[DISK_SECTOR];	/* a sector that came in part */
	size_t		 part_len;
	uint8_t		 sense, asc;
};

static uint32_t
le32(const uint8_t *p)
{
	return (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 |
	    (uint32_t)p[3] << 24;
}

static uint32_t
be32(const uint8_t *p)
{
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 |
	    (uint32_t)p[2] << 8 | (uint32_t)p[3];
}

static void
csw(struct drive *d, uint32_t residue, uint8_t status)
{
	uint8_t b[13] = "USBS";

	memcpy(b + 4, d->tag, 4);
	for (int i = 0; i < 4; i++)
		b[8 + i] = (uint8_t)(residue >> 8 * i);
	b[12] = status;
	vdev_in(d->v, IN, b, sizeof(b));
}

static void
answer(struct drive *d, const void *p, uint32_t n)
{
	if (n > d->room)
		n = d->room;
	if (d->room > 0)
		vdev_in(d->v, IN, p, n);
	csw(d, d->room - n, 0);
}

static void
refuse(struct drive *d, uint8_t asc)
{
	d->sense = 5;			/* illegal request */
	d->asc = asc;
	if (d->room > 0)
		vdev_in(d->v, IN, "", 0);
	csw(d, d->room, 1);
}

static void
read_10(struct drive *d, const uint8_t *cdb)
{
	const uint32_t lba = be32(cdb + 2), n = (uint32_t)cdb[7] << 8 | cdb[8];
	uint8_t *all;

	if (lba + n > DISK_SECTORS || n * DISK_SECTOR != d->room) {
		refuse(d, 0x21);
		return;
	}
	all = mem_alloc((size_t)n * DISK_SECTOR + 1);
	for (uint32_t i = 0; i < n; i++)
		disk_read(&d->disk, lba + i, all + (size_t)i * DISK_SECTOR);
	answer(d, all, n * DISK_SECTOR);
	free(all);
}

static void
write_data(struct drive *d, const uint8_t *p, size_t n)
{
	for (; n > 0 && d->left > 0; n--, d->left--) {
		d->part[d->part_len++] = *p++;
		if (d->part_len == DISK_SECTOR) {
			disk_write(&d->disk, d->part);
			d->part_len = 0;
		}
	}
	if (d->left == 0)
		csw(d, 0, 0);
}

static void
inquiry(struct drive *d, const uint8_t *cdb)
{
	static const uint8_t who[36] = "\0\200\2\2\37\0\0\0RPI     "
	    "RP2             3   ";

	if (cdb[1] & 1)
		refuse(d, 0x24);
	else
		answer(d, who, sizeof(who));
}

static void
request_sense(struct drive *d)
{
	uint8_t b[18] = { 0x70, 0, d->sense, 0, 0, 0, 0, 10 };

	b[12] = d->asc;
	d->sense = d->asc = 0;
	answer(d, b, sizeof(b));
}

static void
command(struct drive *d, const uint8_t *cdb)
{
	static const uint8_t mode[4] = { 3 };
	uint8_t size[8] = { 0, 0, 0, 0, 0, 0, DISK_SECTOR >> 8, 0 };

	switch (cdb[0]) {
	case 0x00:			/* TEST UNIT READY */
	case 0x1b:			/* START STOP UNIT */
	case 0x1e:			/* PREVENT ALLOW MEDIUM REMOVAL */
	case 0x2f:			/* VERIFY */
	case 0x35:			/* SYNCHRONIZE CACHE */
		answer(d, "", 0);
		break;
	case 0x03:
		request_sense(d);
		break;
	case 0x12:
		inquiry(d, cdb);
		break;
	case 0x1a:			/* MODE SENSE(6) */
		answer(d, mode, sizeof(mode));
		break;
	case 0x25:			/* READ CAPACITY: the last sector */
		for (int i = 0; i < 4; i++)
			size[i] = (uint8_t)((DISK_SECTORS - 1) >> (24 - 8 * i));
		answer(d, size, sizeof(size));
		break;
	case 0x28:
		read_10(d, cdb);
		break;
	case 0x2a:			/* WRITE(10): the data comes next */
		d->left = d->room;
		d->part_len = 0;
		break;
	default:
		refuse(d, 0x20);
	}
}

static int
out(void *ctx, int ep, const uint8_t *p, size_t n)
{
	struct drive *d = ctx;

	(void)ep;
	if (d->left > 0) {
		write_data(d, p, n);
		return 0;
	}
	if (n != 31 || memcmp(p, "USBC", 4) != 0)
		return VDEV_STALL;
	memcpy(d->tag, p + 4, 4);
	d->room = le32(p + 8);
	command(d, p + 15);
	return 0;
}

static int
control(void *ctx, const struct vdev_setup *s, uint8_t *b)
{
	struct drive *d = ctx;

	if (s->type == 0xa1 && s->request == 0xfe) {
		b[0] = 0;		/* GET MAX LUN: one */
		return 1;
	}
	if (s->type == 0x21 && s->request == 0xff) {	/* bulk-only reset */
		vdev_in_drop(d->v, IN);
		d->left = 0;
		return 0;
	}
	return VDEV_STALL;
}

int
main(int argc, char *argv[])
{
	static const char *const strings[] = { "Raspberry Pi", "RP2 Boot",
		"E0C9125B0D9B", NULL };
	const struct vdev_desc d = { device, config, strings };
	const struct vdev_ops ops = { control, out };
	struct drive drive = { .part_len = 0 };
	struct err e = ERR_INIT;
	int64_t end = INT64_MAX;
	bool gone = false;

	disk_init(&drive.disk);
	drive.v = argc == 2 ? vdev_plug(&d, &ops, &drive) : NULL;
	if (drive.v == NULL) {
		fputs("usage: fake_uf2 FILE\n", stderr);
		return 1;
	}
	vdev_log("a drive");
	while (!gone && (clock_ms() < end || vdev_in_queued(drive.v, IN) > 0)) {
		struct pollfd p = { vdev_fd(drive.v), POLLIN, 0 };

		if (poll(&p, 1, 10) > 0)
			gone = vdev_step(drive.v) == -1;
		if (end == INT64_MAX && disk_complete(&drive.disk))
			end = clock_ms() + SETTLE_MS;
	}
	vdev_unplug(drive.v);
	vdev_log("gone: %u of %u blocks, %u ignored", drive.disk.have,
	    drive.disk.count, drive.disk.ignored);
	if (gone)
		return HOST_LET_GO;
	return file_write(argv[1], drive.disk.rom, (size_t)drive.disk.have *
	    UF2_BLOCK, 0666, &e) == 0 ? 0 : 1;
}
