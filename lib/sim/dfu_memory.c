/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "base/mem.h"
#include "sim/dfu_in.h"

#define IMAGE_MAX	(1u << 20)	/* plain, where nobody says */
#define MIB		(1u << 20)

/* "/0x08000000/04*016Kg,01*064Kg": the texts are ours, and well-formed. */
static void
add_sectors(struct dfu_area *a, const char *p)
{
	char *end;
	uint32_t at = (uint32_t)strtoul(p + 1, &end, 0);

	if (a->n == 0)
		a->base = at;
	do {
		unsigned long n = strtoul(end + 1, &end, 10);
		uint32_t size = (uint32_t)strtoul(end + 1, &end, 10);

		size *= *end == 'K' ? 1024 : *end == 'M' ? MIB : 1;
		end += *end < 'a' || *end > 'g';
		for (; n > 0 && a->n < DFU_SECTORS; n--, at += size)
			a->sector[a->n++] = (struct dfu_sector){ at, size,
				(unsigned)(*end - 'a' + 1) };
		end++;
	} while (*end == ',');
	a->size = at - a->base;
}

void
dfu_areas_new(struct sim_dfu *s)
{
	s->area = mem_grow(NULL, s->areas, sizeof(*s->area));
	for (unsigned i = 0; i < s->areas; i++) {
		struct dfu_area *a = &s->area[i];
		const char *p;

		memset(a, 0, sizeof(*a));
		a->layout = s->opts.layout[i];
		p = strchr(a->layout, '/');
		if (!dfu_has(s, SIM_DFU_PLAIN) && p != NULL)
			add_sectors(a, p);
		else
			a->size = s->opts.size != 0 ? s->opts.size :
			    IMAGE_MAX;
		a->mem = mem_alloc(a->size);
		memset(a->mem, 0xff, a->size);
	}
}

struct dfu_sector *
dfu_sector_at(struct sim_dfu *s, uint32_t addr)
{
	struct dfu_area *a = &s->area[s->alternate];

	for (size_t i = 0; i < a->n; i++)
		if (addr >= a->sector[i].addr &&
		    addr - a->sector[i].addr < a->sector[i].size)
			return &a->sector[i];
	return NULL;
}

static int
fail_dfu(struct sim_dfu *s, int status)
{
	s->status = status;
	return -1;
}

static int
erase_sector(struct sim_dfu *s, uint32_t addr)
{
	struct dfu_area *a = &s->area[s->alternate];
	const struct dfu_sector *x = dfu_sector_at(s, addr);
	const long no = (long)s->counts.erases++;

	if (x == NULL || (x->access & ERASABLE) == 0)
		return fail_dfu(s, ERR_TARGET);
	if (s->opts.fault == SIM_DFU_FAIL_ERASE && s->opts.fault_at == no)
		return fail_dfu(s, ERR_ERASE);
	memset(a->mem + (x->addr - a->base), 0xff, x->size);
	if (dfu_has(s, SIM_DFU_STUCK_ERASE) && x->addr - a->base >= MIB)
		s->stuck = 2;
	return (int)s->opts.erase_ms;
}

static int
erase_area(struct sim_dfu *s)
{
	struct dfu_area *a = &s->area[s->alternate];

	s->counts.mass_erases++;
	memset(a->mem, 0xff, a->size);
	return (int)s->opts.mass_ms;
}

/* Erases all that the chip has, and goes. */
static int
unprotect(struct sim_dfu *s)
{
	for (unsigned i = 0; i < s->areas; i++)
		memset(s->area[i].mem, 0xff, s->area[i].size);
	s->opts.quirks &= ~(unsigned)SIM_DFU_PROTECTED;
	s->gone = true;
	return 0;
}

static int
run_dfuse(struct sim_dfu *s)
{
	const uint8_t *p = s->block;
	const size_t n = s->block_len;

	if (p[0] == 0x21 && n == 5) {
		s->pointer = le32(p + 1);
		return dfu_has(s, SIM_DFU_MBOOT) ||
		    dfu_sector_at(s, s->pointer) != NULL ? 0 :
		    fail_dfu(s, ERR_TARGET);
	}
	if (p[0] == 0x41 && n == 5)
		return erase_sector(s, le32(p + 1));
	if (p[0] == 0x41 && n == 1)
		return erase_area(s);
	if (p[0] == 0x92 && n == 1)
		return unprotect(s);
	return fail_dfu(s, ERR_STALLEDPKT);
}

/* Bits only go from 1 to 0. */
static int
program(struct sim_dfu *s, uint32_t at, const uint8_t *p, size_t n)
{
	struct dfu_area *a = &s->area[s->alternate];
	const long no = (long)s->counts.writes++;
	bool dirty = false;

	if (s->opts.fault == SIM_DFU_FAIL_WRITE && s->opts.fault_at == no)
		return fail_dfu(s, ERR_WRITE);
	for (size_t i = 0; i < n; i++) {
		uint8_t *m = a->mem + (at - a->base) + i;

		dirty |= (*m & p[i]) != p[i];
		*m &= p[i];
	}
	if (s->opts.fault == SIM_DFU_WRONG_BITS && s->opts.fault_at == no)
		a->mem[at - a->base] ^= 0x10;
	s->counts.dirty += dirty;
	return dirty && dfu_has(s, SIM_DFU_STRICT) ? fail_dfu(s, ERR_WRITE) :
	    (int)s->opts.write_ms;
}

static int
write_addressed(struct sim_dfu *s)
{
	struct dfu_area *a = &s->area[s->alternate];
	const unsigned no = dfu_has(s, SIM_DFU_ONE_BLOCK) ? 0 :
	    s->block_no - 2;
	const uint32_t at = s->pointer + no * s->opts.stride;
	const struct dfu_sector *x = dfu_sector_at(s, at);

	if (x == NULL || (x->access & WRITABLE) == 0 ||
	    at - a->base + s->block_len > a->size)
		return fail_dfu(s, dfu_has(s, SIM_DFU_MBOOT) ? ERR_ADDRESS :
		    ERR_TARGET);
	return program(s, at, s->block, s->block_len);
}

/* The first block of a new image ends the old image. */
static int
write_image_block(struct sim_dfu *s)
{
	struct dfu_area *a = &s->area[0];
	const uint32_t at = s->block_no * s->opts.transfer;

	if (s->block_no == 0) {
		memset(a->mem, 0xff, a->size);
		s->image_len = 0;
	}
	if (at != s->image_len || s->block_len > a->size - at)
		return fail_dfu(s, ERR_ADDRESS);
	s->image_len += (uint32_t)s->block_len;
	return program(s, at, s->block, s->block_len);
}

int
dfu_perform(struct sim_dfu *s)
{
	if (dfu_has(s, SIM_DFU_PLAIN))
		return write_image_block(s);
	if (dfu_has(s, SIM_DFU_PROTECTED) &&
	    !(s->block_no == 0 && s->block[0] == 0x92))
		return fail_dfu(s, ERR_VENDOR);
	return s->block_no == 0 ? run_dfuse(s) : write_addressed(s);
}

int
dfu_upload(struct sim_dfu *s, unsigned no, uint8_t *buf, size_t n)
{
	struct dfu_area *a = &s->area[s->alternate];
	const bool plain = dfu_has(s, SIM_DFU_PLAIN);
	const uint32_t size = plain ? s->image_len : a->size;
	const uint64_t at = plain ? (uint64_t)no * s->opts.transfer :
	    (uint64_t)s->pointer + (uint64_t)(no - 2) * s->opts.stride -
	    a->base;

	if (!plain && (s->pointer < a->base || at > size))
		return -1;
	if (at >= size)
		return 0;
	n = n < size - at ? n : (size_t)(size - at);
	memcpy(buf, a->mem + at, n);
	return (int)n;
}
