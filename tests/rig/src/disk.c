/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "drive.h"

/*
 * The file system that a bootloader makes up: written to it is forgotten, but
 * for what the UF2 blocks say.
 *
 * Source: Microsoft's FAT specification (fatgen103); uf2-samdx1, ghostfat.c.
 */

#define ROOT_SECTORS	4u		/* 64 entries of 32 bytes */
#define SERIAL		0x12345678u	/* of the volume */
#define ENTRY		32u		/* bytes of a directory's entry */

struct layout {
	uint32_t	 mbr;		/* sectors before the volume */
	uint32_t	 volume;	/* its sectors */
	uint32_t	 per_cluster, fat, data;	/* in sectors */
};

static void
boot_sector(const struct kind *k, const struct layout *l, uint8_t *b)
{
	memcpy(b, "\xeb\x3c\x90MSWIN4.1", 11);
	vdev_put16(b + 11, SECTOR);
	b[13] = (uint8_t)l->per_cluster;
	vdev_put16(b + 14, 1);		/* reserved sectors */
	b[16] = 2;			/* FATs */
	vdev_put16(b + 17, ROOT_SECTORS * SECTOR / ENTRY);
	if (l->volume < 65536)
		vdev_put16(b + 19, l->volume);
	else
		vdev_put32(b + 32, l->volume);
	b[21] = 0xf8;
	vdev_put16(b + 22, l->fat);
	vdev_put16(b + 24, 1);
	vdev_put16(b + 26, 1);
	vdev_put32(b + 28, l->mbr);
	b[38] = 0x29;
	vdev_put32(b + 39, SERIAL);
	snprintf((char *)b + 43, 20, "%-11.11sFAT16   ", k->label);
	vdev_put16(b + 510, 0xaa55);
}

static void
partition_table(const struct layout *l, uint8_t *b)
{
	b[446 + 4] = 0x0e;
	vdev_put32(b + 446 + 8, 1);
	vdev_put32(b + 446 + 12, l->volume);
	vdev_put16(b + 510, 0xaa55);
}

static void
file_entry(uint8_t *entry, const char *name, unsigned cluster, size_t size)
{
	snprintf((char *)entry, 12, "%-11.11s", name);
	entry[11] = 0x21;		/* archive, read-only */
	vdev_put16(entry + 26, cluster);
	vdev_put32(entry + 28, (uint32_t)size);
}

uint8_t *
disk_image(const struct kind *k, const struct disk_file *files, size_t n,
    size_t *len)
{
	const uint32_t per = k->sectors > 65536 ? 8 : k->sectors > 16000 ? 2 :
	    1;
	const uint32_t mbr = k->rom, volume = k->sectors - mbr;
	const uint32_t fat = (volume / per * 2 + SECTOR - 1) / SECTOR + 1;
	const struct layout l = { mbr, volume, per, fat,
		1 + 2 * fat + ROOT_SECTORS };
	uint8_t *head, *b, *root;

	*len = (size_t)(mbr + l.data + n * per) * SECTOR;
	head = mem_alloc(*len);
	b = head + SECTOR * mbr;
	if (mbr > 0)
		partition_table(&l, head);
	boot_sector(k, &l, b);
	for (uint32_t i = 0; i < 2; i++)
		memset(b + SECTOR * (1 + i * fat), 0xff, 2 * (2 + n));
	for (uint32_t i = 0; i < 2; i++)
		b[SECTOR * (1 + i * fat)] = 0xf8;
	root = b + SECTOR * (1 + 2 * fat);
	snprintf((char *)root, 12, "%-11.11s", k->label);
	root[11] = 0x28;		/* archive, the volume's name */
	for (size_t i = 0; i < n; i++) {
		const size_t bytes = strlen(files[i].text);

		file_entry(root + (i + 1) * ENTRY, files[i].name,
		    (unsigned)i + 2, bytes);
		memcpy(b + SECTOR * (l.data + i * per), files[i].text, bytes);
	}
	return head;
}
