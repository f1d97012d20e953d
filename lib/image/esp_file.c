/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "esp/partition.h"
#include "image/esp.h"

#define APP		0x00u		/* a type of partition */

/*
 * Where the table lies in a file, which begins with the bootloader.  That has
 * its own address in the flash of each chip, and the table has one in all.
 */
static const uint32_t boots[] = { 0, 0x1000, 0x2000 };

/* One partition: is an image of the same chip in it, as far as it is here? */
static int
check_app(struct image_source *s, size_t at, struct esp_file *out,
    struct err *e)
{
	struct esp_image app;
	const uint8_t *p;

	if (at >= s->size)
		return 0;
	p = image_at(s, at, 1, e);
	if (p == NULL)
		return -1;
	if (p[0] != ESP_MAGIC)
		return 0;		/* nothing is in it yet */
	if (esp_check(s, at, &app, e) == -1)
		return err_wrap(e, "application at byte %zu", at);
	if (app.chip_id != out->first.chip_id)
		return err_set(e, ERR_INPUT, "the bootloader is for chip id "
		    "%d, the application at byte %zu for %d",
		    out->first.chip_id, at, app.chip_id);
	out->n_apps++;
	out->hashed = out->hashed && app.hashed;
	return 0;
}

static int
check_partitions(struct image_source *s, uint32_t boot, struct esp_file *out,
    struct err *e)
{
	const size_t at = PARTITION_AT - boot;
	const size_t n = s->size - at < PARTITION_BYTES ? s->size - at :
	    PARTITION_BYTES;
	const uint8_t *p = image_at(s, at, n, e);
	struct partitions t;

	if (p == NULL)
		return -1;
	if (partitions_parse(p, n, &t, e) == -1)
		return err_wrap(e, "partition table at byte %zu", at);
	for (size_t i = 0; i < t.n; i++)
		if (t.v[i].type == APP && t.v[i].addr >= boot &&
		    check_app(s, t.v[i].addr - boot, out, e) == -1)
			return -1;
	return 0;
}

/* Do the first two bytes of a table lie there? */
static int
has_partition_magic(struct image_source *s, size_t at, struct err *e)
{
	const uint8_t *p;

	if (at + 2 > s->size)
		return 0;
	p = image_at(s, at, 2, e);
	return p == NULL ? -1 : p[0] == 0xaa && p[1] == 0x50;
}

int
esp_file_check(struct image_source *s, struct esp_file *out, struct err *e)
{
	int r;

	memset(out, 0, sizeof(*out));
	if (esp_check(s, 0, &out->first, e) == -1)
		return -1;
	out->hashed = out->first.hashed;
	if (out->first.chip_id == ESP_NO_ID)
		return 0;
	for (size_t i = 0; i < sizeof(boots) / sizeof(boots[0]); i++) {
		const size_t at = PARTITION_AT - boots[i];

		if (at < out->first.len)
			continue;
		r = has_partition_magic(s, at, e);
		if (r != 0)
			return r == -1 ? -1 : check_partitions(s, boots[i], out,
			    e);
	}
	return 0;
}
