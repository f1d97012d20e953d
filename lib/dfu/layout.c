/* SPDX-License-Identifier: MIT */
#include "dfu/layout.h"

#include <stdbool.h>
#include <string.h>

#define GD32_PAGE	1024u

/* Where the parser is. */
struct cursor {
	const char	*text, *at;
};

static int
unexpected_char(const struct cursor *c, const char *want, struct err *e)
{
	return err_set(e, ERR_INPUT, "\"%s\": %s expected at character %zu",
	    c->text, want, (size_t)(c->at - c->text) + 1);
}

static bool
skip_char(struct cursor *c, char want)
{
	if (*c->at != want)
		return false;
	c->at++;
	return true;
}

static int
digit_value(char ch)
{
	if (ch >= '0' && ch <= '9')
		return ch - '0';
	if (ch >= 'a' && ch <= 'f')
		return ch - 'a' + 10;
	if (ch >= 'A' && ch <= 'F')
		return ch - 'A' + 10;
	return 16;
}

/* All digits of the base that are there, 32 bits at most. */
static int
read_base_number(struct cursor *c, int base, uint32_t *out, struct err *e)
{
	const char *begin = c->at;
	uint64_t v = 0;

	for (; digit_value(*c->at) < base; c->at++) {
		v = v * (unsigned)base + (unsigned)digit_value(*c->at);
		if (v > UINT32_MAX)
			return unexpected_char(c, "a number of 32 bits", e);
	}
	*out = (uint32_t)v;
	return c->at > begin ? 0 : unexpected_char(c, "a number", e);
}

/*
 * "Kg": the unit and what may be done.  ST's ROMs say "01*016 e" where bytes
 * are meant, and some leave the unit out.
 */
static int
read_unit(struct cursor *c, uint32_t *unit, unsigned *access, struct err *e)
{
	*unit = 1;
	if (skip_char(c, 'K'))
		*unit = 1024;
	else if (skip_char(c, 'M'))
		*unit = 1024 * 1024;
	else if (*c->at == 'B' || *c->at == ' ')
		c->at++;
	if (*c->at < 'a' || *c->at > 'g')
		return unexpected_char(c, "a letter from a to g", e);
	*access = (unsigned)(*c->at++ - 'a' + 1);
	return 0;
}

/* "04*016Kg", which begins at *addr; *addr is moved behind it. */
static int
read_pages(struct cursor *c, uint64_t *addr, struct dfu_layout *out,
    struct err *e)
{
	struct dfu_segment *s = &out->segment[out->n];
	uint32_t count, size, unit;
	uint64_t page;

	if (out->n == DFU_SEGMENTS)
		return unexpected_char(c, "the end of the text", e);
	if (read_base_number(c, 10, &count, e) == -1)
		return -1;
	if (!skip_char(c, '*'))
		return unexpected_char(c, "a *", e);
	if (read_base_number(c, 10, &size, e) == -1 ||
	    read_unit(c, &unit, &s->access, e) == -1)
		return -1;
	page = (uint64_t)size * unit;
	if (count == 0 || page == 0 || page > UINT32_MAX ||
	    count > ((uint64_t)UINT32_MAX + 1 - *addr) / page)
		return unexpected_char(c, "a size that fits 32 bits of address",
		    e);
	s->addr = (uint32_t)*addr;
	s->page = (uint32_t)page;
	s->end = *addr + count * page;
	*addr = s->end;
	out->n++;
	return 0;
}

/* "/0x08000000/04*016Kg,01*064Kg" */
static int
read_segments(struct cursor *c, struct dfu_layout *out, struct err *e)
{
	uint32_t from;
	uint64_t addr;

	if (!skip_char(c, '/') || !skip_char(c, '0') ||
	    !(skip_char(c, 'x') || skip_char(c, 'X')))
		return unexpected_char(c, "/0x", e);
	if (read_base_number(c, 16, &from, e) == -1)
		return -1;
	if (!skip_char(c, '/'))
		return unexpected_char(c, "a /", e);
	addr = from;
	do {
		if (read_pages(c, &addr, out, e) == -1)
			return -1;
	} while (skip_char(c, ','));
	return 0;
}

/* Without the blanks at its end. */
static void
read_layout_name(struct cursor *c, char out[DFU_NAME])
{
	size_t n = strcspn(c->at, "/");
	const char *name = c->at;

	c->at += n;
	while (n > 0 && name[n - 1] == ' ')
		n--;
	n = n < DFU_NAME ? n : DFU_NAME - 1;
	while (n > 0 && ((unsigned char)name[n] & 0xc0) == 0x80)
		n--;			/* not inside a character */
	memcpy(out, name, n);
	out[n] = '\0';
}

int
dfu_layout_parse(const char *text, struct dfu_layout *out, struct err *e)
{
	struct cursor c = { text, text };

	memset(out, 0, sizeof(*out));
	if (!skip_char(&c, '@'))
		return unexpected_char(&c, "an @", e);
	read_layout_name(&c, out->name);
	do {
		if (read_segments(&c, out, e) == -1)
			return -1;
	} while (*c.at == '/');
	/* Some texts end with blanks. */
	c.at += strspn(c.at, " ");
	return *c.at == '\0' ? 0 : unexpected_char(&c, "the end of the text",
	    e);
}

void
dfu_layout_gd32(struct dfu_layout *l, const char *serial)
{
	static const struct {
		char		letter;
		uint32_t	pages;
	} sizes[] = { { 'B', 128 }, { '8', 64 }, { '6', 32 }, { '4', 16 } };

	if (serial == NULL || strlen(serial) != 4 || serial[0] != '3' ||
	    serial[3] != 'J' || l->n == 0)
		return;
	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		if (sizes[i].letter != serial[2])
			continue;
		l->n = 1;
		l->segment[0].page = GD32_PAGE;
		l->segment[0].end = l->segment[0].addr +
		    (uint64_t)sizes[i].pages * GD32_PAGE;
	}
}

const struct dfu_segment *
dfu_segment_at(const struct dfu_layout *l, uint32_t addr)
{
	for (size_t i = 0; i < l->n; i++)
		if (addr >= l->segment[i].addr && addr < l->segment[i].end)
			return &l->segment[i];
	return NULL;
}

uint64_t
dfu_layout_size(const struct dfu_layout *l)
{
	uint64_t sum = 0;

	for (size_t i = 0; i < l->n; i++)
		if ((l->segment[i].access & DFU_FLASH) == DFU_FLASH)
			sum += l->segment[i].end - l->segment[i].addr;
	return sum;
}
