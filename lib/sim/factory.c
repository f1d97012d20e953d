/* SPDX-License-Identifier: MIT */
#include "sim/factory.h"

#include <stdio.h>
#include <string.h>

#include "base/bytes.h"
#include "esp/partition.h"

#define ENTRY		32u
#define APP_AT		0x10000u
#define HEADER_TEXT	64u		/* bytes between header and text */

static void
put_entry(uint8_t *p, uint8_t type, uint8_t subtype, uint32_t addr,
    uint32_t size, const char *label)
{
	memset(p, 0, ENTRY);
	p[0] = 0xaa;
	p[1] = 0x50;
	p[2] = type;
	p[3] = subtype;
	put_le32(p + 4, addr);
	put_le32(p + 8, size);
	snprintf((char *)p + 12, 16, "%s", label);
}

/* As MicroPython's partitions-4MiB.csv: files in what is behind 2 MB. */
static void
put_table(uint8_t *flash, size_t n)
{
	const uint32_t half = n > 2u << 20 ? 2u << 20 : (uint32_t)n / 2;
	uint8_t *p = flash + PARTITION_AT;

	put_entry(p, 1, 2, 0x9000, 0x6000, "nvs");
	put_entry(p + ENTRY, 1, 1, 0xf000, 0x1000, "phy_init");
	put_entry(p + 2 * ENTRY, 0, 0, APP_AT, half - APP_AT, "factory");
	put_entry(p + 3 * ENTRY, 1, 0x81, half, (uint32_t)n - half, "vfs");
	memset(flash + half, 0, 4);	/* it is not blank */
}

void
sim_factory(struct sim_esp *chip, const struct sim_identity *id)
{
	const uint32_t at = sim_esp_boot_offset(chip);
	size_t n;
	uint8_t *flash = sim_esp_flash(chip, &n);
	static const uint8_t header[] = { 0xe9, 1, 2, 0x20 };

	memcpy(flash + at, header, sizeof(header));
	snprintf((char *)flash + at + HEADER_TEXT, 320, "MicroPython %s on "
	    "%s; %s", id->tag, id->date, id->machine);
	if (strcmp(id->port, "esp8266") != 0)
		put_table(flash, n);
}
