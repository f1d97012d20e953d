/* SPDX-License-Identifier: MIT */
#include "scsi/fat.h"

#include <stdbool.h>
#include <string.h>
#include <strings.h>

#include "base/bytes.h"

#define SIGN		510u		/* 55 aa, at the end of sector 0 */
#define PARTITION	446u		/* the first entry of a table */
#define ENTRY		32u		/* bytes of an entry in a folder */
#define NAME		11u		/* of its name and extension */
#define NOT_A_FILE	0x18u		/* a volume's label, a folder */
#define ROOT_MAX	4096u		/* entries that are looked at */
#define FAT12_MAX	4085u		/* clusters, below which it is FAT12 */

struct volume {
	const struct fat_disk *disk;
	uint32_t	 fat, root, data;	/* where each begins */
	uint32_t	 root_entries, cluster_sectors, clusters;
	bool		 fat12;
};

static int
damaged(struct err *e)
{
	return err_set(e, ERR_INPUT, "no file system of a bootloader's drive");
}

static int
read_fat_sector(const struct volume *v, uint32_t lba, uint8_t p[FAT_SECTOR],
    struct err *e)
{
	return v->disk->read(v->disk->ctx, lba, p, e);
}

/* Is this the first sector of such a file system? */
static bool
is_boot_sector(const uint8_t *p)
{
	const uint32_t per_cluster = p[13];

	return (p[0] == 0xeb || p[0] == 0xe9) && le16(p + 11) == FAT_SECTOR &&
	    per_cluster != 0 && (per_cluster & (per_cluster - 1)) == 0 &&
	    le16(p + 14) != 0 && p[16] != 0 && le16(p + 17) != 0 &&
	    le16(p + 22) != 0;
}

static int
read_fat_layout(struct volume *v, uint32_t at, const uint8_t *p, struct err *e)
{
	const uint64_t total = le16(p + 19) != 0 ? le16(p + 19) : le32(p + 32);
	uint64_t fat, root, data;

	v->root_entries = le16(p + 17);
	v->cluster_sectors = p[13];
	fat = (uint64_t)at + le16(p + 14);
	root = fat + (uint64_t)p[16] * le16(p + 22);
	data = root + (v->root_entries * ENTRY + FAT_SECTOR - 1) / FAT_SECTOR;
	if (data >= at + total || at + total > UINT32_MAX)
		return damaged(e);
	v->fat = (uint32_t)fat;
	v->root = (uint32_t)root;
	v->data = (uint32_t)data;
	v->clusters = (uint32_t)((at + total - data) / v->cluster_sectors);
	v->fat12 = v->clusters < FAT12_MAX;
	return 0;
}

/* The file system is there at once, or in the first partition. */
static int
find_volume(struct volume *v, struct err *e)
{
	uint8_t p[FAT_SECTOR];
	uint32_t at = 0;

	if (read_fat_sector(v, 0, p, e) == -1)
		return -1;
	if (p[SIGN] != 0x55 || p[SIGN + 1] != 0xaa)
		return damaged(e);
	if (!is_boot_sector(p)) {
		at = le32(p + PARTITION + 8);
		if (p[PARTITION + 4] == 0 || at == 0)
			return damaged(e);
		if (read_fat_sector(v, at, p, e) == -1)
			return -1;
		if (!is_boot_sector(p))
			return damaged(e);
	}
	return read_fat_layout(v, at, p, e);
}

/* Its entry; ERR_NOT_FOUND. */
static int
find_entry(const struct volume *v, const char *name, uint8_t out[ENTRY],
    struct err *e)
{
	uint8_t p[FAT_SECTOR];

	for (uint32_t i = 0; i < v->root_entries && i < ROOT_MAX; i++) {
		const uint32_t at = i * ENTRY % FAT_SECTOR;

		if (at == 0 && read_fat_sector(v, v->root +
		    i * ENTRY / FAT_SECTOR, p, e) == -1)
			return -1;
		if (p[at] == 0)
			break;			/* the last one was before */
		if ((p[at + NAME] & NOT_A_FILE) == 0 && strncasecmp(
		    (const char *)p + at, name, NAME) == 0) {
			memcpy(out, p + at, ENTRY);
			return 0;
		}
	}
	return err_set(e, ERR_NOT_FOUND, "%.11s: no such file", name);
}

/* The cluster that follows this one in its file, or one that is none. */
static int
next_cluster(const struct volume *v, uint32_t *cluster, struct err *e)
{
	const uint32_t at = v->fat12 ? *cluster + *cluster / 2 : *cluster * 2;
	uint8_t p[2 * FAT_SECTOR] = { 0 };
	const uint32_t in = at % FAT_SECTOR;

	if (read_fat_sector(v, v->fat + at / FAT_SECTOR, p, e) == -1)
		return -1;
	/* A number of FAT12 may lie in two sectors. */
	if (in == FAT_SECTOR - 1 && read_fat_sector(v,
	    v->fat + at / FAT_SECTOR + 1, p + FAT_SECTOR, e) == -1)
		return -1;
	if (!v->fat12)
		*cluster = le16(p + in);
	else
		*cluster = *cluster % 2 == 0 ? le16(p + in) & 0xfff :
		    le16(p + in) >> 4;
	return 0;
}

static int
read_cluster(const struct volume *v, uint32_t cluster, uint32_t *left,
    struct buf *out, struct err *e)
{
	const uint32_t at = v->data + (cluster - 2) * v->cluster_sectors;
	uint8_t p[FAT_SECTOR];
	uint32_t todo = v->cluster_sectors * FAT_SECTOR, n;

	todo = *left < todo ? *left : todo;
	*left -= todo;
	for (uint32_t i = 0; todo > 0; i++, todo -= n) {
		if (read_fat_sector(v, at + i, p, e) == -1)
			return -1;
		n = todo < FAT_SECTOR ? todo : FAT_SECTOR;
		buf_add(out, p, n);
	}
	return 0;
}

int
fat_read(const struct fat_disk *d, const char *name, struct buf *out,
    struct err *e)
{
	struct volume v = { .disk = d };
	uint8_t entry[ENTRY] = { 0 };
	uint32_t cluster, left;

	if (find_volume(&v, e) == -1 || find_entry(&v, name, entry, e) == -1)
		return -1;
	cluster = le16(entry + 26);
	left = le32(entry + 28);
	if (left > FAT_FILE)
		return damaged(e);
	while (left > 0) {
		if (cluster < 2 || cluster - 2 >= v.clusters)
			return damaged(e);
		if (read_cluster(&v, cluster, &left, out, e) == -1 ||
		    (left > 0 && next_cluster(&v, &cluster, e) == -1))
			return -1;
	}
	return 0;
}
