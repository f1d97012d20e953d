/* SPDX-License-Identifier: MIT */
#ifndef MPF_IMAGE_BENCH_H
#define MPF_IMAGE_BENCH_H

#include <stdlib.h>

#include "../tests/unit/make_uf2.h"
#include "../tests/unit/tap.h"
#include "base/digest.h"
#include "base/mem.h"
#include "image/image.h"

/* image_bench: images that look like the real ones, and a look at them. */

static struct image_facts facts;
static struct err e;

/* How often a piece was asked for, and the one that can not be had. */
static unsigned reads, bad_read;

static inline int
read_at(void *ctx, size_t at, uint8_t *buf, size_t n, struct err *err)
{
	if (++reads == bad_read)
		return err_set(err, ERR_IO, "a bad block");
	memcpy(buf, (const uint8_t *)ctx + at, n);
	return 0;
}

static inline int
inspect_pieces(uint8_t *p, size_t n, struct image_facts *out, struct err *err)
{
	uint8_t *window = mem_alloc(IMAGE_WINDOW);
	struct image_source pieces = { .size = n, .read = read_at, .ctx = p,
	    .window = window };
	int r;

	reads = 0;
	*err = (struct err)ERR_INIT;
	r = image_inspect(&pieces, out, err);
	free(window);
	return r;
}

/* All at once, and piece by piece, which must come to the same. */
static inline int
inspect(const void *p, size_t n)
{
	/* In a piece of its own, so that its true end is seen. */
	uint8_t *exact = mem_copy(p, n);
	struct image_source bytes = IMAGE_MEMORY(exact, n);
	struct image_facts again;
	struct err err;
	int r;

	e = (struct err)ERR_INIT;
	r = image_inspect(&bytes, &facts, &e);
	if (inspect_pieces(exact, n, &again, &err) != r ||
	    strcmp(err.msg, e.msg) != 0 || (r == 0 &&
	    (memcmp(&again.strings, &facts.strings, sizeof(facts.strings)) !=
	    0 || again.addr != facts.addr || again.end != facts.end ||
	    again.chip != facts.chip || again.format != facts.format)))
		r = -2;
	free(exact);
	return r;
}

static inline void
refused(const void *p, size_t n, const char *msg)
{
	OK(inspect(p, n) == -1);
	OK(e.code == ERR_INPUT);
	IS_STR(e.msg, msg);
}

/* A boot image of one segment: 24 or 8 bytes of header, n bytes, checksum. */
static inline size_t
make_esp(uint8_t *p, unsigned chip_id, const void *text, size_t n)
{
	const size_t head = chip_id == 8266 ? 8 : 24;
	size_t at = head + 8 + n, i;
	uint8_t sum = 0xef;

	memset(p, 0, at + 16);
	p[0] = 0xe9;
	p[1] = 1;
	if (head == 24) {
		p[8] = 0xee;
		p[12] = (uint8_t)chip_id;
	}
	put32(p + head, 0x40100000);
	put32(p + head + 4, (uint32_t)n);
	memcpy(p + head + 8, text, n);
	for (i = 0; i < n; i++)
		sum ^= p[head + 8 + i];
	at += 15 - at % 16;
	p[at] = sum;
	return at + 1;
}

/* The same with its digest behind it, as IDF makes all of them. */
static inline size_t
make_esp_hashed(uint8_t *p, unsigned chip_id, const void *text, size_t n)
{
	uint8_t sum[DIGEST_SIZE];
	size_t len = make_esp(p, chip_id, text, n);

	p[23] = 1;
	digest_raw(p, len, sum);
	memcpy(p + len, sum, sizeof(sum));
	return len + sizeof(sum);
}

/*
 * A whole file of an ESP32: bootloader, table with its MD5, application.  app
 * is where that begins, and ESP_TABLE where the table does.
 */
#define ESP_TABLE	0x7000u

static inline size_t
make_esp_file(uint8_t *p, size_t app, const void *text, size_t n)
{
	uint8_t *t = p + ESP_TABLE;

	memset(p, 0xff, app);
	make_esp_hashed(p, 0, "boot", 4);
	memcpy(t, "\xaa\x50\0\0", 4);
	put32(t + 4, 0x1000 + (uint32_t)app);
	put32(t + 8, 0x10000);
	memset(t + 12, 0, 20);
	memcpy(t + 12, "factory", 7);
	t[32] = t[33] = 0xeb;
	digest_md5(t, 32, t + 48);
	return app + make_esp_hashed(p + app, 0, text, n);
}

/* The CRC of the suffix, by a way of its own. */
static inline void
put_crc(uint8_t *p, size_t n)
{
	uint32_t crc = 0xffffffff;

	for (size_t i = 0; i < 8 * (n - 4); i++)
		crc = crc >> 1 ^ (((crc ^ p[i / 8] >> i % 8) & 1) != 0 ?
		    0xedb88320 : 0);
	put32(p + n - 4, crc);
}

#define DFU_LEN(n)	(11 + 274 + 8 + (n) + 16)

static inline size_t
make_dfu(uint8_t *p, uint32_t addr, const void *text, uint32_t n)
{
	memset(p, 0, DFU_LEN(n));
	memcpy(p, "DfuSe\1", 6);
	put32(p + 6, DFU_LEN(n) - 16);
	p[10] = 1;
	memcpy(p + 11, "Target", 6);
	put32(p + 11 + 266, 8 + n);
	put32(p + 11 + 270, 1);
	put32(p + 11 + 274, addr);
	put32(p + 11 + 278, n);
	memcpy(p + 11 + 282, text, n);
	memcpy(p + DFU_LEN(n) - 16, "\0\0\x11\xdf\x83\x04\x1a\x01UFD\x10", 12);
	put_crc(p, DFU_LEN(n));
	return DFU_LEN(n);
}

#endif
