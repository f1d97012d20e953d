/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"
#include "base/text.h"
#include "chips/stm32.h"
#include "flash/dfu/impl.h"
#include "image/segments.h"

/*
 * files: does an STM32 board keep the user's files?  By where MicroPython has
 * them on that board, as the image does not tell.
 */

#define ERASED		0xff
#define BEGINNING	2048u	/* bytes of a file system that show its kind */

/* All pages that this segment touches are erased. */
static void
widen(const struct dfu_layout *l, uint64_t *from, uint64_t *end)
{
	const struct dfu_segment *a = dfu_segment_at(l, (uint32_t)*from);
	const struct dfu_segment *b = dfu_segment_at(l, (uint32_t)(*end - 1));

	if (a != NULL && a->page > 0)
		*from -= (*from - a->addr) % a->page;
	if (b != NULL && b->page > 0)
		*end += (b->page - (*end - b->addr) % b->page) % b->page;
}

/* The segment that takes a part of these files; NULL. */
static const struct image_segment *
find_overlap(const struct dfu_layout *pages, const struct image_segments *l,
    const struct stm32_storage *s)
{
	for (size_t i = 0; i < l->n; i++) {
		uint64_t from = l->v[i].addr, end = from + l->v[i].len;

		if (pages != NULL)
			widen(pages, &from, &end);
		if (from < (uint64_t)s->addr + s->bytes && end > s->addr)
			return &l->v[i];
	}
	return NULL;
}

/* 1: nothing was ever written there; 0: something was, or it is not known. */
static int
is_blank(struct flash_session *s, uint32_t addr, struct err *e)
{
	const struct dfu_layout *l = &s->dfu.memory[s->dfu.selected].layout;
	uint8_t *bytes;
	size_t i = 0;
	int r;

	if (dfu_segment_at(l, addr) == NULL)
		return 0;
	bytes = mem_alloc(BEGINNING);
	r = dfuse_read(&s->dfu, addr, bytes, BEGINNING, e);
	while (r == 0 && i < BEGINNING && bytes[i] == ERASED)
		i++;
	free(bytes);
	return r == -1 ? -1 : i == BEGINNING;
}

static int
compare_ranges(struct flash_session *s, const struct image_segments *l,
    const struct stm32_storage *at, struct flash_files *out, struct err *e)
{
	const struct dfu_layout *pages = s == NULL ? NULL :
	    &s->dfu.memory[s->dfu.selected].layout;
	int blank = 0;

	out->fate = FLASH_FILES_KEPT;
	for (size_t i = 0; i < STM32_STORAGES && at[i].bytes > 0; i++) {
		const struct image_segment *g = find_overlap(pages, l, &at[i]);

		if (g == NULL)
			continue;
		/* A file system begins in the first range. */
		blank = s == NULL ? 0 : is_blank(s, at[0].addr, e);
		if (blank != 0)
			break;
		out->fate = FLASH_FILES_LOST;
		snprintf(out->why, sizeof(out->why), "the image goes from "
		    "0x%x to 0x%llx, and the file system begins at 0x%x",
		    g->addr, (unsigned long long)g->addr + g->len,
		    at[i].addr);
		break;
	}
	return blank == -1 ? -1 : 0;
}

/* Other firmware than MicroPython's own for this board has them elsewhere. */
static bool
is_stock(const struct flash_job *job)
{
	const char *was = job->board.board_id, *next = job->firmware.board_id;

	return job->firmware.custom != 1 && next != NULL &&
	    (was == NULL || text_same(was, next));
}

int
stm32_files(const struct flash_job *job, struct flash_session *s,
    struct flash_files *out, struct err *e)
{
	const struct stm32_storage *at = is_stock(job) ?
	    stm32_storage(job->firmware.board_id) : NULL;
	struct image_source bytes = IMAGE_MEMORY(job->data, job->size);
	struct image_segments l = IMAGE_SEGMENTS_INIT;
	const int64_t offset = dfu_offset(job);
	int r;

	out->fate = job->board.storage_files == 0 ? FLASH_FILES_KEPT :
	    FLASH_FILES_UNKNOWN;
	if (at == NULL || out->fate == FLASH_FILES_KEPT)
		return 0;
	r = image_segments(&bytes, &job->facts, NULL, offset < 0 ? 0 :
	    (uint32_t)offset, &l, e);
	if (r == 0)
		r = compare_ranges(s, &l, at, out, e);
	/* A device that is not opened yet may be blank. */
	if (s == NULL && out->fate == FLASH_FILES_LOST &&
	    !text_same(job->device.mode, "repl"))
		out->fate = FLASH_FILES_UNKNOWN;
	image_segments_release(&l);
	return r;
}
