/* SPDX-License-Identifier: MIT */
#ifndef MPF_MAKE_DFU_H
#define MPF_MAKE_DFU_H

#include <stdint.h>
#include <string.h>

#include "base/buf.h"

/* make_dfu: DfuSe files and Intel HEX, for tests. */

struct make_element {
	uint32_t	 addr;
	const uint8_t	*p;
	size_t		 n;
};

static inline void
make_put32(struct buf *b, uint32_t v)
{
	const uint8_t le[4] = { (uint8_t)v, (uint8_t)(v >> 8),
		(uint8_t)(v >> 16), (uint8_t)(v >> 24) };

	buf_add(b, le, sizeof(le));
}

/* The suffix behind what is in b. */
static inline void
make_suffix(struct buf *b, uint16_t vid, uint16_t pid)
{
	const uint8_t head[12] = { 0, 0, (uint8_t)pid, (uint8_t)(pid >> 8),
		(uint8_t)vid, (uint8_t)(vid >> 8), 0x1a, 1, 'U', 'F', 'D',
		16 };
	uint32_t crc = 0xffffffffu;

	buf_add(b, head, sizeof(head));
	for (size_t i = 0; i < b->len; i++) {
		crc ^= (uint8_t)b->data[i];
		for (int bit = 0; bit < 8; bit++)
			crc = crc >> 1 ^ (crc & 1 ? 0xedb88320u : 0);
	}
	make_put32(b, crc);
}

/* One target with these elements. */
static inline void
make_dfu(struct buf *b, uint8_t alternate, uint16_t vid, uint16_t pid,
    const struct make_element *v, size_t n)
{
	static const char name[255] = "ST...";
	uint32_t bytes = 0;

	for (size_t i = 0; i < n; i++)
		bytes += 8 + (uint32_t)v[i].n;
	buf_add(b, "DfuSe\1", 6);
	make_put32(b, 11 + 274 + bytes);
	buf_add(b, "\1Target", 7);
	buf_add(b, &alternate, 1);
	make_put32(b, 1);
	buf_add(b, name, sizeof(name));
	make_put32(b, bytes);
	make_put32(b, (uint32_t)n);
	for (size_t i = 0; i < n; i++) {
		make_put32(b, v[i].addr);
		make_put32(b, (uint32_t)v[i].n);
		buf_add(b, v[i].p, v[i].n);
	}
	make_suffix(b, vid, pid);
}

static inline void
make_record(struct buf *b, unsigned type, unsigned addr, const uint8_t *p,
    size_t n)
{
	uint8_t check = (uint8_t)(n + (addr >> 8) + addr + type);

	buf_addf(b, ":%02zX%04X%02X", n, addr & 0xffff, type);
	for (size_t i = 0; i < n; i++) {
		buf_addf(b, "%02X", p[i]);
		check = (uint8_t)(check + p[i]);
	}
	buf_addf(b, "%02X\r\n", (uint8_t)-check);
}

/* The same as Intel HEX, 16 bytes a record. */
static inline void
make_hex(struct buf *b, const struct make_element *v, size_t n)
{
	for (size_t i = 0; i < n; i++)
		for (size_t at = 0; at < v[i].n; at += 16) {
			const uint32_t addr = v[i].addr + (uint32_t)at;
			const uint8_t upper[2] = { (uint8_t)(addr >> 24),
				(uint8_t)(addr >> 16) };

			if (at == 0 || (addr & 0xffff) < 16)
				make_record(b, 4, 0, upper, 2);
			make_record(b, 0, addr, v[i].p + at,
			    v[i].n - at < 16 ? v[i].n - at : 16);
		}
	make_record(b, 1, 0, NULL, 0);
}

#endif
