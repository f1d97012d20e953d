/* SPDX-License-Identifier: MIT */
#include "esp/header.h"

#include <string.h>

#include "base/bytes.h"
#include "base/digest.h"
#include "base/text.h"

#define MAGIC		0xe9u
#define SEGMENT		8u		/* load address, length */
#define SEGMENTS_MAX	16u
#define GROUP		16u		/* its last byte is the checksum */
#define HAS_SHA		23u		/* byte of the header */
#define APP_DESC_AT	0x20u		/* in an application */

/* Where the SHA-256 is that is over all in front of it. */
static int
sha_place(const uint8_t *p, size_t size, size_t *at, struct err *e)
{
	size_t pos = ESP_HEADER_BYTES;

	if (p[1] == 0 || p[1] > SEGMENTS_MAX)
		return err_set(e, ERR_INPUT, "an ESP image of %u segments",
		    p[1]);
	for (unsigned i = 0; i < p[1]; i++) {
		uint32_t len;

		if (size - pos < SEGMENT)
			return err_set(e, ERR_INPUT, "segment %u of %u is "
			    "behind the end of the file", i, p[1]);
		len = le32(p + pos + 4);
		pos += SEGMENT;
		if (len > size - pos)
			return err_set(e, ERR_INPUT, "segment %u of %u ends "
			    "behind the end of the file", i, p[1]);
		pos += len;
	}
	pos += GROUP - pos % GROUP;
	if (pos > size || size - pos < DIGEST_SIZE)
		return err_set(e, ERR_INPUT, "the file ends before the "
		    "SHA-256 of its image");
	*at = pos;
	return 0;
}

int
esp_patch_header(uint8_t *p, size_t size, const struct esp_chip *chip,
    const struct esp_flash_params *want, bool *changed, struct err *e)
{
	const uint8_t before[2] = { p[2], p[3] };
	size_t at = 0;

	*changed = false;
	if (size < ESP_HEADER_BYTES || p[0] != MAGIC)
		return err_set(e, ERR_INPUT, "not an ESP image");
	if (!esp_is_8266(chip) && p[HAS_SHA] == 1 &&
	    sha_place(p, size, &at, e) == -1)
		return -1;
	if (want->mode >= 0)
		p[2] = (uint8_t)want->mode;
	if (want->size >= 0)
		p[3] = (uint8_t)(want->size << 4 | (p[3] & 15));
	if (want->freq >= 0)
		p[3] = (uint8_t)((p[3] & 0xf0) | want->freq);
	*changed = memcmp(before, p + 2, 2) != 0;
	if (*changed && at > 0)
		digest_raw(p, at, p + at);
	return 0;
}

/*
 * Which revisions the header names: old images have one number alone, which
 * is a minor revision on an ESP32-C3 and a major one elsewhere.
 */
static void
header_revisions(const uint8_t *p, const struct esp_chip *chip, int *min,
    int *max)
{
	const int min_rev = p[14], min_full = (int)le16(p + 15);
	const int max_full = (int)le16(p + 17);

	*max = max_full == 0 || max_full == 65535 ? 65535 : max_full;
	*min = min_full;
	if (max_full == 0 || (min_full == 0 && min_rev != 0))
		*min = chip->min_rev_minor ? min_rev : min_rev * 100;
}

bool
esp_is_for_some(const uint8_t *p, size_t size, const struct esp_chip *chip)
{
	int min, max;

	if (size < ESP_HEADER_BYTES || esp_is_8266(chip))
		return false;
	header_revisions(p, chip, &min, &max);
	/* ESP-IDF writes 3.99 where an ESP32 may have any. */
	return min > 0 || max < (strcmp(chip->name, "esp32") == 0 ? 399 :
	    65535);
}

int
esp_fits_chip(const uint8_t *p, size_t size, const struct esp_chip *chip,
    int revision, struct err *e)
{
	const struct esp_chip *of;
	int min, max, id;

	if (size < ESP_HEADER_BYTES || p[0] != MAGIC)
		return err_set(e, ERR_INPUT, "not an ESP image");
	if (esp_is_8266(chip))
		return 0;
	id = (int)le16(p + 12);
	of = esp_chip_by_image(id);
	if (of != chip) {
		if (of == NULL)
			return err_set(e, ERR_MISMATCH, "for an ESP chip with "
			    "the number %d, but an %s answers", id,
			    chip->shown);
		return err_set(e, ERR_MISMATCH, "for an %s, but an %s "
		    "answers", of->shown, chip->shown);
	}
	if (revision < 0)
		return 0;
	header_revisions(p, chip, &min, &max);
	if (revision >= min && revision <= max)
		return 0;
	return err_set(e, ERR_MISMATCH, "for an %s of revision v%d.%d to "
	    "v%d.%d, but this is a v%d.%d", chip->shown, min / 100, min % 100,
	    max / 100, max % 100, revision / 100, revision % 100);
}

/* The first segment, behind two headers, begins with esp_app_desc_t. */
bool
esp_is_application(const uint8_t *p, size_t size)
{
	static const uint8_t magic[] = { 0x32, 0x54, 0xcd, 0xab };

	return size >= APP_DESC_AT + sizeof(magic) && p[0] == MAGIC &&
	    memcmp(p + APP_DESC_AT, magic, sizeof(magic)) == 0;
}
