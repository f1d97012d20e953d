/* SPDX-License-Identifier: MIT */
#include "image/segments.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "image/dfu.h"
#include "image/hex.h"
#include "image/uf2.h"

/* Bytes as the file has them, before they are sorted. */
struct gather {
	struct image_segment	*v;
	size_t			 n, room;
	size_t			 total;		/* bytes of all */
	uint8_t			*copies;	/* of bytes spelled in hex */
	size_t			 copied;
};

static void
gather_add(struct gather *g, uint32_t addr, const uint8_t *p, size_t n)
{
	if (n == 0)
		return;
	g->total += n;
	if (g->n == g->room) {
		g->room = g->room * 2 + 64;
		g->v = mem_grow(g->v, g->room, sizeof(*g->v));
	}
	g->v[g->n++] = (struct image_segment){ addr, n, p };
}

static int
segment_by_address(const void *a, const void *b)
{
	const struct image_segment *x = a, *y = b;

	return (x->addr > y->addr) - (x->addr < y->addr);
}

/* Where this piece overlaps what is there already, both must agree. */
static int
add_sorted(struct image_segments *out, size_t *used,
    const struct image_segment *piece, struct err *e)
{
	struct image_segment *last = out->n > 0 ? &out->v[out->n - 1] : NULL;
	const uint64_t end = last == NULL ? 0 :
	    (uint64_t)last->addr + last->len;
	const size_t both = last == NULL || piece->addr >= end ? 0 :
	    (size_t)(end - piece->addr);
	const size_t same = both < piece->len ? both : piece->len;

	if (piece->len - 1 > UINT32_MAX - piece->addr)
		return err_set(e, ERR_INPUT, "0x%08x and %zu bytes: more than "
		    "32 bits of address", piece->addr, piece->len);
	if (same > 0 && memcmp(last->bytes + (piece->addr - last->addr),
	    piece->bytes, same) != 0)
		return err_set(e, ERR_INPUT, "two contents for 0x%08x",
		    piece->addr);
	if (same == piece->len)
		return 0;
	memcpy(out->owned + *used, piece->bytes + same, piece->len - same);
	if (last == NULL || piece->addr > end) {
		last = &out->v[out->n++];
		*last = (struct image_segment){ piece->addr, 0,
		    out->owned + *used };
	}
	last->len += piece->len - same;
	*used += piece->len - same;
	return 0;
}

static int
sort_out(struct gather *g, struct image_segments *out, struct err *e)
{
	size_t used = 0;

	if (g->n == 0)
		return 0;
	qsort(g->v, g->n, sizeof(*g->v), segment_by_address);
	out->v = mem_grow(NULL, g->n, sizeof(*out->v));
	out->owned = mem_alloc(g->total);
	for (size_t i = 0; i < g->n; i++)
		if (add_sorted(out, &used, &g->v[i], e) == -1)
			return -1;
	return 0;
}

/* Blocks that name no family are for the chip that the strings name. */
static bool
is_for(const struct uf2_block *b, const struct image_facts *f,
    const char *chip)
{
	const char *theirs = b->family != 0 ? uf2_family_chip(b->family) :
	    uf2_family_free(chip) ? f->chip : NULL;

	return chip == NULL || (theirs != NULL && strcmp(theirs, chip) == 0);
}

static int
gather_uf2(struct image_source *s, const struct image_facts *f,
    const char *chip, struct gather *g, struct err *e)
{
	struct uf2_block b;

	for (size_t at = 0; at < s->size; at += UF2_BLOCK) {
		if (uf2_parse(s->bytes + at, s->size - at, &b, e) == -1)
			return err_wrap(e, "block %zu", at / UF2_BLOCK);
		if ((b.flags & UF2_NOT_MAIN) == 0 && !uf2_is_e10(&b) &&
		    is_for(&b, f, chip))
			gather_add(g, b.addr, b.payload, b.len);
	}
	return 0;
}

static int
on_uf2_piece(uint32_t addr, const uint8_t *p, size_t n, void *ctx)
{
	gather_add(ctx, addr, p, n);
	return 0;
}

static int
gather_dfu(struct image_source *s, uint32_t offset, struct gather *g,
    struct err *e)
{
	struct dfu_file f;

	if (dfu_each(s, &f, on_uf2_piece, g, e) == -1)
		return -1;
	if (!f.dfuse)
		gather_add(g, offset, s->bytes, s->size -
		    (f.suffix ? DFU_SUFFIX : 0));
	return 0;
}

/* The bytes of a record live no longer than the call. */
static int
on_record(uint32_t addr, const uint8_t *p, size_t n, void *ctx)
{
	struct gather *g = ctx;
	uint8_t *copy = g->copies + g->copied;

	memcpy(copy, p, n);
	g->copied += n;
	gather_add(g, addr, copy, n);
	return 0;
}

static int
gather_hex(struct image_source *s, struct gather *g, struct err *e)
{
	struct hex_file f;

	g->copies = mem_alloc(s->size / 2 + 1);	/* two digits a byte */
	return hex_each(s, &f, NULL, on_record, g, e);
}

int
image_segments(struct image_source *s, const struct image_facts *f,
    const char *chip, uint32_t offset, struct image_segments *out,
    struct err *e)
{
	struct gather g = { .v = NULL, .copies = NULL };
	int r = 0;

	*out = (struct image_segments)IMAGE_SEGMENTS_INIT;
	if (strcmp(f->format, "uf2") == 0)
		r = gather_uf2(s, f, chip, &g, e);
	else if (strcmp(f->format, "dfu") == 0)
		r = gather_dfu(s, offset, &g, e);
	else if (strcmp(f->format, "hex") == 0)
		r = gather_hex(s, &g, e);
	else
		gather_add(&g, offset, s->bytes, s->size);
	if (r == 0)
		r = sort_out(&g, out, e);
	free(g.copies);
	free(g.v);
	return r;
}

void
image_segments_release(struct image_segments *l)
{
	free(l->v);
	free(l->owned);
	*l = (struct image_segments)IMAGE_SEGMENTS_INIT;
}
