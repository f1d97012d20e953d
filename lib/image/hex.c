/* SPDX-License-Identifier: MIT */
#include "image/hex.h"

#include <string.h>

#include "base/text.h"

#define HEAD	4u		/* length, address (2), type */
#define RAW	(HEAD + HEX_DATA + 1)
#define LONGEST	(1 + 2 * RAW + 2)	/* its colon and end, too */

enum { DATA, END_OF_FILE, SEGMENT, START_SEGMENT, LINEAR, START_LINEAR };

bool
hex_is(const uint8_t *p, size_t n)
{
	uint8_t head[HEAD];

	return n > 1 + 2 * HEAD && p[0] == ':' &&
	    text_unhex(head, HEAD, (const char *)p + 1, 2 * HEAD) == HEAD;
}

/*
 * The line at at without its end, in *n bytes; all of it takes *whole.  One
 * that is too long for a record comes short, and is none.
 */
static const uint8_t *
line_at(struct image_source *s, size_t at, size_t *n, size_t *whole,
    struct err *e)
{
	const size_t left = s->size - at;
	const size_t look = left < LONGEST ? left : LONGEST;
	const uint8_t *p = image_at(s, at, look, e), *end;

	if (p == NULL)
		return NULL;
	end = memchr(p, '\n', look);
	*n = end == NULL ? look : (size_t)(end - p);
	*whole = end == NULL ? look : *n + 1;
	if (*n > 0 && p[*n - 1] == '\r')
		--*n;
	return p;
}

static uint32_t
be16(const uint8_t *p)
{
	return (uint32_t)p[0] << 8 | p[1];
}

/* One line without its end; *base is what data addresses begin from. */
static int
parse_hex_line(const uint8_t *p, size_t n, uint32_t *base,
    struct hex_record *out, struct err *e)
{
	uint8_t raw[RAW], sum = 0;
	int len, i;

	len = n == 0 || p[0] != ':' ? -1 :
	    text_unhex(raw, RAW, (const char *)p + 1, n - 1);
	if (len < (int)HEAD + 1)
		return err_set(e, ERR_INPUT, "not an Intel HEX record");
	if (len != (int)HEAD + 1 + raw[0])
		return err_set(e, ERR_INPUT, "record of %d bytes, where %d "
		    "should be", len, (int)HEAD + 1 + raw[0]);
	for (i = 0; i < len; i++)
		sum = (uint8_t)(sum + raw[i]);
	if (sum != 0)
		return err_set(e, ERR_INPUT, "checksum 0x%02x, but the record "
		    "has 0x%02x", raw[len - 1], (uint8_t)(raw[len - 1] - sum));
	out->len = raw[0];
	out->type = raw[3];
	out->addr = *base + be16(raw + 1);
	memcpy(out->data, raw + HEAD, out->len);
	if (out->type > START_LINEAR ||
	    ((out->type == SEGMENT || out->type == LINEAR) && out->len != 2))
		return err_set(e, ERR_INPUT, "record type %u of %u bytes",
		    out->type, out->len);
	if (out->type == SEGMENT)
		*base = be16(out->data) << 4;
	if (out->type == LINEAR)
		*base = be16(out->data) << 16;
	return 0;
}

static int
add_data(const struct hex_record *r, struct hex_file *out, uint32_t *next,
    struct strings_scan *scan, struct err *e)
{
	if (r->addr > UINT32_MAX - r->len)
		return err_set(e, ERR_INPUT, "address 0x%08x and %u bytes",
		    r->addr, r->len);
	if (out->bytes == 0 || r->addr < out->addr)
		out->addr = r->addr;
	if (r->addr + r->len > out->end)
		out->end = r->addr + r->len;
	if (scan != NULL && r->addr != *next)
		strings_feed(scan, (const uint8_t *)"", 1);
	if (scan != NULL)
		strings_feed(scan, r->data, r->len);
	out->bytes += r->len;
	*next = r->addr + r->len;
	return 0;
}

int
hex_each(struct image_source *s, struct hex_file *out,
    struct strings_scan *scan, image_data *fn, void *ctx, struct err *e)
{
	struct hex_record r = { 0 };
	uint32_t base = 0, next = 0;
	size_t line = 0, at, n, whole;
	const uint8_t *p;

	memset(out, 0, sizeof(*out));
	for (at = 0; at < s->size && r.type != END_OF_FILE; at += whole) {
		line++;
		p = line_at(s, at, &n, &whole, e);
		if (p == NULL)
			return -1;
		if (n > 0 && (parse_hex_line(p, n, &base, &r, e) == -1 ||
		    (r.type == DATA &&
		    add_data(&r, out, &next, scan, e) == -1)))
			return err_wrap(e, "line %zu", line);
		if (n > 0 && r.type == DATA && fn != NULL &&
		    fn(r.addr, r.data, r.len, ctx) == -1)
			return -1;
	}
	if (r.type != END_OF_FILE || out->bytes == 0)
		return err_set(e, ERR_INPUT, "line %zu: the file ends without "
		    "an end record", line);
	return 0;
}

int
hex_check(struct image_source *s, struct hex_file *out,
    struct strings_scan *scan, struct err *e)
{
	return hex_each(s, out, scan, NULL, NULL, e);
}
