/* SPDX-License-Identifier: MIT */
#include "image/binary_info.h"

#include <stdbool.h>
#include <string.h>

#include "base/bytes.h"

#define HEAD		1024u		/* where the header is looked for */
#define MARK_START	0x7188ebf2u
#define MARK_END	0xe71aa390u
#define HEADER_WORDS	5u		/* mark, from, to, mapping, mark */
#define ENTRIES		256u		/* pointers, at most */
#define CORE		4u		/* type and tag of an entry */
#define BLOCK_DEVICE	7u		/* a type */
#define BLOCK_BYTES	20u		/* core, name, address, size, more */

/* 1, 0: not there, or -1. */
static int
read_some(const struct binary_reader *r, uint32_t addr, void *p, size_t n,
    struct err *e)
{
	struct err why = ERR_INIT;

	if (r->read(r->ctx, addr, p, n, &why) == 0)
		return 1;
	if (why.code == ERR_NOT_FOUND)
		return 0;
	*e = why;
	return -1;
}

/* The pointers lie from *from to *to. */
static bool
find_header(const uint8_t *head, uint32_t *from, uint32_t *to)
{
	const size_t last = HEAD - 4 * HEADER_WORDS;

	for (size_t i = 0; i <= last; i += 4) {
		if (le32(head + i) != MARK_START ||
		    le32(head + i + 16) != MARK_END)
			continue;
		*from = le32(head + i + 4);
		*to = le32(head + i + 8);
		return *from <= *to && (*to - *from) / 4 <= ENTRIES;
	}
	return false;
}

/* The name is as much of the text as there is room for. */
static int
read_info_name(const struct binary_reader *r, uint32_t addr,
    char out[BINARY_NAME], struct err *e)
{
	int got = 1;
	size_t i;

	for (i = 0; i + 1 < BINARY_NAME; i++) {
		got = read_some(r, addr + (uint32_t)i, out + i, 1, e);
		if (got != 1 || out[i] == '\0')
			break;
	}
	out[i] = '\0';
	return got == -1 ? -1 : 0;
}

static int
read_info_entry(const struct binary_reader *r, uint32_t addr,
    struct binary_info *out, struct err *e)
{
	struct binary_block *b = &out->block[out->n];
	uint8_t entry[BLOCK_BYTES];
	int got = read_some(r, addr, entry, CORE, e);

	if (got != 1 || le16(entry) != BLOCK_DEVICE || out->n == BINARY_BLOCKS)
		return got;
	got = read_some(r, addr, entry, sizeof(entry), e);
	if (got != 1)
		return got;
	b->addr = le32(entry + 8);
	b->size = le32(entry + 12);
	if (read_info_name(r, le32(entry + 4), b->name, e) == -1)
		return -1;
	out->n++;
	return 1;
}

int
binary_info_read(const struct binary_reader *r, uint32_t addr,
    struct binary_info *out, struct err *e)
{
	uint8_t head[HEAD], pointer[4];
	uint32_t from = 0, to = 0;
	int got;

	*out = (struct binary_info){ .n = 0 };
	got = read_some(r, addr, head, sizeof(head), e);
	if (got != 1 || !find_header(head, &from, &to))
		return got == -1 ? -1 : 0;
	for (uint32_t i = 0; i < (to - from) / 4; i++) {
		got = read_some(r, from + 4 * i, pointer, sizeof(pointer), e);
		if (got == 1)
			got = read_info_entry(r, le32(pointer), out, e);
		if (got == -1)
			return -1;
	}
	return 1;
}
