/* SPDX-License-Identifier: MIT */
#include "flash/picoboot/files.h"

#include <stdio.h>
#include <string.h>

#include "image/binary_info.h"
#include "image/segments.h"
#include "picoboot/picoboot.h"

#define WINDOW		1024u	/* bytes: one read of the flash at once */
#define ERASED		0xff
#define BEGINNING	8192u	/* of a file system: two sectors */

/* The flash, by windows, of which the last is kept. */
struct chip_bytes {
	struct flash_session	*session;
	files_read_fn		*read;
	uint32_t		 at;		/* of the window; 0: none yet */
	uint8_t			 window[WINDOW];
};

static int
read_chip(void *ctx, uint32_t addr, void *p, size_t n, struct err *e)
{
	struct chip_bytes *c = ctx;
	uint8_t *out = p;
	const uint32_t last = PICOBOOT_FLASH_MAX - WINDOW - (uint32_t)n;
	size_t k;

	if (addr < PICOBOOT_FLASH || addr - PICOBOOT_FLASH > last)
		return err_set(e, ERR_NOT_FOUND, "not in flash");
	for (; n > 0; addr += (uint32_t)k, out += k, n -= k) {
		const uint32_t at = addr - addr % WINDOW;

		if (c->at != at && c->read(c->session, at, c->window, WINDOW,
		    e) == -1)
			return -1;
		c->at = at;
		k = WINDOW - addr % WINDOW;
		k = k < n ? k : n;
		memcpy(out, c->window + addr % WINDOW, k);
	}
	return 0;
}

static int
read_image(void *ctx, uint32_t addr, void *p, size_t n, struct err *e)
{
	const struct image_segments *l = ctx;

	for (size_t i = 0; i < l->n; i++) {
		const struct image_segment *s = &l->v[i];

		if (addr < s->addr || addr - s->addr > s->len ||
		    n > s->len - (addr - s->addr))
			continue;
		memcpy(p, s->bytes + (addr - s->addr), n);
		return 0;
	}
	return err_set(e, ERR_NOT_FOUND, "not in the image");
}

/* The device with the user's files, or NULL: not known. */
static const struct binary_block *
files_block(const struct binary_info *info)
{
	for (size_t i = 0; i < info->n; i++)
		if (strcmp(info->block[i].name, "MicroPython") == 0)
			return &info->block[i];
	return NULL;
}

static bool
is_erased(const uint8_t *p, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (p[i] != ERASED)
			return false;
	return true;
}

/* 1: nothing was ever written there; 0; -1. */
static int
is_blank_range(struct chip_bytes *c, uint32_t addr, size_t n, struct err *e)
{
	uint8_t some[WINDOW];

	for (size_t i = 0; i < n; i += WINDOW) {
		if (read_chip(c, addr + (uint32_t)i, some, WINDOW, e) == -1)
			return e->code == ERR_NOT_FOUND ? 0 : -1;
		if (!is_erased(some, WINDOW))
			return 0;
	}
	return 1;
}

static bool
overwrites(const struct image_segments *l, const struct binary_block *b,
    uint64_t *end)
{
	const uint64_t block_end = (uint64_t)b->addr + b->size;

	for (size_t i = 0; i < l->n; i++) {
		*end = l->v[i].addr;
		if (*end >= block_end)
			return false;	/* as are all that follow */
		*end += l->v[i].len;
		if (*end > b->addr)
			return true;
	}
	return false;
}

/* now: where the files are; next: where the image will look for them. */
static void
compare_blocks(const struct image_segments *l, const struct binary_block *now,
    const struct binary_block *next, struct flash_files *out)
{
	uint64_t end;

	out->fate = FLASH_FILES_LOST;
	if (overwrites(l, now, &end))
		snprintf(out->why, sizeof(out->why), "the image goes to "
		    "0x%llx, and the file system begins at 0x%x",
		    (unsigned long long)end, now->addr);
	else if (next == NULL)
		out->fate = FLASH_FILES_UNKNOWN;
	else if (next->addr != now->addr || next->size != now->size)
		snprintf(out->why, sizeof(out->why), "the file system is at "
		    "0x%x (%u KB), and the image has it at 0x%x (%u KB)",
		    now->addr, now->size / 1024, next->addr,
		    next->size / 1024);
	else
		out->fate = FLASH_FILES_KEPT;
}

/* By what is in the flash. */
static int
compare_rp2_storage(struct chip_bytes *c, const struct image_segments *l,
    const struct binary_block *next, struct flash_files *out, struct err *e)
{
	const struct binary_reader chip = { read_chip, c };
	const struct binary_block *now;
	struct binary_info info;
	int blank;

	if (binary_info_read(&chip, PICOBOOT_FLASH, &info, e) == -1)
		return -1;
	now = files_block(&info);
	if (now != NULL)
		compare_blocks(l, now, next, out);
	if (now != NULL && out->fate != FLASH_FILES_LOST)
		return 0;
	/* A flash, or a file system, that is blank has no files. */
	blank = is_blank_range(c, now != NULL ? now->addr : PICOBOOT_FLASH,
	    now != NULL ? BEGINNING : WINDOW, e);
	if (blank == 1)
		out->fate = FLASH_FILES_KEPT;
	return blank == -1 ? -1 : 0;
}

int
rp2_files(const struct flash_job *job, struct flash_session *s,
    files_read_fn *read, struct flash_files *out, struct err *e)
{
	struct image_source source = IMAGE_MEMORY(job->data, job->size);
	struct image_segments l = IMAGE_SEGMENTS_INIT;
	const struct binary_reader image = { read_image, &l };
	struct chip_bytes c = { .session = s, .read = read };
	struct binary_info info;
	int r = 0;

	out->fate = FLASH_FILES_UNKNOWN;
	if (job->board.storage_files == 0)
		out->fate = FLASH_FILES_KEPT;
	if (job->board.storage_files == 0 || s == NULL)
		return 0;
	if (image_segments(&source, &job->facts, job->facts.chip, 0, &l,
	    e) == -1 || binary_info_read(&image, PICOBOOT_FLASH, &info,
	    e) == -1)
		r = -1;
	else
		r = compare_rp2_storage(&c, &l, files_block(&info), out, e);
	image_segments_release(&l);
	return r;
}
