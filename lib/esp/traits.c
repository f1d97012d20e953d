/* SPDX-License-Identifier: MIT */
#include "esp/traits.h"

#include <stdio.h>
#include <string.h>

#include "esp/impl.h"

#define MB		(1u << 20)
#define READ		0x03u		/* a flash's command */
#define BLANK		0xffffffffu

/* ESP32, word 3 of its eFuses. */
#define WORD3		0x3ff5a00cu
#define ONE_CORE	(1u << 0)

static void
set_traits_psram(const struct esp_chip *c, unsigned mb, struct esp_traits *out)
{
	out->psram_bytes = mb * MB;
	out->psram = mb == 0 ? ESP_PSRAM_NONE : mb <= c->quad_mb ?
	    ESP_PSRAM_QUAD : c->octal_mb != 0 && mb >= c->octal_mb ?
	    ESP_PSRAM_OCTAL : ESP_PSRAM_UNKNOWN;
}

/*
 * From revision 3 on those that had other names before end in V3; an S stands
 * where the D of two cores would.
 */
static void
set_traits_package(const struct esp_package *p, int revision,
    struct esp_traits *out)
{
	const bool v3 = revision >= 300;

	if (v3 && strcmp(p->name, "ESP32-PICO-D4") == 0)
		snprintf(out->package, sizeof(out->package), "ESP32-PICO-V3");
	else
		snprintf(out->package, sizeof(out->package), "%s%s", p->name,
		    v3 && p->number <= 1 ? "-V3" : "");
	if (out->cores == 1 && p->number <= 1)
		out->package[strlen("ESP32-")] = 'S';
}

/* The PSRAM of a module, beside the chip, is not in the eFuses. */
static int
ask_esp32(struct esp_loader *l, const struct esp_target *t,
    struct esp_traits *out, struct err *e)
{
	uint32_t word3;
	unsigned number;

	if (esp_read_reg(l, WORD3, &word3, e) == -1)
		return -1;
	number = (word3 >> 9 & 7) | (word3 >> 2 & 1) << 3;
	out->cores = (word3 & ONE_CORE) != 0 ? 1 : 2;
	for (size_t i = 0; i < esp_packages_n; i++)
		if (esp_packages[i].number == number) {
			set_traits_package(&esp_packages[i], t->revision, out);
			if (esp_packages[i].psram_mb != 0)
				set_traits_psram(t->chip,
				    esp_packages[i].psram_mb, out);
		}
	return 0;
}

static int
ask_psram(struct esp_loader *l, const struct esp_chip *c,
    struct esp_traits *out, struct err *e)
{
	unsigned code = 0, shift = 0;
	uint32_t v;

	if (c->psram[0].reg == 0)
		return 0;
	for (int i = 0; i < 2 && c->psram[i].reg != 0; i++) {
		const struct esp_bits *b = &c->psram[i];

		if (esp_read_reg(l, b->reg, &v, e) == -1)
			return -1;
		code |= (v >> b->shift & ((1u << b->width) - 1)) << shift;
		shift += b->width;
	}
	if (code == 0 || (code < ESP_PSRAMS && c->psram_mb[code] != 0))
		set_traits_psram(c, c->psram_mb[code], out);
	return 0;
}

/*
 * The ROM has set the divider of its UART to the rate that it measured, so
 * the divider tells the clock.  An ESP8266's UART has twice the crystal's.
 */
static int
ask_crystal(struct esp_loader *l, const struct esp_chip *c,
    struct esp_traits *out, struct err *e)
{
	const bool old = c->mac[0] == 0;
	const bool c5 = strcmp(c->name, "esp32c5") == 0;
	uint32_t divider;
	uint64_t mhz;

	if (c->uart_divider == 0)
		return 0;
	if (esp_read_reg(l, c->uart_divider, &divider, e) == -1)
		return -1;
	mhz = (uint64_t)l->baud * (divider & 0xfffff) / (old ? 2 : 1) /
	    1000000;
	if (mhz < 20 || mhz > 55)
		return 0;		/* an emulator has no such clock */
	out->crystal_mhz = c5 ? (mhz > 43 ? 48 : 40) : mhz > 33 ? 40 : 26;
	return 0;
}

int
esp_blank(struct esp_loader *l, const struct esp_target *t, int *out,
    struct err *e)
{
	const struct esp_chip *c = t->chip;
	uint32_t first = 0;

	*out = -1;
	if (t->secure_download || t->stub || t->flash_size == 0)
		return 0;
	/* The ROM of an ESP8266 reads no flash. */
	if ((c->mac[0] == 0 ? esp_spi(l, c, &(struct esp_spi){ .op = READ,
	    .has_addr = true, .addr = c->boot_offset, .bits = 32 }, &first, e) :
	    esp_read(l, c->boot_offset, &first, sizeof(first), e)) == -1)
		return err_wrap(e, "the flash");
	*out = first == BLANK;
	return 0;
}

int
esp_traits(struct esp_loader *l, const struct esp_target *t,
    struct esp_traits *out, struct err *e)
{
	*out = (struct esp_traits){ .blank = -1,
	    .crystal_mhz = t->chip->crystal_mhz, .psram = t->chip->no_psram ?
	    ESP_PSRAM_NONE : ESP_PSRAM_UNKNOWN };
	if (t->secure_download || t->stub)
		return 0;
	if ((strcmp(t->chip->name, "esp32") == 0 ? ask_esp32(l, t, out, e) :
	    ask_psram(l, t->chip, out, e)) == -1 ||
	    ask_crystal(l, t->chip, out, e) == -1)
		return err_wrap(e, "what the chip says of itself");
	return esp_blank(l, t, &out->blank, e);
}
