/* SPDX-License-Identifier: MIT */
#include "image/uf2.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

#define PAGE	256u

/* What is known of the parts while the blocks go by. */
struct check {
	struct uf2_file	*out;
	struct image_source *from;
	struct uf2_text	*text[UF2_PARTS];	/* NULL: nobody asked */
	struct image_strings *says;
	size_t		 blocks;		/* in the file */
	uint32_t	 count[UF2_PARTS];	/* as the part's blocks say */
	uint8_t		*seen[UF2_PARTS];	/* a bit for each number */
	bool		 jumps[UF2_PARTS];	/* addresses do not only grow */
};

/*
 * The part that this block goes on with: of its family, and not whole yet.  A
 * number 0 behind a whole one begins another.
 */
static int
find_part(struct check *c, const struct uf2_block *b, struct err *e)
{
	struct uf2_file *f = c->out;
	int whole = -1;
	size_t i;

	for (i = 0; i < f->n_parts; i++) {
		if (f->part[i].family != b->family)
			continue;
		if (f->part[i].blocks < c->count[i])
			return (int)i;
		whole = (int)i;
	}
	if (whole != -1 && b->index != 0)
		return whole;
	if (i == UF2_PARTS)
		return err_set(e, ERR_INPUT, "more than %u images",
		    UF2_PARTS);
	if (b->count > c->blocks)
		return err_set(e, ERR_INPUT, "number %u of %u, but the file "
		    "has %zu blocks", b->index, b->count, c->blocks);
	f->part[i].family = b->family;
	c->count[i] = b->count;
	c->seen[i] = mem_alloc(b->count / 8 + 1);
	if (c->says != NULL)
		c->text[i] = mem_alloc(sizeof(*c->text[i]));
	f->n_parts++;
	return (int)i;
}

static int
check_number(struct check *c, int i, const struct uf2_block *b, struct err *e)
{
	const uint8_t bit = (uint8_t)(1u << b->index % 8);

	if (b->count != c->count[i])
		return err_set(e, ERR_INPUT, "says %u blocks, those before "
		    "it %u", b->count, c->count[i]);
	if (c->seen[i][b->index / 8] & bit)
		return err_set(e, ERR_INPUT, "number %u twice", b->index);
	c->seen[i][b->index / 8] |= bit;
	c->out->part[i].blocks++;
	return 0;
}

static int
check_payload(const struct uf2_block *b, struct err *e)
{
	const char *name = uf2_family_name(b->family);

	if (b->flags & UF2_CONTAINER)
		return err_set(e, ERR_INPUT, "part of a file, not of a "
		    "firmware");
	if (b->len == 0)
		return err_set(e, ERR_INPUT, "no payload");
	if (b->addr > UINT32_MAX - b->len)
		return err_set(e, ERR_INPUT, "address 0x%08x and %u bytes",
		    b->addr, b->len);
	if (uf2_family_pages(b->family) &&
	    (b->len != PAGE || b->addr % PAGE != 0))
		return err_set(e, ERR_INPUT, "payload of %u bytes for "
		    "0x%08x: %s takes %u, aligned", b->len, b->addr, name,
		    PAGE);
	if (!uf2_family_holds(b->family, b->addr, b->addr + b->len))
		return err_set(e, ERR_INPUT, "address 0x%08x: %s has no "
		    "memory there", b->addr, name);
	return 0;
}

static int
check_block(struct check *c, const struct uf2_block *b, struct err *e)
{
	struct uf2_part *part;
	int i;

	if ((i = find_part(c, b, e)) == -1 || check_number(c, i, b, e) == -1)
		return -1;
	if (b->flags & UF2_NOT_MAIN)
		return 0;
	if (check_payload(b, e) == -1)
		return -1;
	if (c->text[i] != NULL)
		uf2_text_feed(c->text[i], b);
	part = &c->out->part[i];
	if (part->end == 0 || b->addr < part->addr)
		part->addr = b->addr;
	if (b->addr < part->end)
		c->jumps[i] = true;
	if (b->addr + b->len > part->end)
		part->end = b->addr + b->len;
	return 0;
}

/* The block with that number in the file, counted from 0. */
static int
block_at(const struct check *c, size_t i, struct uf2_block *out,
    struct err *e)
{
	const uint8_t *p = image_at(c->from, i * UF2_BLOCK, UF2_BLOCK, e);

	return p == NULL ? -1 : uf2_parse(p, UF2_BLOCK, out, e);
}

struct spot {
	uint32_t	addr;
	uint32_t	block;
};

static int
spot_by_address(const void *a, const void *b)
{
	const struct spot *x = a, *y = b;

	return x->addr < y->addr ? -1 : x->addr > y->addr;
}

/* Two that follow each other: one address only for the same bytes. */
static int
check_pair(const struct check *c, const struct spot v[2], struct err *e)
{
	uint8_t payload[UF2_PAYLOAD];
	struct uf2_block a, b;

	if (block_at(c, v[0].block, &a, e) == -1)
		return -1;
	memcpy(payload, a.payload, a.len);
	if (block_at(c, v[1].block, &b, e) == -1)
		return -1;
	if (a.addr + a.len <= b.addr || (a.addr == b.addr && a.len == b.len &&
	    memcmp(payload, b.payload, a.len) == 0))
		return 0;
	return err_set(e, ERR_INPUT, "blocks %u and %u: different bytes for "
	    "address 0x%08x", a.index, b.index, b.addr);
}

/* Sorted by address, a block may share one only with its like. */
static int
check_overlap(const struct check *c, uint32_t family, struct err *e)
{
	struct spot *v = mem_alloc(c->blocks * sizeof(*v));
	struct uf2_block b;
	size_t i, n = 0;
	int r = 0;

	for (i = 0; r == 0 && i < c->blocks; i++) {
		r = block_at(c, i, &b, e);
		if (r == 0 && b.family == family && !uf2_is_e10(&b) &&
		    !(b.flags & UF2_NOT_MAIN))
			v[n++] = (struct spot){ b.addr, (uint32_t)i };
	}
	qsort(v, n, sizeof(*v), spot_by_address);
	for (i = 1; r == 0 && i < n; i++)
		r = check_pair(c, v + i - 1, e);
	free(v);
	return r;
}

/* May two blocks of this part's family be for one address? */
static bool
may_overlap(const struct check *c, size_t i)
{
	for (size_t k = 0; k < i; k++)
		if (c->out->part[k].family == c->out->part[i].family)
			return true;
	return c->jumps[i];
}

static int
check_parts(const struct check *c, struct err *e)
{
	const struct uf2_part *part;
	uint32_t end = 0;
	size_t i;

	for (i = 0; i < c->out->n_parts; i++)
		end |= c->out->part[i].end;
	if (end == 0)
		return err_set(e, ERR_INPUT, "no block that holds anything");
	for (i = 0; i < c->out->n_parts; i++) {
		part = &c->out->part[i];
		if (part->blocks != c->count[i])
			return err_set(e, ERR_INPUT, "%u of %u blocks: the "
			    "file is not whole", part->blocks, c->count[i]);
		if (may_overlap(c, i) &&
		    check_overlap(c, part->family, e) == -1)
			return -1;
	}
	return 0;
}

static int
check_blocks(struct check *c, struct err *e)
{
	struct uf2_block b;
	size_t i;

	for (i = 0; i < c->blocks; i++) {
		if (block_at(c, i, &b, e) == -1)
			goto bad;
		if (uf2_is_e10(&b))
			c->out->e10++;
		else if (check_block(c, &b, e) == -1)
			goto bad;
	}
	return 0;
bad:
	return err_wrap(e, "block %zu of %zu", i, c->blocks);
}

int
uf2_check(struct image_source *s, struct uf2_file *out,
    struct image_strings *says, struct err *e)
{
	struct check c = { .out = out, .from = s, .says = says,
	    .blocks = s->size / UF2_BLOCK };
	size_t i;
	int r = -1;

	memset(out, 0, sizeof(*out));
	if (s->size == 0 || s->size % UF2_BLOCK != 0)
		return err_set(e, ERR_INPUT, "%zu bytes: not whole UF2 blocks "
		    "of %u", s->size, UF2_BLOCK);
	if (check_blocks(&c, e) == -1 || check_parts(&c, e) == -1)
		goto out;
	r = 0;
out:
	for (i = 0; i < UF2_PARTS; i++) {
		if (c.text[i] != NULL)
			strings_end(&c.text[i]->scan, &says[i]);
		free(c.text[i]);
		free(c.seen[i]);
	}
	return r;
}
