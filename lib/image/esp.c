/* SPDX-License-Identifier: MIT */
#include "image/esp.h"

#include <stdbool.h>
#include <string.h>

#include "base/bytes.h"
#include "base/digest.h"
#include "base/text.h"
#include "chips/chips.h"

#define HEADER		8u		/* magic, segments, flash, entry */
#define EXTENDED	16u		/* all but ESP8266: chip id and more */
#define SEGMENT		8u		/* load address, length */
#define SEGMENTS_MAX	16u
#define CHECKSUM	0xefu		/* what the sum begins with */
#define GROUP		16u		/* its place: the last byte of these */
#define HASHED		23u		/* a byte that is 1: a digest follows */
#define APP_MAGIC	0xabcd5432u	/* begins the first segment's data */

/*
 * ESP8266 has no extended header: its first segment follows at once, and goes
 * to instruction or data RAM.  Elsewhere these bytes are pin numbers and drive
 * strengths, which never look like that.
 */
static bool
is_8266_image(const uint8_t *p)
{
	const uint32_t addr = le32(p + HEADER);

	return (addr >= 0x40100000u && addr < 0x40110000u) ||
	    (addr >= 0x3ffe8000u && addr < 0x40000000u);
}

/* The bytes from at on, into the checksum. */
static int
add_checksum(struct image_source *s, size_t at, size_t n, uint8_t *sum,
    struct err *e)
{
	const uint8_t *p;
	size_t k, i;

	for (; n > 0; at += k, n -= k) {
		p = image_rest(s, at, &k, e);
		if (p == NULL)
			return -1;
		k = k < n ? k : n;
		for (i = 0; i < k; i++)
			*sum ^= p[i];
	}
	return 0;
}

/* One segment, which *at is moved behind. */
static int
check_segment(struct image_source *s, size_t *at, uint8_t *sum, struct err *e)
{
	const uint8_t *p;
	uint32_t size;

	if (s->size - *at < SEGMENT)
		return err_set(e, ERR_INPUT, "the file ends before it");
	p = image_at(s, *at, SEGMENT, e);
	if (p == NULL)
		return -1;
	size = le32(p + 4);
	*at += SEGMENT;
	if (size > s->size - *at)
		return err_set(e, ERR_INPUT, "%u bytes, but %zu are left",
		    size, s->size - *at);
	if (add_checksum(s, *at, size, sum, e) == -1)
		return -1;
	*at += size;
	return 0;
}

/* Behind the checksum of an image that says so, the SHA-256 of all before. */
static int
check_image_digest(struct image_source *s, size_t from, size_t end,
    struct err *e)
{
	struct digest *d;
	char is[DIGEST_HEX], says[DIGEST_HEX];
	const uint8_t *p;
	size_t at, k;

	if (s->size - end < DIGEST_SIZE)
		return err_set(e, ERR_INPUT, "the file ends before the "
		    "digest");
	d = digest_new();
	for (at = from; at < end; at += k) {
		p = image_rest(s, at, &k, e);
		if (p == NULL) {
			digest_end(d, NULL);
			return -1;
		}
		k = k < end - at ? k : end - at;
		digest_add(d, p, k);
	}
	digest_end(d, is);
	p = image_at(s, end, DIGEST_SIZE, e);
	if (p == NULL)
		return -1;
	text_hex(says, p, DIGEST_SIZE);
	if (strcmp(is, says) != 0)
		return err_set(e, ERR_INPUT, "sha-256 %.16s... at byte %zu, "
		    "but the image has %.16s...", says, end, is);
	return 0;
}

/* *at: behind the header; it is moved behind the checksum. */
static int
check_segments(struct image_source *s, unsigned count, size_t from,
    size_t *at, struct err *e)
{
	const uint8_t *p;
	uint8_t sum = CHECKSUM;
	unsigned i;

	if (count == 0 || count > SEGMENTS_MAX)
		return err_set(e, ERR_INPUT, "ESP image of %u segments",
		    count);
	for (i = 0; i < count; i++)
		if (check_segment(s, at, &sum, e) == -1)
			return err_wrap(e, "segment %u of %u", i, count);
	*at += GROUP - 1 - (*at - from) % GROUP;
	if (*at >= s->size)
		return err_set(e, ERR_INPUT, "the file ends before the "
		    "checksum");
	p = image_at(s, *at, 1, e);
	if (p == NULL)
		return -1;
	if (*p != sum)
		return err_set(e, ERR_INPUT, "checksum 0x%02x at byte %zu, but "
		    "the segments have 0x%02x", *p, *at, sum);
	++*at;
	return 0;
}

/* Is it an application: what a bootloader starts? */
static int
look_for_app(struct image_source *s, size_t at, bool *app, struct err *e)
{
	const uint8_t *p;

	*app = false;
	if (s->size - at < SEGMENT + 4)
		return 0;
	p = image_at(s, at + SEGMENT, 4, e);
	if (p == NULL)
		return -1;
	*app = le32(p) == APP_MAGIC;
	return 0;
}

int
esp_check(struct image_source *s, size_t from, struct esp_image *out,
    struct err *e)
{
	size_t at = from + HEADER;
	const uint8_t *p;
	unsigned count;
	bool hashed = false;

	memset(out, 0, sizeof(*out));
	if (s->size - from < HEADER + EXTENDED)
		return err_set(e, ERR_INPUT, "not an ESP image: %zu bytes",
		    s->size - from);
	p = image_at(s, from, HEADER + EXTENDED, e);
	if (p == NULL)
		return -1;
	if (p[0] != ESP_MAGIC)
		return err_set(e, ERR_INPUT, "not an ESP image: first byte "
		    "0x%02x", p[0]);
	count = p[1];
	if (is_8266_image(p)) {
		out->chip_id = ESP_NO_ID;
		out->chip = "esp8266";
	} else {
		out->chip_id = (int)le16(p + 12);
		out->chip = chip_by_esp_id(out->chip_id);
		hashed = p[HASHED] == 1;
		at += EXTENDED;
	}
	if (look_for_app(s, at, &out->app, e) == -1 ||
	    check_segments(s, count, from, &at, e) == -1 ||
	    (hashed && check_image_digest(s, from, at, e) == -1))
		return -1;
	out->hashed = hashed;
	out->len = at - from + (hashed ? DIGEST_SIZE : 0);
	return 0;
}
