/* SPDX-License-Identifier: MIT */
#include "image/esp.h"

#include <stdbool.h>
#include <string.h>

#include "image/bytes.h"

#define HEADER		8u		/* magic, segments, flash, entry */
#define EXTENDED	16u		/* all but ESP8266: chip id and more */
#define SEGMENT		8u		/* load address, length */
#define SEGMENTS_MAX	16u
#define CHECKSUM	0xefu		/* what the sum begins with */
#define GROUP		16u		/* its place: the last byte of these */

/* esp_image_header_t.chip_id, ESP-IDF esp_app_format.h. */
static const struct {
	int		 id;
	const char	*name;
} chips[] = {
	{ 0, "esp32" },    { 2, "esp32s2" },   { 5, "esp32c3" },
	{ 9, "esp32s3" },  { 12, "esp32c2" },  { 13, "esp32c6" },
	{ 16, "esp32h2" }, { 18, "esp32p4" },  { 20, "esp32c61" },
	{ 23, "esp32c5" }, { 25, "esp32h21" }, { 28, "esp32h4" },
	{ 31, "esp32e22" }, { 32, "esp32s31" },
};

const char *
esp_chip_name(int chip_id)
{
	size_t i;

	for (i = 0; i < sizeof(chips) / sizeof(chips[0]); i++)
		if (chips[i].id == chip_id)
			return chips[i].name;
	return NULL;
}

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

static int
check_segments(const uint8_t *p, size_t n, size_t at, size_t *len,
    struct err *e)
{
	const unsigned count = p[1];
	uint8_t sum = CHECKSUM;
	uint32_t size;
	unsigned i;

	if (count == 0 || count > SEGMENTS_MAX)
		return err_set(e, ERR_INPUT, "ESP image of %u segments",
		    count);
	for (i = 0; i < count; i++) {
		if (n - at < SEGMENT)
			return err_set(e, ERR_INPUT, "segment %u of %u: the "
			    "file ends before it", i, count);
		size = le32(p + at + 4);
		at += SEGMENT;
		if (size > n - at)
			return err_set(e, ERR_INPUT, "segment %u of %u: %u "
			    "bytes, but %zu are left", i, count, size, n - at);
		for (; size > 0; size--)
			sum ^= p[at++];
	}
	at += GROUP - 1 - at % GROUP;
	if (at >= n)
		return err_set(e, ERR_INPUT, "the file ends before the "
		    "checksum");
	if (p[at] != sum)
		return err_set(e, ERR_INPUT, "checksum 0x%02x, but the "
		    "segments have 0x%02x", p[at], sum);
	*len = at + 1;
	return 0;
}

int
esp_check(const uint8_t *p, size_t n, struct esp_image *out, struct err *e)
{
	size_t at = HEADER;

	memset(out, 0, sizeof(*out));
	if (n < HEADER + EXTENDED || p[0] != ESP_MAGIC)
		return err_set(e, ERR_INPUT, "not an ESP image: %zu bytes, "
		    "first 0x%02x", n, n == 0 ? 0u : p[0]);
	if (is_8266(p)) {
		out->chip_id = ESP_NO_ID;
		out->chip = "esp8266";
	} else {
		out->chip_id = (int)le16(p + 12);
		out->chip = esp_chip_name(out->chip_id);
		at += EXTENDED;
	}
	return check_segments(p, n, at, &out->len, e);
}
