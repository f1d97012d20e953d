/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "chips/chips.h"
#include "flash/dfu/impl.h"
#include "image/segments.h"

/*
 * dfu: DfuSe, the bootloader in the ROM of an STM32, and MicroPython's mboot.
 *
 * The device tells its memory by the texts of its alternate settings, so that
 * only the pages under the image are erased: MicroPython's file system lies
 * between two parts of it.  Option bytes and one-time memory cannot be erased,
 * and are never written: a wrong option byte locks the chip.
 */

#define FLASH_BASE	0x08000000u	/* where an STM32 starts, or mboot */
#define PIECE		32768u		/* bytes: so often ^C is looked at */
#define FLASH_WORD	32u		/* bytes that an STM32H7 programs */
#define PROBE		16u

/* ST's probes hang where a board without USB would. */
static bool
is_st_link(const struct device *d)
{
	return text_same(d->vid, "0483") && d->pid != NULL &&
	    (strncmp(d->pid, "374", 3) == 0 ||
	    strncmp(d->pid, "375", 3) == 0);
}

static int
fits_dfuse(const struct flash_job *job, char why[FLASH_WHY])
{
	const char *format = job->facts.format;
	const char *port = job->board.port != NULL ? job->board.port :
	    job->firmware.port;
	struct image_source bytes = IMAGE_MEMORY(job->data, job->size);
	struct dfu_file f;
	struct err e;

	if (dfu_can_reach(job, why) == -1)
		return -1;
	if (!text_same(port, "stm32"))
		return dfu_why_not(why, "only boards of the port stm32 have "
		    "DfuSe");
	if (is_st_link(&job->device))
		return dfu_why_not(why, "the device is a debug probe");
	if (strcmp(format, "bin") == 0 && dfu_offset(job) < 0)
		return dfu_why_not(why, "a .bin does not say where it goes: "
		    "use .dfu or .hex, or say so with --offset");
	if (strcmp(format, "dfu") == 0 && dfu_check(&bytes, &f, &e) == 0 &&
	    !f.dfuse)
		return dfu_why_not(why, "the image is for plain DFU, and has "
		    "no addresses");
	if (strcmp(format, "dfu") != 0 && strcmp(format, "hex") != 0 &&
	    strcmp(format, "bin") != 0)
		return dfu_why_not(why, "the image is not .dfu, .hex or "
		    ".bin");
	return 0;
}

static int
check_dfuse(const struct flash_job *job, struct err *e)
{
	if (job->words.wipe != FLASH_WIPE_FILES)
		return 0;
	err_set(e, ERR_UNSUPPORTED, "--erase fs: nothing tells where the files "
	    "of an STM32 board are");
	return err_hint(e, "--erase all erases all of its flash");
}

/* --- what is there --- */

static bool
can_hold(const struct dfu_layout *l, const struct image_segment *s)
{
	const uint64_t end = (uint64_t)s->addr + s->len;
	uint64_t at = s->addr;

	while (at < end) {
		const struct dfu_segment *g = at > UINT32_MAX ? NULL :
		    dfu_segment_at(l, (uint32_t)at);

		if (g == NULL || (g->access & DFU_FLASH) != DFU_FLASH)
			return false;
		at = g->end;
	}
	return true;
}

static bool
can_hold_all(const struct dfu_memory *m, const struct image_segments *l)
{
	size_t i = 0;

	while (m->known && i < l->n && can_hold(&m->layout, &l->v[i]))
		i++;
	return m->known && i == l->n;
}

static bool
is_flash(const struct dfu_memory *m)
{
	size_t i = 0;

	while (m->known && i < m->layout.n &&
	    (m->layout.segment[i].access & DFU_FLASH) != DFU_FLASH)
		i++;
	return m->known && i < m->layout.n;
}

/* Bytes for a memory that is never written? */
static int
check_memories(const struct flash_session *s, const struct image_segments *l,
    struct err *e)
{
	const struct dfu *d = &s->dfu;

	for (size_t i = 0; i < d->interface.n; i++) {
		const struct dfu_memory *m = &d->memory[i];

		for (size_t k = 0; m->known && !is_flash(m) && k < l->n; k++)
			if (dfu_segment_at(&m->layout, l->v[k].addr) != NULL)
				return err_set(e, ERR_UNSUPPORTED, "%s: holds "
				    "bytes for 0x%08x, the memory \"%s\", "
				    "which is not written",
				    s->job->image.path, l->v[k].addr,
				    m->layout.name);
	}
	return 0;
}

/*
 * The alternate setting whose memory holds all of the image, else the first
 * flash, and it will be said what does not fit.
 */
static int
choose_memory(const struct flash_session *s, const struct image_segments *l,
    size_t *out, struct err *e)
{
	const struct dfu *d = &s->dfu;
	size_t i = 0, flash = 0;

	while (i < d->interface.n && !can_hold_all(&d->memory[i], l))
		i++;
	while (flash < d->interface.n && !is_flash(&d->memory[flash]))
		flash++;
	if (flash == d->interface.n)
		return err_set(e, ERR_PROTOCOL, "it names no flash: \"%s\"",
		    d->memory[0].text);
	*out = i < d->interface.n ? i : flash;
	return check_memories(s, l, e);
}

/* A DfuSe file names the alternate setting that it is for. */
static int
check_alternate(const struct flash_session *s, size_t i, struct err *e)
{
	const struct dfu_interface *f = &s->dfu.interface;
	struct dfu_file file;

	if (strcmp(s->job->facts.format, "dfu") != 0)
		return 0;
	if (dfu_check_file(s, &file, e) == -1)
		return -1;
	if (file.alternate == f->alternate[i].number)
		return 0;
	return err_set(e, ERR_MISMATCH, "%s: for the alternate setting %u of "
	    "the device, but its addresses are in %u (\"%s\")",
	    s->job->image.path, file.alternate, f->alternate[i].number,
	    s->dfu.memory[i].layout.name);
}

static int
add_regions(const struct dfu_layout *l, struct flash_target *out,
    struct err *e)
{
	struct flash_region *last = NULL;

	for (size_t i = 0; i < l->n; i++) {
		const struct dfu_segment *g = &l->segment[i];

		if ((g->access & DFU_FLASH) != DFU_FLASH)
			continue;
		if (last != NULL && last->end == g->addr &&
		    last->erase_unit == g->page) {
			last->end = g->end;
			continue;
		}
		if (out->n_regions == FLASH_REGIONS)
			return err_set(e, ERR_UNSUPPORTED, "its flash has "
			    "more than %u regions", FLASH_REGIONS);
		last = &out->region[out->n_regions++];
		*last = (struct flash_region){ g->addr, g->end, g->page };
	}
	return 0;
}

/* Can it be written and read at all?  Protection shows when it is read. */
static int
check_access(struct flash_session *s, struct err *e)
{
	const struct dfu_interface *f = &s->dfu.interface;
	const struct dfu_layout *l = &s->dfu.memory[s->dfu.selected].layout;
	uint8_t bytes[PROBE];

	if (f->functional && (f->attributes & DFU_CAN_DNLOAD) == 0)
		return err_set(e, ERR_UNSUPPORTED, "it takes no firmware");
	if (f->functional && (f->attributes & DFU_CAN_UPLOAD) == 0)
		return err_set(e, ERR_UNSUPPORTED, "its flash cannot be read "
		    "back, so nothing would prove what it holds");
	return dfuse_read(&s->dfu, l->segment[0].addr, bytes, sizeof(bytes),
	    e);
}

static int
identify_dfuse(struct flash_session *s, struct flash_target *out,
    struct err *e)
{
	const struct flash_job *job = s->job;
	struct image_source bytes = IMAGE_MEMORY(job->data, job->size);
	struct image_segments l = IMAGE_SEGMENTS_INIT;
	const int64_t offset = dfu_offset(job);
	size_t i = 0;
	int r = -1;

	dfu_name_target(s, out);
	if (!s->dfu.dfuse)
		return err_set(e, ERR_UNSUPPORTED, "%s: speaks plain DFU, "
		    "which has no addresses", out->name);
	if (image_segments(&bytes, &job->facts, NULL, offset < 0 ? 0 :
	    (uint32_t)offset, &l, e) == -1 ||
	    choose_memory(s, &l, &i, e) == -1 ||
	    check_alternate(s, i, e) == -1)
		goto out;
	if (dfu_select(&s->dfu, i, e) == -1 || check_access(s, e) == -1 ||
	    add_regions(&s->dfu.memory[i].layout, out, e) == -1) {
		err_wrap(e, "%s", out->name);
		goto out;
	}
	out->write_max = PIECE;
	out->write_unit = FLASH_WORD;
	r = 0;
out:
	image_segments_release(&l);
	return r;
}

/* --- the flash --- */

static int
erase_dfuse(struct flash_session *s, uint32_t addr, size_t n, struct err *e)
{
	const struct dfu_layout *l = &s->dfu.memory[s->dfu.selected].layout;
	const uint64_t end = (uint64_t)addr + n;

	/* It did not hold what was written: some devices count no blocks. */
	if (s->has_erased && s->erased == addr)
		s->dfu.careful = true;
	s->erased = addr;
	s->has_erased = true;
	for (uint64_t at = addr; at < end;) {
		const struct dfu_segment *g = dfu_segment_at(l, (uint32_t)at);

		if (g == NULL)
			return err_set(e, ERR_INTERNAL, "0x%llx: no page",
			    (unsigned long long)at);
		if (dfuse_erase_page(&s->dfu, (uint32_t)at, e) == -1)
			return -1;
		at += g->page;
	}
	return 0;
}

/* All of it, before anything is written; mboot itself stays. */
static int
wipe_dfuse(struct flash_session *s, uint32_t from, uint64_t end,
    struct err *e)
{
	(void)from, (void)end;
	return dfuse_erase_all(&s->dfu, e);
}

static int
write_dfuse(struct flash_session *s, const struct flash_piece *p,
    struct err *e)
{
	return dfuse_write(&s->dfu, p->addr, p->bytes, p->n, e);
}

static int
read_dfuse(struct flash_session *s, uint32_t addr, uint8_t *p, size_t n,
    struct err *e)
{
	return dfuse_read(&s->dfu, addr, p, n, e);
}

/* MicroPython behind mboot is never started itself. */
static int
start_dfuse(struct flash_session *s, struct err *e)
{
	const struct dfu_layout *l = &s->dfu.memory[s->dfu.selected].layout;

	return dfuse_leave(&s->dfu, dfu_segment_at(l, FLASH_BASE) != NULL ?
	    FLASH_BASE : l->segment[0].addr, e);
}

extern const struct flash_driver flash_dfu;

static const char *const modes[] = { "dfu", NULL };
static const char *const options[] = { "bootloader", "erase", "offset", NULL };

const struct flash_driver flash_dfu = {
	.name = "dfu",
	.summary = "writes by DfuSe: the ROM of an STM32, or mboot",
	.modes = modes,
	.options = options,
	.fits = fits_dfuse,
	.check = check_dfuse,
	.open = dfu_session_open,
	.identify = identify_dfuse,
	.files = stm32_files,
	.wipe = wipe_dfuse,
	.erase = erase_dfuse,
	.write = write_dfuse,
	.read = read_dfuse,
	.start = start_dfuse,
	.close = dfu_session_close,
};
