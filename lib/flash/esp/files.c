/* SPDX-License-Identifier: MIT */
#include "flash/esp/files.h"

#include <stdio.h>
#include <string.h>

#include "esp/partition.h"
#include "flash/esp/params.h"

#define SUPERBLOCK	8192u	/* bytes: littlefs has its first blocks there */
#define ERASED		0xff
#define ENTRY		32u	/* bytes of one in a table */

/* Where a file system is; bytes 0: it is missing. */
struct storage {
	uint32_t	 addr, bytes;
};

/* The table in the image; NULL: it does not reach so far. */
static const uint8_t *
image_table(const struct flash_job *job, size_t *n)
{
	const uint32_t at = PARTITION_AT - esp_job_chip(job)->boot_offset;

	if (strcmp(job->facts.chip, "esp8266") == 0 || job->size <= at)
		return NULL;
	*n = job->size - at < PARTITION_BYTES ? job->size - at :
	    PARTITION_BYTES;
	return job->data + at;
}

static struct storage
storage_of(const struct partitions *t)
{
	const struct partition *p = partitions_files(t);

	return p == NULL ? (struct storage){ 0, 0 } :
	    (struct storage){ p->addr, p->size };
}

/* 1: *out; 0: the chip has no table, or it makes no sense; -1. */
static int
chip_storage(struct esp_loader *l, struct storage *out, bool *blank,
    struct err *e)
{
	uint8_t table[PARTITION_BYTES];
	struct partitions parts;
	struct err why = ERR_INIT;
	const size_t step = esp_is_stub(l) ? 16 * ENTRY : 2 * ENTRY;
	size_t n = 0;

	/* To its end alone: a ROM reads slowly, a stub all at once. */
	memset(table, ERASED, sizeof(table));
	do {
		if (esp_read(l, PARTITION_AT + (uint32_t)n, table + n, step,
		    e) == -1)
			return -1;
		n += step;
	} while (n < sizeof(table) && table[n - ENTRY] == 0xaa);
	*blank = false;
	if (partitions_parse(table, sizeof(table), &parts, &why) == -1) {
		*blank = why.code == ERR_NOT_FOUND;
		return 0;
	}
	*out = storage_of(&parts);
	return 1;
}

/* Is the table there the same as the image's? */
static int
same_table(struct esp_loader *l, const uint8_t *table, size_t n, bool *same,
    struct err *e)
{
	uint8_t now[DIGEST_MD5], want[DIGEST_MD5];

	if (esp_digest(l, PARTITION_AT, n, now, e) == -1)
		return -1;
	digest_md5(table, n, want);
	*same = memcmp(now, want, sizeof(now)) == 0;
	return 0;
}

/* Nothing was ever written to it. */
static int
is_empty(struct esp_loader *l, const struct storage *s, bool *empty,
    struct err *e)
{
	uint8_t erased[SUPERBLOCK], now[DIGEST_MD5], want[DIGEST_MD5];
	const uint32_t n = s->bytes < SUPERBLOCK ? s->bytes : SUPERBLOCK;

	memset(erased, ERASED, sizeof(erased));
	digest_md5(erased, n, want);
	if (esp_digest(l, s->addr, n, now, e) == -1)
		return -1;
	*empty = memcmp(now, want, sizeof(now)) == 0;
	return 0;
}

/* By what the board has said, or not. */
static bool
board_storage(const struct board *b, struct storage *out)
{
	if (b->storage_addr < 0 || b->storage_bytes < 0 ||
	    b->storage_addr > UINT32_MAX || b->storage_bytes > UINT32_MAX)
		return false;
	*out = (struct storage){ (uint32_t)b->storage_addr,
		(uint32_t)b->storage_bytes };
	return true;
}

/* now: where they are; next: where the image looks for them, NULL unknown. */
static void
compare_storage(const struct flash_job *job, const struct storage *now,
    const struct storage *next, struct flash_files *out)
{
	const uint64_t from = esp_job_chip(job)->boot_offset;
	const uint64_t end = from + job->size;

	out->fate = FLASH_FILES_LOST;
	if (now->bytes == 0) {
		out->fate = FLASH_FILES_KEPT;
	} else if (from < (uint64_t)now->addr + now->bytes &&
	    end > now->addr) {
		snprintf(out->why, sizeof(out->why), "the image goes to "
		    "0x%llx, and the file system begins at 0x%x",
		    (unsigned long long)end, now->addr);
	} else if (next == NULL) {
		out->fate = FLASH_FILES_UNKNOWN;
	} else if (next->bytes == 0) {
		snprintf(out->why, sizeof(out->why), "the image has no "
		    "partition for a file system");
	} else if (next->addr != now->addr || next->bytes != now->bytes) {
		snprintf(out->why, sizeof(out->why), "the file system is at "
		    "0x%x (%u KB), and the image has it at 0x%x (%u KB)",
		    now->addr, now->bytes / 1024, next->addr,
		    next->bytes / 1024);
	} else {
		out->fate = FLASH_FILES_KEPT;
	}
}

/* The chip's own table; without one there are no files. */
static int
compare_esp_storage(const struct flash_job *job, struct esp_loader *l,
    const struct storage *next, bool same, struct flash_files *out,
    struct err *e)
{
	struct storage now = { 0, 0 };
	bool blank = false, empty = false;
	int r = 1;

	if (same)
		now = *next;
	else
		r = chip_storage(l, &now, &blank, e);
	if (r == -1)
		return -1;
	if (r == 1 || blank)
		compare_storage(job, &now, next, out);
	if (out->fate != FLASH_FILES_LOST)
		return 0;
	if (is_empty(l, &now, &empty, e) == -1)
		return -1;
	if (empty)
		out->fate = FLASH_FILES_KEPT;
	return 0;
}

int
esp_files(const struct flash_job *job, struct esp_loader *l,
    struct flash_files *out, struct err *e)
{
	struct partitions parts;
	struct err ignored = ERR_INIT;
	struct storage now, next = { 0, 0 };
	size_t n = 0;
	const uint8_t *table = image_table(job, &n);
	const bool told = table != NULL && partitions_parse(table, n, &parts,
	    &ignored) == 0;
	bool same = false;

	out->fate = FLASH_FILES_UNKNOWN;
	if (told)
		next = storage_of(&parts);
	if (job->board.storage_files == 0) {
		out->fate = FLASH_FILES_KEPT;
		return 0;
	}
	/* A board that runs has just read its own table. */
	if ((l == NULL || !esp_can_digest(l) || table == NULL ||
	    strcmp(job->device.mode, "repl") == 0) &&
	    board_storage(&job->board, &now)) {
		compare_storage(job, &now, told ? &next : NULL, out);
		if (out->fate == FLASH_FILES_KEPT)
			return 0;
	}
	if (l == NULL || !esp_can_digest(l) || table == NULL)
		return 0;
	/* A stub reads the whole table as fast as it makes its digest. */
	if (told && !esp_is_stub(l) && same_table(l, table, n, &same, e) == -1)
		return -1;
	return compare_esp_storage(job, l, told ? &next : NULL, same, out, e);
}
