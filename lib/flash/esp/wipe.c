/* SPDX-License-Identifier: MIT */
#include "flash/esp/wipe.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/stop.h"
#include "esp/partition.h"

#define BLOCK		65536u	/* bytes that a flash erases at once */
#define SECTOR		4096u
#define SUPERBLOCK	8192u	/* littlefs has its first blocks there */
#define DATA		1u	/* a type of a partition */
#define OTADATA		0u	/* subtypes of it */
#define NVS		2u
#define ERASED		0xff

/* What is there without being blank goes. */
static int
erase_range(struct esp_loader *l, uint32_t addr, size_t n, struct err *e)
{
	uint8_t now[DIGEST_MD5], want[DIGEST_MD5], *blank;

	if (n == 0)
		return 0;
	if (stop_requested())
		return err_set(e, ERR_CANCELLED, "stopped while erasing");
	if (!esp_can_digest(l))
		return esp_erase_region(l, addr, n, e);
	if (esp_digest(l, addr, n, now, e) == -1)
		return -1;
	blank = mem_alloc(n);
	memset(blank, ERASED, n);
	digest_md5(blank, n, want);
	free(blank);
	return memcmp(now, want, sizeof(now)) == 0 ? 0 :
	    esp_erase_region(l, addr, n, e);
}

/* That part of from to end which is not in what the image covers. */
static int
erase_outside(struct esp_loader *l, uint64_t from, uint64_t end,
    uint64_t image, uint64_t image_end, struct err *e)
{
	const uint64_t left = end < image ? end : image;
	const uint64_t right = from > image_end ? from : image_end;

	if (from < left && erase_range(l, (uint32_t)from,
	    (size_t)(left - from), e) == -1)
		return -1;
	return right >= end ? 0 : erase_range(l, (uint32_t)right,
	    (size_t)(end - right), e);
}

static int
wipe_all(struct esp_loader *l, const struct esp_target *c, uint64_t from,
    uint64_t end, struct err *e)
{
	if (c->flash_size == 0)
		return err_set(e, ERR_UNSUPPORTED, "--erase all: the flash "
		    "with the id 0x%06x is not known", c->flash_id);
	for (uint64_t at = 0; at < c->flash_size; at += BLOCK)
		if (erase_outside(l, at, at + BLOCK, from, end, e) == -1)
			return -1;
	return 0;
}

/* The image's table, which the chip will have. */
static int
read_table(const struct flash_job *job, const struct esp_target *c,
    struct partitions *out, struct err *e)
{
	const uint32_t at = PARTITION_AT - c->chip->boot_offset;

	if (job->size <= at)
		return err_set(e, ERR_NOT_FOUND, "no partition table");
	return partitions_parse(job->data + at, job->size - at, out, e);
}

static int
wipe_files(const struct flash_job *job, struct esp_loader *l,
    const struct esp_target *c, uint64_t from, uint64_t end, struct err *e)
{
	struct partitions t;
	const struct partition *files = NULL;
	struct err why = ERR_INIT;

	if (read_table(job, c, &t, &why) == 0)
		files = partitions_files(&t);
	if (files == NULL && job->board.storage_addr > 0)
		return erase_outside(l, (uint64_t)job->board.storage_addr,
		    (uint64_t)job->board.storage_addr + SUPERBLOCK, from, end,
		    e);
	if (files == NULL)
		return err_set(e, ERR_UNSUPPORTED, "--erase fs: %s has no "
		    "place for files", job->image.path);
	for (size_t i = 0; i < t.n; i++) {
		const struct partition *p = &t.v[i];
		const bool settings = p->type == DATA &&
		    (p->subtype == NVS || p->subtype == OTADATA);
		const uint64_t n = p == files && p->size > SUPERBLOCK ?
		    SUPERBLOCK : p->size;

		if ((settings || p == files) && erase_outside(l, p->addr,
		    p->addr + n, from, end, e) == -1)
			return -1;
	}
	return 0;
}

int
esp_wipe(const struct flash_job *job, struct esp_loader *l,
    const struct esp_target *c, uint32_t from, uint64_t end, struct err *e)
{
	from -= from % SECTOR;
	end = (end + SECTOR - 1) / SECTOR * SECTOR;
	return job->words.wipe == FLASH_WIPE_ALL ?
	    wipe_all(l, c, from, end, e) :
	    wipe_files(job, l, c, from, end, e);
}
