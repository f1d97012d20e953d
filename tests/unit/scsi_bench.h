/* SPDX-License-Identifier: MIT */
#ifndef MPF_SCSI_BENCH_H
#define MPF_SCSI_BENCH_H

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "scsi/scsi.h"
#include "usb/ops.h"

/*
 * scsi_bench: a disk on USB in memory, as lib/scsi meets it, with what may go
 * wrong there; and the file system of a bootloader's drive.
 */

#define BENCH_SECTOR	512u

struct disk {
	struct usb	 usb;
	uint8_t		*sectors;	/* the caller's */
	uint32_t	 n;
	uint32_t	 sector_bytes;	/* that it says it has */

	/* What goes wrong; 0: nothing. */
	int		 not_ready;	/* so many questions long */
	int		 sense;		/* the key that it gives for that */
	bool		 stall_data;	/* the next data phase is refused */
	bool		 stall_status;	/* and so is the next status, once */
	bool		 nonsense;	/* for a status, once */
	bool		 fails;		/* reads and writes are refused */
	int		 gone_after;	/* so many writes; -1: stays */

	/* What came. */
	int		 claims, releases, halts, resets, writes, closed;
	uint32_t	 last_lba;
	void		(*on_write)(struct disk *d, uint32_t lba,
			    const uint8_t *p, size_t n);
	void		*ctx;

	uint8_t		 cbw[31], csw[13];
	bool		 has_cbw, failed;
	uint8_t		 data[SCSI_MAX * BENCH_SECTOR];
	size_t		 n_data;
};

static inline struct disk *
disk_of(struct usb *u)
{
	return (struct disk *)u;
}

static inline int
disk_claim(struct usb *u, uint8_t interface, uint8_t alternate, struct err *e)
{
	(void)interface;
	(void)alternate;
	(void)e;
	disk_of(u)->claims++;
	return 0;
}

static inline void
disk_release(struct usb *u, uint8_t interface)
{
	(void)interface;
	disk_of(u)->releases++;
}

static inline int
disk_control(struct usb *u, const struct usb_setup *setup, void *p, size_t n,
    int64_t deadline, size_t *got, struct err *e)
{
	(void)p;
	(void)deadline;
	(void)e;
	*got = n;
	disk_of(u)->resets += setup->request == 0xff;
	return 0;
}

static inline uint32_t
disk_lba(const struct disk *d)
{
	const uint8_t *c = d->cbw + 15;

	return (uint32_t)c[2] << 24 | (uint32_t)c[3] << 16 |
	    (uint32_t)c[4] << 8 | c[5];
}

/* A command has come: what is to be sent, and its status. */
static inline void
disk_begin(struct disk *d)
{
	const uint8_t *c = d->cbw + 15;
	const uint32_t last = d->n - 1, size = d->sector_bytes;

	memcpy(d->csw, "USBS", 4);
	memcpy(d->csw + 4, d->cbw + 4, 4);
	memset(d->csw + 8, 0, 5);
	d->n_data = 0;
	switch (c[0]) {
	case 0x00:
		d->failed = d->not_ready > 0;
		d->not_ready -= d->failed;
		d->csw[12] = d->failed;
		break;
	case 0x03:
		memset(d->data, 0, 18);
		d->data[2] = (uint8_t)d->sense;
		d->n_data = 18;
		break;
	case 0x25:
		for (int i = 0; i < 4; i++) {
			d->data[i] = (uint8_t)(last >> 8 * (3 - i));
			d->data[4 + i] = (uint8_t)(size >> 8 * (3 - i));
		}
		d->n_data = 8;
		break;
	case 0x28:
		d->n_data = (size_t)c[8] * BENCH_SECTOR;
		memcpy(d->data, d->sectors + disk_lba(d) * BENCH_SECTOR,
		    d->n_data);
		d->csw[12] = d->fails;
		break;
	default:
		d->csw[12] = d->fails;
		break;
	}
}

static inline int
disk_take(struct disk *d, const void *p, size_t n, struct err *e)
{
	if (!d->has_cbw) {
		memcpy(d->cbw, p, n < sizeof(d->cbw) ? n : sizeof(d->cbw));
		d->has_cbw = true;
		disk_begin(d);
		return 0;
	}
	if (d->gone_after != -1 && d->writes >= d->gone_after)
		return usb_gone(&d->usb, e);
	d->writes++;
	d->last_lba = disk_lba(d);
	if (d->fails)
		return usb_refused(&d->usb, e);
	memcpy(d->sectors + d->last_lba * BENCH_SECTOR, p, n);
	if (d->on_write != NULL)
		d->on_write(d, d->last_lba, p, n);
	return 0;
}

static inline int
disk_bulk(struct usb *u, uint8_t endpoint, void *p, size_t n,
    int64_t deadline, size_t *got, struct err *e)
{
	struct disk *d = disk_of(u);
	bool *stall = d->n_data > 0 ? &d->stall_data : &d->stall_status;

	(void)deadline;
	*got = n;
	if ((endpoint & USB_IN) == 0)
		return disk_take(d, p, n, e);
	if (*stall) {
		*stall = false;
		d->n_data = 0;
		return usb_refused(u, e);
	}
	if (d->n_data > 0) {
		*got = n < d->n_data ? n : d->n_data;
		memcpy(p, d->data, *got);
		d->n_data = 0;
		return 0;
	}
	d->has_cbw = false;
	*got = n < sizeof(d->csw) ? n : sizeof(d->csw);
	memcpy(p, d->csw, *got);
	if (d->nonsense)
		memset(p, 'x', *got);
	d->nonsense = false;
	return 0;
}

static inline int
disk_clear_halt(struct usb *u, uint8_t endpoint, struct err *e)
{
	(void)endpoint;
	(void)e;
	disk_of(u)->halts++;
	return 0;
}

static inline void
disk_close(struct usb *u)
{
	disk_of(u)->closed++;
}

static inline int
disk_reset(struct usb *u, struct err *e)
{
	(void)u;
	(void)e;
	return 0;
}

static const struct usb_ops disk_ops = {
	disk_claim, disk_release, disk_control, disk_bulk, disk_clear_halt,
	disk_reset, disk_close
};

static struct usb_endpoint disk_endpoints[] = {
	{ 0x81, USB_INTERRUPT, 8 }, { 0x02, USB_BULK, 64 },
	{ 0x83, USB_BULK, 64 },
};
static struct usb_setting disk_settings[] = {
	{ .interface = 0, .class = 2, .subclass = 2 },
	{ .interface = 2, .class = 8, .subclass = 6, .protocol = 0x50,
	    .endpoints = disk_endpoints, .n_endpoints = 3 },
};

static inline void
disk_init(struct disk *d, uint8_t *sectors, uint32_t n)
{
	*d = (struct disk){ .usb = { .ops = &disk_ops,
	    .info = { .path = "1-1", .settings = disk_settings,
	    .n_settings = 2 } }, .sectors = sectors, .n = n,
	    .sector_bytes = BENCH_SECTOR, .gone_after = -1 };
}

/* --- its file system --- */

static inline void
put16(uint8_t *p, unsigned v)
{
	p[0] = (uint8_t)v;
	p[1] = (uint8_t)(v >> 8);
}

struct fat_shape {
	uint32_t	at;		/* of the file system; 0: no table */
	uint32_t	sectors;	/* of the file system; under 65536 */
	unsigned	per_cluster, reserved, fats, fat_sectors, root;
	bool		fat12;
};

/* The entry of a cluster in a FAT. */
static inline void
fat_link(uint8_t *fat, bool fat12, unsigned cluster, unsigned next)
{
	uint8_t *p = fat + (fat12 ? cluster + cluster / 2 : 2 * cluster);

	if (!fat12)
		put16(p, next);
	else if (cluster % 2 == 0)
		put16(p, (p[1] & 0xf0u) << 8 | next);
	else
		put16(p, next << 4 | (p[0] & 0x0fu));
}

/* One file, from cluster first on; later clusters are every third one. */
static inline void
fat_make(uint8_t *disk, const struct fat_shape *f, unsigned first,
    const char *name, const char *text)
{
	uint8_t *b = disk + f->at * BENCH_SECTOR;
	uint8_t *fat = b + f->reserved * BENCH_SECTOR;
	uint8_t *root = fat + f->fats * f->fat_sectors * BENCH_SECTOR;
	uint8_t *data = root + (f->root * 32 + 511) / 512 * BENCH_SECTOR;
	const size_t size = strlen(text), one = f->per_cluster * BENCH_SECTOR;
	unsigned cluster = first;

	if (f->at != 0) {
		disk[446 + 4] = 0x0e;
		put16(disk + 446 + 8, f->at);
		put16(disk + 510, 0xaa55);
	}
	b[0] = 0xeb;
	put16(b + 11, BENCH_SECTOR);
	b[13] = (uint8_t)f->per_cluster;
	put16(b + 14, f->reserved);
	b[16] = (uint8_t)f->fats;
	put16(b + 17, f->root);
	put16(b + 19, f->sectors);
	put16(b + 22, f->fat_sectors);
	put16(b + 510, 0xaa55);
	memcpy(root, "RPI-RP2    \x08", 12);
	memcpy(root + 32, name, 11);
	put16(root + 32 + 26, first);
	put16(root + 32 + 28, (unsigned)size);
	for (size_t done = 0; done < size; done += one) {
		const size_t n = size - done < one ? size - done : one;

		memcpy(data + (cluster - 2) * one, text + done, n);
		fat_link(fat, f->fat12, cluster, done + one < size ?
		    cluster + 3 : 0xfff);
		cluster += 3;
	}
}

#endif
