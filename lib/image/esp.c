/* SPDX-License-Identifier: MIT */
#include "image/esp.h"

#include <stdbool.h>
#include <string.h>

#include "chips/chips.h"
#include "image/bytes.h"

#define HEADER		8u		/* magic, segments, flash, entry */
#define EXTENDED	16u		/* all but ESP8266: chip id and more */
#define SEGMENT		8u		/* load address, length */
#define SEGMENTS_MAX	16u
#define CHECKSUM	0xefu		/* what the sum begins with */
#define GROUP		16u		/* its place: the last byte of these */

/*
 * ESP8266 has no extended header: its first segment follows at once, and goes
 * to instruction or data RAM.  Elsewhere these bytes are pin numbers and drive
 * strengths, which never look like that.
 */
static bool
is_8266(const uint8_t *p)
{
	const uint32_t addr = le32(p + HEADER);

	return (addr >= 0x40100000u && addr < 0x40110000u) ||
	    (addr >= 0x3ffe8000u && addr < 0x40000000u);
}

/* The bytes from at on, into the checksum. */
static int
add_up(struct image_source *s, size_t at, size_t n, uint8_t *sum, struct err *e)
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
	if (add_up(s, *at, size, sum, e) == -1)
		return -1;
	*at += size;
	return 0;
}

static int
check_segments(struct image_source *s, unsigned count, size_t at, size_t *len,
    struct err *e)
{
	const uint8_t *p;
	uint8_t sum = CHECKSUM;
	unsigned i;

	if (count == 0 || count > SEGMENTS_MAX)
		return err_set(e, ERR_INPUT, "ESP image of %u segments",
		    count);
	for (i = 0; i < count; i++)
		if (check_segment(s, &at, &sum, e) == -1)
			return err_wrap(e, "segment %u of %u", i, count);
	at += GROUP - 1 - at % GROUP;
	if (at >= s->size)
		return err_set(e, ERR_INPUT, "the file ends before the "
		    "checksum");
	p = image_at(s, at, 1, e);
	if (p == NULL)
		return -1;
	if (*p != sum)
		return err_set(e, ERR_INPUT, "checksum 0x%02x, but the "
		    "segments have 0x%02x", *p, sum);
	*len = at + 1;
	return 0;
}

int
esp_check(struct image_source *s, struct esp_image *out, struct err *e)
{
	const uint8_t *p;
	size_t at = HEADER;

	memset(out, 0, sizeof(*out));
	if (s->size < HEADER + EXTENDED)
		return err_set(e, ERR_INPUT, "not an ESP image: %zu bytes",
		    s->size);
	p = image_at(s, 0, HEADER + EXTENDED, e);
	if (p == NULL)
		return -1;
	if (p[0] != ESP_MAGIC)
		return err_set(e, ERR_INPUT, "not an ESP image: first byte "
		    "0x%02x", p[0]);
	if (is_8266(p)) {
		out->chip_id = ESP_NO_ID;
		out->chip = "esp8266";
	} else {
		out->chip_id = (int)le16(p + 12);
		out->chip = chip_by_esp_id(out->chip_id);
		at += EXTENDED;
	}
	return check_segments(s, p[1], at, &out->len, e);
}
