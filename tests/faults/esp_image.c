/* SPDX-License-Identifier: MIT */
#include "esp_image.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/mem.h"
#include "esp/chip.h"
#include "esp/partition.h"

#define SIZE		(100u << 10)
#define SEGMENT		128u		/* bytes of its only segment */
#define FILES_AT	0x80000u	/* of the file system, in the flash */

static void
put32(uint8_t *p, uint32_t v)
{
	for (int i = 0; i < 4; i++)
		p[i] = (uint8_t)(v >> 8 * i);
}

static uint8_t *
put_partition(uint8_t *p, uint8_t type, uint8_t subtype, uint32_t addr,
    uint32_t size, const char *label)
{
	memset(p, 0, 32);
	p[0] = 0xaa;
	p[1] = 0x50;
	p[2] = type;
	p[3] = subtype;
	put32(p + 4, addr);
	put32(p + 8, size);
	memcpy(p + 12, label, strlen(label));
	return p + 32;
}

static void
put_table(uint8_t *p)
{
	memset(p, 0xff, PARTITION_BYTES);
	p = put_partition(p, 1, 2, 0x9000, 0x6000, "nvs");
	p = put_partition(p, 0, 0, 0x10000, 0x70000, "factory");
	put_partition(p, 1, 0x81, FILES_AT, ESP_IMAGE_FLASH - FILES_AT, "vfs");
}

/* A header, which an ESP8266 has without its extension, and one segment. */
static void
put_start(uint8_t *p, const struct esp_chip *c, const char *says)
{
	const bool old = c->mac[0] == 0;
	uint8_t *segment = p + (old ? 8 : 24), sum = 0xef;
	size_t end;

	memset(p, 0, 24);
	p[0] = 0xe9;
	p[1] = 1;
	p[2] = 2;			/* dio */
	p[3] = old ? 0x20 : 0x00;	/* 1 MB, 40 MHz */
	put32(p + 4, 0x40080000);
	if (!old) {
		p[8] = 0xee;
		p[12] = (uint8_t)c->image_id;
	}
	put32(segment, old ? 0x40100000 : 0x3ffb0000);
	put32(segment + 4, SEGMENT);
	memset(segment + 8, 0, SEGMENT);
	memcpy(segment + 8, says, strlen(says));
	for (size_t i = 0; i < SEGMENT; i++)
		sum ^= segment[8 + i];
	end = (size_t)(segment - p) + 8 + SEGMENT;
	p[end | 15] = sum;
}

void
esp_image_make(const char *chip, const char *version, size_t number,
    struct esp_image *out)
{
	static const struct {
		const char *chip, *machine, *board_id;
	} boards[] = {
		{ "esp32", "Generic ESP32 module with ESP32",
		  "ESP32_GENERIC" },
		{ "esp32c3", "ESP32C3 module with ESP32C3",
		  "ESP32_GENERIC_C3" },
		{ "esp32p4", "Generic ESP32P4 module with ESP32P4",
		  "ESP32_GENERIC_P4" },
		{ "esp32s2", "Generic ESP32S2 module with ESP32S2",
		  "ESP32_GENERIC_S2" },
		{ "esp32s3", "Generic ESP32S3 module with ESP32S3",
		  "ESP32_GENERIC_S3" },
		{ "esp8266", "ESP module with ESP8266", "ESP8266_GENERIC" },
	};
	const struct esp_chip *c = esp_chip_by_name(chip);
	uint32_t v = (uint32_t)strlen(chip) + (uint32_t)version[3];
	char says[SEGMENT];
	struct err e;

	for (size_t i = 0; i < sizeof(boards) / sizeof(boards[0]); i++)
		if (strcmp(boards[i].chip, chip) == 0) {
			out->machine = boards[i].machine;
			out->board_id = boards[i].board_id;
		}
	out->n = SIZE;
	out->bytes = mem_alloc(SIZE);
	for (size_t i = 0; i < SIZE; i++) {
		v = v * 1664525u + 1013904223u;
		out->bytes[i] = (uint8_t)(i % 2 == 0 ? i >> 9 : v >> 24);
	}
	snprintf(says, sizeof(says), "MicroPython %s on 2025-04-15; %s",
	    version, out->machine);
	put_start(out->bytes, c, says);
	if (c->mac[0] != 0)
		put_table(out->bytes + PARTITION_AT - c->boot_offset);
	snprintf(out->path, sizeof(out->path), "%s-%zu-%s.bin", chip, number,
	    version);
	digest_bytes(out->bytes, out->n, out->sum);
	file_write(out->path, out->bytes, out->n, 0644, &e);
}

void
esp_image_release(struct esp_image *image)
{
	free(image->bytes);
	image->bytes = NULL;
}
