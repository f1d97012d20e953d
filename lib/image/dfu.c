/* SPDX-License-Identifier: MIT */
#include "image/dfu.h"

#include <string.h>

#include "image/bytes.h"

#define PREFIX		11u		/* "DfuSe", version, size, targets */
#define TARGET		274u		/* "Target", alternate, name, sizes */
#define ELEMENT		8u		/* address, size */
#define SUFFIX		16u
#define CRC_POLY	0xedb88320u	/* CRC-32, reflected */

static bool
has_prefix(const uint8_t *p, size_t n)
{
	return n >= PREFIX && memcmp(p, "DfuSe", 5) == 0;
}

static bool
has_suffix(const uint8_t *p, size_t n)
{
	return n >= SUFFIX && memcmp(p + n - 8, "UFD", 3) == 0 &&
	    p[n - 5] == SUFFIX;
}

bool
dfu_is(const uint8_t *p, size_t n)
{
	return has_prefix(p, n) || has_suffix(p, n);
}

/* The suffix's CRC-32 is not inverted at the end. */
static uint32_t
crc32_open(const uint8_t *p, size_t n)
{
	uint32_t table[256], crc = 0xffffffffu, i;
	int bit;

	for (i = 0; i < 256; i++) {
		table[i] = i;
		for (bit = 0; bit < 8; bit++)
			table[i] = table[i] >> 1 ^
			    (table[i] & 1 ? CRC_POLY : 0);
	}
	while (n-- > 0)
		crc = table[(crc ^ *p++) & 0xff] ^ crc >> 8;
	return crc;
}

static int
check_suffix(const uint8_t *p, size_t n, struct dfu_file *out, struct err *e)
{
	const uint32_t want = le32(p + n - 4), have = crc32_open(p, n - 4);

	if (want != have)
		return err_set(e, ERR_INPUT, "DFU suffix: CRC 0x%08x, but the "
		    "file has 0x%08x", want, have);
	out->suffix = true;
	out->pid = (uint16_t)le16(p + n - 14);
	out->vid = (uint16_t)le16(p + n - 12);
	return 0;
}

/* One element at p, of at most n bytes; its whole length goes to *len. */
static int
check_element(const uint8_t *p, size_t n, struct dfu_file *out, size_t *len,
    struct err *e)
{
	uint32_t addr, size;

	if (n < ELEMENT)
		return err_set(e, ERR_INPUT, "element of %zu bytes", n);
	addr = le32(p);
	size = le32(p + 4);
	if (size > n - ELEMENT)
		return err_set(e, ERR_INPUT, "element of %u bytes, but %zu "
		    "are left", size, n - ELEMENT);
	if (addr > UINT32_MAX - size)
		return err_set(e, ERR_INPUT, "element at 0x%08x of %u bytes",
		    addr, size);
	if (out->end == 0 || addr < out->addr)
		out->addr = addr;
	if (addr + size > out->end)
		out->end = addr + size;
	out->elements++;
	*len = ELEMENT + size;
	return 0;
}

static int
check_target(const uint8_t *p, size_t n, struct dfu_file *out, size_t *len,
    struct err *e)
{
	uint32_t size, count, i;
	size_t at = TARGET, one = 0;

	if (n < TARGET || memcmp(p, "Target", 6) != 0)
		return err_set(e, ERR_INPUT, "no target where one should be");
	size = le32(p + 266);
	count = le32(p + 270);
	if (size > n - TARGET)
		return err_set(e, ERR_INPUT, "target of %u bytes, but %zu "
		    "are left", size, n - TARGET);
	n = TARGET + size;
	for (i = 0; i < count; i++, at += one)
		if (check_element(p + at, n - at, out, &one, e) == -1)
			return err_wrap(e, "element %u of %u", i, count);
	if (at != n)
		return err_set(e, ERR_INPUT, "%zu bytes after the last "
		    "element", n - at);
	*len = n;
	return 0;
}

static int
check_targets(const uint8_t *p, size_t n, struct dfu_file *out, struct err *e)
{
	size_t at = PREFIX, one = 0;
	unsigned i;

	out->dfuse = true;
	out->targets = p[10];
	if (p[5] != 1)
		return err_set(e, ERR_INPUT, "DfuSe version %u", p[5]);
	if (le32(p + 6) != n)
		return err_set(e, ERR_INPUT, "DfuSe of %u bytes, but the file "
		    "has %zu", le32(p + 6), n);
	for (i = 0; i < out->targets; i++, at += one)
		if (check_target(p + at, n - at, out, &one, e) == -1)
			return err_wrap(e, "target %u of %u", i,
			    out->targets);
	if (at != n || out->elements == 0)
		return err_set(e, ERR_INPUT, "%zu bytes after the last of %u "
		    "elements", n - at, out->elements);
	return 0;
}

int
dfu_check(const uint8_t *p, size_t n, struct dfu_file *out, struct err *e)
{
	memset(out, 0, sizeof(*out));
	out->vid = out->pid = 0xffff;
	if (has_suffix(p, n)) {
		if (check_suffix(p, n, out, e) == -1)
			return -1;
		n -= SUFFIX;
	} else if (has_prefix(p, n)) {
		return err_set(e, ERR_INPUT, "DfuSe file without its suffix: "
		    "not whole");
	}
	return has_prefix(p, n) ? check_targets(p, n, out, e) : 0;
}
