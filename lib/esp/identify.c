/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "base/clock.h"
#include "base/text.h"
#include "esp/impl.h"

#define INFO_SHORT	12u		/* bytes: an ESP32-S2's security info */
#define INFO_LONG	20u
#define INFO_COUNT	4u		/* where flash_crypt_cnt is */
#define INFO_CHIP	12u		/* where chip_id is */
#define SECURE_BOOT	(1u << 0)	/* flags, in the first four bytes */
#define SECURE_DOWNLOAD	(1u << 2)

/* --- which chip --- */

static bool
odd_parity(unsigned v)
{
	return (v ^ v >> 1 ^ v >> 2) & 1u;
}

/*
 * 1: the chip says by itself which one it is; 0: it is older than that.  An
 * ESP32-S2 that allows nothing else tells itself by its short answer.
 */
static int
ask_security(struct esp_loader *l, struct esp_target *out, struct err *e)
{
	struct esp_reply reply;
	struct err why = ERR_INIT;
	uint32_t flags;
	int id;

	if (esp_command(l, ESP_SECURITY_INFO, NULL, 0, ESP_ANY,
	    ESP_COMMAND_MS, &reply, &why) == -1) {
		if (why.code == ERR_UNSUPPORTED || why.code == ERR_IO)
			return 0;
		*e = why;
		return -1;
	}
	if (reply.len < INFO_SHORT)
		return 0;
	flags = (uint32_t)reply.data[0] | (uint32_t)reply.data[1] << 8;
	out->secure_boot = flags & SECURE_BOOT;
	out->secure_download = flags & SECURE_DOWNLOAD;
	out->encrypted = odd_parity(reply.data[INFO_COUNT]);
	if (reply.len < INFO_LONG) {
		out->chip = esp_chip_by_name("esp32s2");
		return 1;
	}
	id = reply.data[INFO_CHIP] | reply.data[INFO_CHIP + 1] << 8;
	out->chip = esp_chip_by_id(id);
	if (out->chip != NULL)
		return 1;
	return err_set(e, ERR_UNSUPPORTED, "%s: an ESP chip with the id %d, "
	    "which this version does not know", link_name(l->link), id);
}

/*
 * An ESP32 or ESP8266 has no security information, and answers the question
 * for it eight times.
 */
static bool
ask_old(struct esp_loader *l, struct esp_target *out)
{
	struct err ignored = ERR_INIT;
	uint32_t magic;

	if (esp_read_reg(l, ESP_MAGIC_REG, &magic, &ignored) == -1)
		return false;
	out->chip = esp_chip_by_magic(magic);
	if (out->chip == NULL || out->chip->id != ESP_NOT_TOLD)
		return false;
	l->chip = out->chip;
	return true;
}

static int
ask_chip_id(struct esp_loader *l, struct esp_target *out, struct err *e)
{
	uint32_t magic = 0;
	int r;

	if (l->opts.old && ask_old(l, out))
		return 0;
	r = ask_security(l, out, e);
	if (r == -1)
		return -1;
	if (r == 0) {
		if (esp_read_reg(l, ESP_MAGIC_REG, &magic, e) == -1)
			return err_wrap(e, "which chip it is");
		out->chip = esp_chip_by_magic(magic);
	}
	if (out->chip == NULL)
		return err_set(e, ERR_UNSUPPORTED, "%s: an ESP chip with the "
		    "number 0x%08x, which this version does not know",
		    link_name(l->link), magic);
	if (!out->chip->supported)
		return err_set(e, ERR_UNSUPPORTED, "%s: an %s, for which "
		    "MicroPython has no firmware", link_name(l->link),
		    out->chip->shown);
	l->chip = out->chip;
	l->secure = out->secure_download;
	return 0;
}

/* --- the flash --- */

/* The pads of an ESP32's flash, if its eFuses say that they are others. */
static int
esp32_pads(struct esp_words *w, uint32_t *out, struct err *e)
{
	uint32_t word3, word5, pad[5];

	if (esp_word(w, 0x3ff5a00c, &word3, e) == -1 ||
	    esp_word(w, 0x3ff5a014, &word5, e) == -1)
		return -1;
	pad[0] = word5 & 31;		/* clock */
	pad[1] = word5 >> 5 & 31;	/* q */
	pad[2] = word5 >> 10 & 31;	/* d */
	pad[3] = word5 >> 15 & 31;	/* cs */
	pad[4] = word3 >> 4 & 31;	/* hd */
	*out = 0;
	if (pad[0] + pad[1] + pad[2] + pad[3] + pad[4] == 0)
		return 0;
	for (int i = 0; i < 5; i++)	/* 30 and 31 stand for 32 and 33 */
		*out |= (pad[i] >= 30 ? pad[i] + 2 : pad[i]) << 6 * i;
	return 0;
}

/* The flash is there for the loader; ESP8266 does that as it writes. */
static int
attach(struct esp_words *w, const struct esp_chip *chip, struct err *e)
{
	struct buf data = BUF_INIT;
	uint32_t pads = 0;
	int r = 0;

	if (chip->mac[0] == 0) {
		for (int i = 0; i < 4; i++)
			esp_add32(&data, 0);
		r = esp_command(w->l, ESP_FLASH_BEGIN, data.data, data.len, 0,
		    ESP_COMMAND_MS, NULL, e);
		goto out;
	}
	if (!w->l->secure && strcmp(chip->name, "esp32") == 0)
		r = esp32_pads(w, &pads, e);
	esp_add32(&data, pads);
	if (!w->l->stub)
		esp_add32(&data, 0);
	if (r == 0)
		r = esp_command(w->l, ESP_SPI_ATTACH, data.data, data.len, 0,
		    ESP_COMMAND_MS, NULL, e);
out:
	buf_release(&data);
	return r;
}

/*
 * A flash of XMC may not have started, and says another id than its own then.
 *
 * Source: XMC's data sheets: deep power down, and its end.
 */
static bool
is_started(uint32_t id)
{
	const uint8_t type = id >> 8 & 0xff, size = id >> 16 & 0xff;

	return (id & 0xff) != 0x20 ||
	    (type == 0x40 && size >= 0x13 && size <= 0x20) ||
	    (type == 0x41 && size >= 0x17 && size <= 0x20) ||
	    (type == 0x50 && size >= 0x15 && size <= 0x16);
}

static int
start_xmc(struct esp_loader *l, const struct esp_chip *c, struct err *e)
{
	static const uint8_t ops[] = { 0xb9, 0x79, 0xff, 0xab };

	for (size_t i = 0; i < sizeof(ops) / sizeof(ops[0]); i++) {
		if (ops[i] == 0xab)
			clock_sleep_ms(2);
		if (esp_spi(l, c, &(struct esp_spi){ .op = ops[i] }, NULL,
		    e) == -1)
			return -1;
	}
	return 0;
}

static int
ask_flash_id(struct esp_loader *l, const struct esp_chip *c, uint32_t *out,
    struct err *e)
{
	static const struct esp_spi ask = { .op = 0x9f, .bits = 24 };

	if (esp_spi(l, c, &ask, out, e) == -1)
		return -1;
	*out &= 0xffffff;
	if (is_started(*out))
		return 0;
	if (start_xmc(l, c, e) == -1 || esp_spi(l, c, &ask, out, e) == -1)
		return -1;
	*out &= 0xffffff;
	return 0;
}

/* The ROM has to know how large the flash is before it writes to it. */
static int
set_params(struct esp_loader *l, uint32_t size, struct err *e)
{
	const uint32_t params[] = { 0, size, 65536, 4096, 256, 0xffff };
	struct buf data = BUF_INIT;
	int r;

	for (size_t i = 0; i < sizeof(params) / sizeof(params[0]); i++)
		esp_add32(&data, params[i]);
	r = esp_command(l, ESP_SPI_SET_PARAMS, data.data, data.len, 0,
	    ESP_COMMAND_MS, NULL, e);
	buf_release(&data);
	return r;
}

/* In its loader a chip is not fed, and its watchdogs would end the work. */
static int
stop_watchdogs(struct esp_loader *l, const struct esp_chip *c, struct err *e)
{
	const struct esp_reg reg[] = {
		{ c->wdt_protect, ESP_WDT_KEY, ~0u, 0 },
		{ c->wdt_config0, 0, ~0u, 0 },
		{ c->wdt_protect, 0, ~0u, 0 },
		{ c->swd_protect, c->swd_key, ~0u, 0 },
		{ c->swd_config, 1u << c->swd_feed, 1u << c->swd_feed, 0 },
		{ c->swd_protect, 0, ~0u, 0 },
	};

	if (l->opts.port != ESP_USB_JTAG || l->secure || l->stub ||
	    c->swd_config == 0)
		return 0;
	return esp_write_regs(l, reg, sizeof(reg) / sizeof(reg[0]), e);
}

/*
 * In their loader the later revisions of an ESP32-P4 give the flash no power
 * until its supply is forced on, by a sequence of the power unit.  3.2 does it
 * by itself, if an eFuse says so; what an earlier reset has left is taken back.
 *
 * Source: Espressif's "ESP32-P4 Chip Errata" and the registers of its PMU.
 */
static int
power_flash(struct esp_words *w, const struct esp_target *t, struct err *e)
{
	static const struct esp_reg off[] = { { 0x501153fc, 0, 3, 0 } };
	static const struct esp_reg on[] = {
		{ 0x5011010c, 1, ~0u, 10000 },
		{ 0x501151bc, 1u << 27, 1u << 27, 0 },
		{ 0x501151b8, 1u << 7, 1u << 7, 0 },
		{ 0x501153fc, 3, 3, 50 },
		{ 0x501151bc, 0, 1u << 27, 0 },
		{ 0x501151b8, 0, 0xffu << 23, 0 },
		{ 0x501151b8, 1u << 7, 1u << 7, 0 },
		{ 0x501151b8, 0, 1u << 7, 1800 },
	};
	uint32_t fuses = 0;

	if (strcmp(t->chip->name, "esp32p4") != 0 || w->l->secure ||
	    (t->revision != 301 && t->revision != 302))
		return 0;
	if (t->revision == 302 && esp_word(w, 0x5012d034, &fuses, e) == -1)
		return -1;
	return (fuses & 1u << 16) != 0 ? esp_write_regs(w->l, off, 1, e) :
	    esp_write_regs(w->l, on, sizeof(on) / sizeof(on[0]), e);
}

int
esp_identify_chip(struct esp_loader *l, unsigned what, struct esp_target *out,
    struct err *e)
{
	struct esp_words w = { .l = l };
	bool told;

	*out = (struct esp_target){ .revision = -1, .stub = l->stub };
	if (ask_chip_id(l, out, e) == -1)
		return -1;
	told = out->chip->id != ESP_NOT_TOLD && !l->stub;
	if (stop_watchdogs(l, out->chip, e) == -1)
		return -1;
	if (l->secure)
		return 0;
	if (((what & ESP_ASK_REVISION) != 0 && esp_ask_revision(&w, out->chip,
	    &out->revision, e) == -1) || ((what & ESP_ASK_MAC) != 0 &&
	    esp_ask_mac(&w, out->chip, out->mac, e) == -1) ||
	    esp_ask_locks(&w, out->chip, told, out, e) == -1)
		return err_wrap(e, "what the chip says of itself");
	out->has_mac = (what & ESP_ASK_MAC) != 0;
	return 0;
}

int
esp_identify_flash(struct esp_loader *l, uint32_t known,
    struct esp_target *io, struct err *e)
{
	struct esp_words w = { .l = l };

	if (!l->stub && (power_flash(&w, io, e) == -1 ||
	    attach(&w, io->chip, e) == -1))
		return err_wrap(e, "the flash");
	io->flash_size = known;
	if (known == 0 && !l->secure) {
		if (ask_flash_id(l, io->chip, &io->flash_id, e) == -1)
			return err_wrap(e, "the flash");
		io->flash_size = esp_flash_size(io->flash_id);
	}
	l->flash_size = io->flash_size;
	if (io->flash_size != 0 && (l->stub || io->chip->mac[0] != 0))
		return set_params(l, io->flash_size, e);
	return 0;
}

int
esp_identify(struct esp_loader *l, struct esp_target *out, struct err *e)
{
	return esp_identify_chip(l, ESP_ASK_MAC | ESP_ASK_REVISION, out,
	    e) == -1 ? -1 : esp_identify_flash(l, 0, out, e);
}
