/* SPDX-License-Identifier: MIT */
#include "image/dfu.h"

#include <string.h>

#include "base/bytes.h"

#define TARGET		274u		/* "Target", alternate, name, sizes */
#define ELEMENT		8u		/* address, size */
#define CRC_POLY	0xedb88320u	/* CRC-32, reflected */

#define DFU_MAGIC	5u		/* bytes of "DfuSe" */

bool
dfu_begins(const uint8_t *p, size_t n)
{
	return n >= DFU_MAGIC && memcmp(p, "DfuSe", DFU_MAGIC) == 0;
}

bool
dfu_ends(const uint8_t *p, size_t n)
{
	return n >= DFU_SUFFIX && memcmp(p + n - 8, "UFD", 3) == 0 &&
	    p[n - 5] == DFU_SUFFIX;
}

static void
crc_table(uint32_t table[256])
{
	uint32_t i;
	int bit;

	for (i = 0; i < 256; i++) {
		table[i] = i;
		for (bit = 0; bit < 8; bit++)
			table[i] = table[i] >> 1 ^
			    (table[i] & 1 ? CRC_POLY : 0);
	}
}

/* Of the first n bytes.  The suffix's CRC-32 is not inverted at the end. */
static int
crc32_open(struct image_source *s, size_t n, uint32_t *out, struct err *e)
{
	uint32_t table[256], crc = 0xffffffffu;
	const uint8_t *p;
	size_t at, k, i;

	crc_table(table);
	for (at = 0; at < n; at += k) {
		p = image_rest(s, at, &k, e);
		if (p == NULL)
			return -1;
		k = k < n - at ? k : n - at;
		for (i = 0; i < k; i++)
			crc = table[(crc ^ p[i]) & 0xff] ^ crc >> 8;
	}
	*out = crc;
	return 0;
}

static int
check_suffix_crc(struct image_source *s, const uint8_t suffix[DFU_SUFFIX],
    struct dfu_file *out, struct err *e)
{
	const uint32_t want = le32(suffix + 12);
	uint32_t have;

	if (crc32_open(s, s->size - 4, &have, e) == -1)
		return -1;
	if (want != have)
		return err_set(e, ERR_INPUT, "DFU suffix: CRC 0x%08x, but the "
		    "file has 0x%08x", want, have);
	out->suffix = true;
	out->pid = (uint16_t)le16(suffix + 2);
	out->vid = (uint16_t)le16(suffix + 4);
	return 0;
}

/* Who wants the elements. */
struct walk {
	struct dfu_file	*out;
	image_data	*fn;		/* NULL: nobody */
	void		*ctx;
};

/* One element at *at, which is moved behind it, before end. */
static int
check_element(struct image_source *s, size_t *at, size_t end,
    const struct walk *w, struct err *e)
{
	struct dfu_file *out = w->out;
	const size_t left = end - *at;
	const uint8_t *p;
	uint32_t addr, size;

	if (left < ELEMENT)
		return err_set(e, ERR_INPUT, "element of %zu bytes", left);
	p = image_at(s, *at, ELEMENT, e);
	if (p == NULL)
		return -1;
	addr = le32(p);
	size = le32(p + 4);
	if (size > left - ELEMENT)
		return err_set(e, ERR_INPUT, "element of %u bytes, but %zu "
		    "are left", size, left - ELEMENT);
	if (addr > UINT32_MAX - size)
		return err_set(e, ERR_INPUT, "element at 0x%08x of %u bytes",
		    addr, size);
	if (out->end == 0 || addr < out->addr)
		out->addr = addr;
	if (addr + size > out->end)
		out->end = addr + size;
	out->elements++;
	*at += ELEMENT + size;
	return w->fn == NULL ? 0 : w->fn(addr, s->bytes + *at - size, size,
	    w->ctx);
}

static int
check_target(struct image_source *s, size_t *at, size_t end,
    const struct walk *w, struct err *e)
{
	const uint8_t *p = NULL;
	uint32_t size, count, i;

	if (end - *at >= TARGET && (p = image_at(s, *at, TARGET, e)) == NULL)
		return -1;
	if (p == NULL || memcmp(p, "Target", 6) != 0)
		return err_set(e, ERR_INPUT, "no target where one should be");
	if (w->out->elements == 0)
		w->out->alternate = p[6];
	size = le32(p + 266);
	count = le32(p + 270);
	*at += TARGET;
	if (size > end - *at)
		return err_set(e, ERR_INPUT, "target of %u bytes, but %zu "
		    "are left", size, end - *at);
	end = *at + size;
	for (i = 0; i < count; i++)
		if (check_element(s, at, end, w, e) == -1)
			return err_wrap(e, "element %u of %u", i, count);
	if (*at != end)
		return err_set(e, ERR_INPUT, "%zu bytes after the last "
		    "element", end - *at);
	return 0;
}

static int
check_targets(struct image_source *s, const uint8_t prefix[DFU_PREFIX],
    size_t end, const struct walk *w, struct err *e)
{
	struct dfu_file *out = w->out;
	size_t at = DFU_PREFIX;
	unsigned i;

	out->dfuse = true;
	out->targets = prefix[10];
	if (prefix[5] != 1)
		return err_set(e, ERR_INPUT, "DfuSe version %u", prefix[5]);
	if (le32(prefix + 6) != end)
		return err_set(e, ERR_INPUT, "DfuSe of %u bytes, but the file "
		    "has %zu", le32(prefix + 6), end);
	for (i = 0; i < out->targets; i++)
		if (check_target(s, &at, end, w, e) == -1)
			return err_wrap(e, "target %u of %u", i,
			    out->targets);
	if (at != end || out->elements == 0)
		return err_set(e, ERR_INPUT, "%zu bytes after the last of %u "
		    "elements", end - at, out->elements);
	return 0;
}

/* A copy of n bytes at at, or of none where there are not so many. */
static int
get_bytes(struct image_source *s, size_t at, uint8_t *out, size_t n,
    struct err *e)
{
	const uint8_t *p;

	memset(out, 0, n);
	if (s->size < n)
		return 0;
	p = image_at(s, at, n, e);
	if (p == NULL)
		return -1;
	memcpy(out, p, n);
	return 0;
}

int
dfu_each(struct image_source *s, struct dfu_file *out, image_data *fn,
    void *ctx, struct err *e)
{
	const struct walk w = { out, fn, ctx };
	static const char cut[] = "DfuSe file without its suffix: not whole";
	uint8_t prefix[DFU_PREFIX], suffix[DFU_SUFFIX];
	size_t n = s->size;

	memset(out, 0, sizeof(*out));
	out->vid = out->pid = 0xffff;
	if (n < DFU_SUFFIX)
		return err_set(e, ERR_INPUT, "%s", cut);
	if (get_bytes(s, 0, prefix, sizeof(prefix), e) == -1 ||
	    get_bytes(s, n - DFU_SUFFIX, suffix, sizeof(suffix), e) == -1)
		return -1;
	if (dfu_ends(suffix, sizeof(suffix))) {
		if (check_suffix_crc(s, suffix, out, e) == -1)
			return -1;
		n -= DFU_SUFFIX;
	} else if (dfu_begins(prefix, sizeof(prefix))) {
		return err_set(e, ERR_INPUT, "%s", cut);
	}
	if (!dfu_begins(prefix, n < DFU_PREFIX ? n : DFU_PREFIX))
		return 0;
	return n < DFU_PREFIX ? err_set(e, ERR_INPUT, "%s", cut) :
	    check_targets(s, prefix, n, &w, e);
}

int
dfu_check(struct image_source *s, struct dfu_file *out, struct err *e)
{
	return dfu_each(s, out, NULL, NULL, e);
}
