/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "base/text.h"
#include "flash/impl.h"
#include "image/uf2.h"

/*
 * An RP2350 has two Arm cores and two RISC-V cores, and a file may hold an
 * image for each.  Its ROM would take both: what runs then is the image that
 * was whole first.  So the board is given one of them.
 */

#define ARM		0xe48bff59u
#define RISCV		0xe48bff5au

static bool
names_riscv(const char *text)
{
	return text != NULL && strstr(text, "RISCV") != NULL;
}

/* By the plan, else by what the board runs; 0: nothing tells. */
static uint32_t
choose_family(const struct flash_job *job)
{
	const struct board *b = &job->board;

	if (job->firmware.variant != NULL)
		return names_riscv(job->firmware.variant) ? RISCV : ARM;
	if (names_riscv(b->mcu) || names_riscv(b->description) ||
	    names_riscv(b->variant))
		return RISCV;
	return b->mcu != NULL || b->description != NULL ||
	    job->firmware.board_id != NULL ? ARM : 0;
}

static bool
has_family(const struct uf2_file *f, uint32_t family)
{
	size_t i = 0;

	while (i < f->n_parts && f->part[i].family != family)
		i++;
	return i < f->n_parts;
}

/* All but the image for the other cores. */
static void
copy_blocks(const struct flash_job *job, uint32_t other, struct buf *out)
{
	struct uf2_block b;
	struct err ignored;

	for (size_t at = 0; at + UF2_BLOCK <= job->size; at += UF2_BLOCK)
		if (uf2_parse(job->data + at, UF2_BLOCK, &b, &ignored) == 0 &&
		    b.family != other)
			buf_add(out, job->data + at, UF2_BLOCK);
}

int
take_cores(struct flash_job *job, struct buf *own, struct err *e)
{
	struct image_source image = IMAGE_MEMORY(job->data, job->size);
	struct uf2_file f;
	struct err ignored;
	uint32_t family;

	if (strcmp(job->facts.format, "uf2") != 0 ||
	    !text_same(job->facts.chip, "rp2350") ||
	    uf2_check(&image, &f, NULL, &ignored) == -1 ||
	    !has_family(&f, ARM) || !has_family(&f, RISCV))
		return 0;
	family = choose_family(job);
	if (family == 0) {
		err_set(e, ERR_AMBIGUOUS, "%s: holds an image for the Arm "
		    "cores and one for the RISC-V cores, and nothing tells "
		    "which the board is to run", job->image.path);
		return err_hint(e, "name the board: mpf-resolve --board BOARD, "
		    "with --variant RISCV for RISC-V");
	}
	copy_blocks(job, family == ARM ? RISCV : ARM, own);
	job->data = (const uint8_t *)own->data;
	job->size = own->len;
	job->image.board = NULL;	/* it may be that of the other image */
	image = (struct image_source)IMAGE_MEMORY(job->data, job->size);
	return image_inspect(&image, &job->facts, e);
}
