/* SPDX-License-Identifier: MIT */
#include "flash/plan.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

#define ERASED	0xff

static const struct flash_region *
region_of(const struct flash_target *t, uint32_t addr)
{
	for (size_t i = 0; i < t->n_regions; i++)
		if (addr >= t->region[i].addr && addr < t->region[i].end)
			return &t->region[i];
	return NULL;
}

/* May the unit that begins at addr go to the end of this chunk? */
static bool
chunk_goes_on(const struct flash_chunk *c, uint32_t addr, size_t unit)
{
	return (uint64_t)c->addr + c->len == addr && c->unit == unit &&
	    c->len + unit <= PLAN_CHUNK &&
	    c->addr / PLAN_CHUNK == addr / PLAN_CHUNK;
}

/* The chunk with the unit at addr, which is the last or a new one. */
static struct flash_chunk *
chunk_for(struct flash_plan *p, uint32_t addr, size_t unit)
{
	struct flash_chunk *c = p->n > 0 ? &p->v[p->n - 1] : NULL;
	uint8_t *fill;

	if (c != NULL && addr < c->addr + c->len)
		return c;
	if (c == NULL || !chunk_goes_on(c, addr, unit)) {
		p->v = mem_grow(p->v, p->n + 1, sizeof(*p->v));
		c = &p->v[p->n++];
		*c = (struct flash_chunk){ .addr = addr, .unit = unit,
			.from = unit, .at = p->bytes.len };
	}
	fill = mem_alloc(unit);
	memset(fill, ERASED, unit);
	buf_add(&p->bytes, fill, unit);
	free(fill);
	c->len += unit;
	return c;
}

/* What of the segment from there on lies in one erase unit; its length. */
static size_t
add_unit(struct flash_plan *p, const struct flash_region *r, uint32_t addr,
    const uint8_t *bytes, size_t n)
{
	const uint32_t unit = r->erase_unit;
	const uint32_t base = addr - (addr - r->addr) % unit;
	struct flash_chunk *c = chunk_for(p, base, unit);
	const size_t at = addr - c->addr;
	const size_t room = unit - (addr - base);
	const size_t k = n < room ? n : room;

	memcpy(p->bytes.data + c->at + at, bytes, k);
	c->from = at < c->from ? at : c->from;
	c->to = at + k;
	return k;
}

static int
add_segment(struct flash_plan *p, const struct flash_target *t,
    const struct image_segment *s, struct err *e)
{
	size_t done, k;

	for (done = 0; done < s->len; done += k) {
		const uint32_t addr = s->addr + (uint32_t)done;
		const struct flash_region *r = region_of(t, addr);

		if (r == NULL)
			return err_set(e, ERR_MISMATCH, "0x%x to 0x%llx: "
			    "there is no flash at 0x%x", s->addr,
			    (unsigned long long)s->addr + s->len, addr);
		k = add_unit(p, r, addr, s->bytes + done, s->len - done);
	}
	return 0;
}

int
plan_make(const struct image_segments *l, const struct flash_target *t,
    struct flash_plan *out, struct err *e)
{
	*out = (struct flash_plan)FLASH_PLAN_INIT;
	for (size_t i = 0; i < l->n; i++)
		if (add_segment(out, t, &l->v[i], e) == -1)
			return -1;
	for (size_t i = 0; i < out->n; i++)
		out->total += out->v[i].to - out->v[i].from;
	return out->n > 0 ? 0 : err_set(e, ERR_MISMATCH, "nothing in it is "
	    "for %s", t->name);
}

/* Does the unit at this offset of the chunk hold what it should? */
static bool
unit_same(const struct flash_plan *p, const struct flash_chunk *c, size_t at,
    const uint8_t *now)
{
	const size_t from = at > c->from ? at : c->from;
	const size_t to = at + c->unit < c->to ? at + c->unit : c->to;

	return memcmp(plan_bytes(p, c) + (from - c->from),
	    now + (from - c->from), to - from) == 0;
}

/* Of a chunk, what lies from one offset to the other. */
static struct flash_chunk
part_of_chunk(const struct flash_chunk *c, size_t at, size_t end, bool same)
{
	struct flash_chunk part = *c;

	part.addr += (uint32_t)at;
	part.at += at;
	part.len = end - at;
	part.from = c->from > at ? c->from - at : 0;
	part.to = (c->to < end ? c->to : end) - at;
	part.same = same;
	return part;
}

size_t
plan_split(struct flash_plan *p, size_t i, const uint8_t *now)
{
	const struct flash_chunk c = p->v[i];
	struct flash_chunk *runs = mem_alloc((c.len / c.unit) *
	    sizeof(*runs));
	size_t n = 0, at = 0, end;

	for (; at < c.len; at = end) {
		const bool same = unit_same(p, &c, at, now);

		end = at + c.unit;
		while (end < c.len && unit_same(p, &c, end, now) == same)
			end += c.unit;
		runs[n++] = part_of_chunk(&c, at, end, same);
	}
	p->v = mem_grow(p->v, p->n + n - 1, sizeof(*p->v));
	memmove(p->v + i + n, p->v + i + 1, (p->n - i - 1) * sizeof(*p->v));
	memcpy(p->v + i, runs, n * sizeof(*runs));
	p->n += n - 1;
	free(runs);
	return n;
}

void
plan_release(struct flash_plan *p)
{
	free(p->v);
	buf_release(&p->bytes);
	*p = (struct flash_plan)FLASH_PLAN_INIT;
}

const uint8_t *
plan_bytes(const struct flash_plan *p, const struct flash_chunk *c)
{
	return (const uint8_t *)p->bytes.data + c->at + c->from;
}
