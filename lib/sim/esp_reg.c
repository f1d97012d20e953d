/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "base/bytes.h"
#include "sim/esp_in.h"

#define USER_COMMAND	(1u << 18)	/* of SPI1's first register */
#define CLOCK		40000000u	/* Hz, of the UART: the crystal's */
#define OLD_CLOCK	52000000u	/* ESP8266: twice that of 26 MHz */
#define AP_3V3		1u		/* who made the PSRAM */
#define READ_ID		0x9fu
#define WAKE		0xb979ffabu	/* what starts a flash of XMC */
#define READ_SFDP	0x5au
#define READ		0x03u
#define FLASH_POWER	0x501153fcu	/* ESP32-P4: forced on by two bits */
#define STRAP_BOOT	(1u << 3)	/* low: the button is held */
#define WDT_RESET	0xd0000102u	/* on, and it resets all */

static uint32_t
bits_value(const struct esp_bits *b, unsigned v)
{
	return (v & ((1u << b->width) - 1)) << b->shift;
}

/* The bits of a number in two places, as far as they are in this word. */
static uint32_t
split_value(const struct esp_bits b[2], uint32_t addr, unsigned v)
{
	uint32_t out = 0;

	if (b[0].reg == addr)
		out |= bits_value(&b[0], v);
	if (b[1].reg == addr && b[0].reg != 0)
		out |= bits_value(&b[1], v >> b[0].width);
	return out;
}

static uint32_t
mac_word(const struct sim_esp *s, int word)
{
	const uint8_t *m = s->opts.mac;

	return word == 0 ? (uint32_t)m[2] << 24 | (uint32_t)m[3] << 16 |
	    (uint32_t)m[4] << 8 | m[5] : (uint32_t)m[0] << 8 | m[1];
}

/* The code of so many megabytes of PSRAM, in the bits that have it. */
static uint32_t
psram_bits(const struct sim_esp *s, uint32_t addr)
{
	unsigned code = 0;

	for (unsigned i = 1; i < ESP_PSRAMS; i++)
		if (s->opts.psram_mb != 0 &&
		    s->chip->psram_mb[i] == s->opts.psram_mb)
			code = i;
	/* The maker follows, where there is room for it. */
	return split_value(s->chip->psram, addr, code) |
	    (code != 0 && s->chip->octal_mb != 0 &&
	    addr == s->chip->psram[0].reg ? AP_3V3 << 7 : 0);
}

static uint32_t
esp32_word3(const struct sim_esp *s)
{
	const unsigned package = s->opts.package;

	return (package & 7u) << 9 | (package >> 3 & 1u) << 2 |
	    (s->opts.one_core ? 1u : 0) |
	    (s->opts.revision >= 100 ? 1u << 15 : 0);
}

/* The eFuses of a real one: numbers in bits that no other number uses. */
static uint32_t
efuse(const struct sim_esp *s, uint32_t addr)
{
	const struct esp_chip *c = s->chip;
	const unsigned major = s->opts.revision / 100;
	uint32_t v = 0;

	for (int i = 0; i < 2; i++) {
		if (c->mac[i] == addr)
			v |= mac_word(s, i);
		if (c->secure_boot[i].reg == addr && i == 0)
			v |= bits_value(&c->secure_boot[i],
			    s->opts.secure_boot);
	}
	if (c->crypt_count.reg == addr)
		v |= bits_value(&c->crypt_count, s->opts.encrypted);
	v |= split_value(c->rev_minor, addr, s->opts.revision % 100);
	v |= split_value(c->rev_major, addr, major);
	v |= psram_bits(s, addr);
	if (strcmp(c->name, "esp32") != 0)
		return v;
	if (addr == 0x3ff5a00c)
		v |= esp32_word3(s);
	if (addr == 0x3ff5a014 && major >= 2)
		v |= 1u << 20;
	if (addr == 0x3ff6607c && major >= 3)
		v |= 1u << 31;
	if (addr == 0x3ff5a010)
		v |= 80;		/* with the next: a 40 MHz crystal */
	if (addr == 0x3ff5f06c)
		v |= 1280u << 7;
	return v;
}

static uint32_t
esp8266_word(const struct sim_esp *s, uint32_t addr)
{
	const uint8_t *m = s->opts.mac;

	switch (addr) {
	case 0x3ff00050:
		return (uint32_t)m[5] << 24;
	case 0x3ff00054:
		return (uint32_t)m[3] << 8 | m[4];
	case 0x3ff0005c:
		return (uint32_t)m[0] << 16 | (uint32_t)m[1] << 8 | m[2];
	default:
		return 0;
	}
}

/* An ESP32-P4 of these revisions gives its flash no power by itself. */
bool
esp_flash_has_power(const struct sim_esp *s)
{
	return strcmp(s->chip->name, "esp32p4") != 0 ||
	    (s->opts.revision != 301 && s->opts.revision != 302) ||
	    (esp_reg_read(s, FLASH_POWER) & 3) == 3;
}

/* Of a chip that has a USB of its own. */
static uint32_t
usb_word(const struct sim_esp *s, uint32_t addr)
{
	if (addr == s->chip->strap)
		return s->button ? 0 : STRAP_BOOT;
	return bits_value(&s->chip->force_loader, s->forced);
}

uint32_t
esp_reg_read(const struct sim_esp *s, uint32_t addr)
{
	if (addr != 0 && (addr == s->chip->strap ||
	    addr == s->chip->force_loader.reg))
		return usb_word(s, addr);
	for (size_t i = 0; i < s->n_reg; i++)
		if (s->reg[i].addr == addr)
			return s->reg[i].value;
	if (addr == ESP_MAGIC_REG)
		return s->chip->magic[0];
	if (addr == s->chip->uart_divider && addr != 0)
		return (s->chip->mac[0] == 0 ? OLD_CLOCK : CLOCK) / s->baud;
	if (addr == s->chip->spi + s->chip->usr)
		return 0x80000000u;
	if (addr == s->chip->spi + s->chip->usr2)
		return 0x70000000u;
	return s->chip->mac[0] == 0 ? esp8266_word(s, addr) : efuse(s, addr);
}

static void
reg_set(struct sim_esp *s, uint32_t addr, uint32_t value)
{
	for (size_t i = 0; i < s->n_reg; i++)
		if (s->reg[i].addr == addr) {
			s->reg[i].value = value;
			return;
		}
	if (s->n_reg == SIM_ESP_REGS)
		return;
	s->reg[s->n_reg].addr = addr;
	s->reg[s->n_reg++].value = value;
}

/* The four bytes at the address that ADDR holds. */
static uint32_t
flash_word(const struct sim_esp *s)
{
	const uint32_t addr = esp_reg_read(s, s->chip->spi + 4) >>
	    (s->chip->addr_left ? 8 : 0);

	return esp_flash_holds(s, addr, 4) ? le32(s->flash + addr) :
	    0xffffffffu;
}

/* The flash answers the command that USR2 holds, in W0. */
static void
spi_command(struct sim_esp *s)
{
	const struct esp_chip *c = s->chip;
	const uint8_t op = esp_reg_read(s, c->spi + c->usr2) & 0xff;
	uint32_t answer = 0;

	s->flash_ops = s->flash_ops << 8 | op;
	if (s->flash_ops == WAKE)
		s->opts.flash_asleep = false;
	if (!esp_flash_has_power(s))
		answer = 0xffffffffu;
	else if (op == READ)
		answer = flash_word(s);
	else if (op == READ_ID)
		answer = s->opts.flash_asleep ? 0x177020 : s->opts.flash_id;
	else if (op == READ_SFDP)
		answer = 0xffffffffu;	/* it has none, as many */
	reg_set(s, c->spi + c->w0, answer);
	reg_set(s, c->spi, 0);
}

void
esp_reg_write(struct sim_esp *s, uint32_t addr, uint32_t value, uint32_t mask)
{
	const uint32_t before = mask == ~0u ? 0 : esp_reg_read(s, addr);

	value = (before & ~mask) | (value & mask);
	reg_set(s, addr, value);
	if (addr != 0 && addr == s->chip->force_loader.reg)
		s->forced = (value >> s->chip->force_loader.shift & 1) != 0;
	if (addr != 0 && addr == s->chip->wdt_config0 && value == WDT_RESET &&
	    esp_reg_read(s, s->chip->wdt_protect) == ESP_WDT_KEY)
		s->bites = true;
	if (addr == s->chip->spi && (value & USER_COMMAND) != 0)
		spi_command(s);
}
