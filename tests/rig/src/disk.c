/* SPDX-License-Identifier: MIT */
#include "disk.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "image/uf2.h"

#define FAMILY		0xe48bff56u
#define BLOCKS_MAX	65536u
#define CLUSTER		8u		/* sectors */
#define FAT_SECTORS	128u
#define ROOT_SECTORS	4u
#define DATA		(1 + 2 * FAT_SECTORS + ROOT_SECTORS)

static void
put16(uint8_t *p, unsigned v)
{
	p[0] = (uint8_t)v;
	p[1] = (uint8_t)(v >> 8);
}

static void
put32(uint8_t *p, uint32_t v)
{
	put16(p, v & 0xffff);
	put16(p + 2, v >> 16);
}

static void
partition_table(uint8_t *b)
{
	b[446 + 4] = 0x0e;		/* FAT16, by LBA */
	put32(b + 446 + 8, 1);
	put32(b + 446 + 12, DISK_SECTORS - 1);
	put16(b + 510, 0xaa55);
}

/* Microsoft, FAT: General Overview of On-Disk Format, 1.03. */
static void
boot_sector(uint8_t *b)
{
	memcpy(b, "\xeb\x3c\x90MSWIN4.1", 11);
	put16(b + 11, DISK_SECTOR);
	b[13] = CLUSTER;
	put16(b + 14, 1);		/* reserved: this one */
	b[16] = 2;			/* FATs */
	put16(b + 17, ROOT_SECTORS * DISK_SECTOR / 32);
	b[21] = 0xf8;
	put16(b + 22, FAT_SECTORS);
	put16(b + 24, 1);
	put16(b + 26, 1);
	put32(b + 28, 1);		/* hidden: the partition table */
	put32(b + 32, DISK_SECTORS - 1);
	b[38] = 0x29;
	put32(b + 39, 0x12345678);
	memcpy(b + 43, "RPI-RP2    FAT16   ", 19);
	put16(b + 510, 0xaa55);
}

/* The file that lies in this cluster; entry counts from the label. */
static void
add_file(uint8_t *volume, unsigned entry, const char *name, unsigned cluster,
    const char *text)
{
	uint8_t *e = volume + DISK_SECTOR * (1 + 2 * FAT_SECTORS) + 32 * entry;

	memcpy(e, name, 11);
	e[11] = 0x21;			/* read-only, archive */
	put16(e + 26, cluster);
	put32(e + 28, (uint32_t)strlen(text));
	memcpy(volume + DISK_SECTOR * (DATA + CLUSTER * (cluster - 2)), text,
	    strlen(text));
	for (unsigned i = 0; i < 2; i++)
		put16(volume + DISK_SECTOR * (1 + i * FAT_SECTORS) +
		    2 * cluster, 0xffff);
}

void
disk_init(struct disk *d)
{
	uint8_t *volume;

	memset(d, 0, sizeof(*d));
	d->head_sectors = 1 + DATA + 2 * CLUSTER;
	d->head = mem_alloc(d->head_sectors * DISK_SECTOR);
	volume = d->head + DISK_SECTOR;
	partition_table(d->head);
	boot_sector(volume);
	for (unsigned i = 0; i < 2; i++)
		put32(volume + DISK_SECTOR * (1 + i * FAT_SECTORS),
		    0xfffffff8);
	memcpy(volume + DISK_SECTOR * (1 + 2 * FAT_SECTORS), "RPI-RP2    \x08",
	    12);
	add_file(volume, 1, "INDEX   HTM", 2, "<html></html>\n");
	add_file(volume, 2, "INFO_UF2TXT", 3, "UF2 Bootloader v3.0\r\n"
	    "Model: Raspberry Pi RP2\r\nBoard-ID: RPI-RP2\r\n");
}

void
disk_read(const struct disk *d, uint32_t lba, uint8_t *sector)
{
	memset(sector, 0, DISK_SECTOR);
	if (lba < d->head_sectors)
		memcpy(sector, d->head + (size_t)lba * DISK_SECTOR,
		    DISK_SECTOR);
}

void
disk_write(struct disk *d, const uint8_t *sector)
{
	struct uf2_block b;
	struct err e;

	if (uf2_parse(sector, DISK_SECTOR, &b, &e) == -1)
		return;
	if (b.family != FAMILY || b.flags & UF2_NOT_MAIN || b.len != 256 ||
	    b.count > BLOCKS_MAX) {
		d->ignored++;
		return;
	}
	if (b.count != d->count) {
		free(d->seen);
		free(d->rom);
		d->seen = mem_alloc(b.count);
		d->rom = mem_alloc((size_t)b.count * UF2_BLOCK);
		d->count = b.count;
		d->have = 0;
	}
	if (d->seen[b.index])
		return;
	d->seen[b.index] = 1;
	memcpy(d->rom + (size_t)d->have++ * UF2_BLOCK, sector, UF2_BLOCK);
}

bool
disk_complete(const struct disk *d)
{
	return d->count > 0 && d->have == d->count;
}
