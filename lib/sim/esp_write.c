/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "sim/esp_in.h"

#define SECTOR		4096u
#define ROM_BLOCK_MAX	0x1800u
#define STUB_BLOCK_MAX	0x4000u

/* Codes of a ROM. */
#define BAD_FORMAT	0x05u
#define CANNOT		0x06u
#define BAD_SUM		0x07u
#define BAD_DEFLATE	0x0bu

void
esp_write_close(struct sim_esp *s)
{
	sim_inflate_free(s->write.inflate);
	memset(&s->write, 0, sizeof(s->write));
}

/*
 * What the ROM of an ESP8266 erases where it is asked for so many bytes: its
 * reckoning of the first block is wrong.
 */
static size_t
esp8266_erases(uint32_t addr, size_t len)
{
	const size_t n = (len + SECTOR - 1) / SECTOR;
	size_t head = 16 - addr / SECTOR % 16;

	head = head < n ? head : n;
	return (head + n) * SECTOR;
}

static uint8_t
begin_code(struct sim_esp *s, uint8_t op, const uint8_t *p, size_t n)
{
	const bool stub = s->mode == SIM_ESP_STUB;
	const bool old = strcmp(s->chip->name, "esp32") == 0 ||
	    s->chip->mac[0] == 0;
	const uint32_t size = n >= 16 ? le32(p) : 0;
	const uint32_t block = n >= 16 ? le32(p + 8) : 0;
	const uint32_t at = n >= 16 ? le32(p + 12) : 0;

	if (stub && n != 16 && n != 20)
		return 0xc0;
	if (!stub && (n != (old ? 16u : 20u) ||
	    (op == ESP_DEFL_BEGIN && s->chip->mac[0] == 0)))
		return BAD_FORMAT;
	if (!stub && block > ROM_BLOCK_MAX)
		return BAD_FORMAT;
	if (!esp_flash_has_power(s) ||
	    (!stub && (at % SECTOR != 0 || at >= s->told_bytes ||
	    size > s->flash_bytes - (at < s->flash_bytes ? at :
	    s->flash_bytes))))
		return CANNOT;
	return 0;
}

/* FLASH_BEGIN and FLASH_DEFL_BEGIN: size, blocks, block size, address. */
void
esp_do_begin(struct sim_esp *s, uint8_t op, const uint8_t *p, size_t n)
{
	const uint8_t code = begin_code(s, op, p, n);
	struct esp_write *w = &s->write;
	size_t size;

	if (code != 0) {
		esp_answer(s, op, 0, NULL, 0, code);
		return;
	}
	esp_write_close(s);
	size = le32(p);
	w->blocks = le32(p + 4);
	w->block_size = le32(p + 8);
	w->at = le32(p + 12);
	w->end = w->at + (uint32_t)size;
	w->open = true;
	w->deflate = op == ESP_DEFL_BEGIN;
	if (w->deflate)
		w->inflate = sim_inflate_new();
	if (s->chip->mac[0] == 0 && s->mode == SIM_ESP_LOADER && size > 0)
		size = esp8266_erases(w->at, size);
	w->erased = w->at / SECTOR * SECTOR;
	if (size > 0 && w->at < s->flash_bytes && s->mode != SIM_ESP_STUB)
		esp_work(s, esp_flash_erase(s, w->at, size));
	esp_answer(s, op, 0, NULL, 0, 0);
}

/* A stub erases what it was told to as it comes to it, the whole in the end. */
static void
erase_ahead(struct sim_esp *s, uint32_t to)
{
	struct esp_write *w = &s->write;
	const uint32_t last = w->end < s->flash_bytes ? (w->end + SECTOR - 1) /
	    SECTOR * SECTOR : s->flash_bytes;
	uint32_t n;

	while (w->erased < to && w->erased < last) {
		esp_work(s, esp_flash_erase_unit(s, w->erased, last, &n));
		w->erased += n;
	}
}

/* Into the flash; what lies behind its end goes nowhere. */
static uint8_t
put_flash_bytes(struct sim_esp *s, const void *p, size_t n)
{
	struct esp_write *w = &s->write;
	size_t fits = n;

	if (!esp_flash_holds(s, w->at, n))
		fits = w->at < s->flash_bytes ? s->flash_bytes - w->at : 0;
	if (s->mode == SIM_ESP_STUB)
		erase_ahead(s, w->at + (uint32_t)fits);
	esp_work(s, esp_flash_program(s, w->at, p, fits));
	w->at += (uint32_t)n;
	return fits == n ? 0 : s->mode == SIM_ESP_STUB ? 0xc4 : CANNOT;
}

static uint8_t
put_block(struct sim_esp *s, const uint8_t *p, size_t n)
{
	const bool stub = s->mode == SIM_ESP_STUB;
	struct buf plain = BUF_INIT;
	uint8_t code;

	if (!s->write.deflate)
		return put_flash_bytes(s, p, n);
	if (!sim_inflate_add(s->write.inflate, p, n, &plain))
		code = stub ? 0xc7 : BAD_DEFLATE;
	else
		code = put_flash_bytes(s, plain.data, plain.len);
	buf_release(&plain);
	return code;
}

/* The ROM: writes, and answers when that is done. */
static void
rom_block(struct sim_esp *s, uint8_t op, bool sum_ok, uint32_t seq,
    const uint8_t *p, size_t n)
{
	struct esp_write *w = &s->write;
	uint8_t code;

	if (seq != w->seq) {
		esp_answer(s, op, 0, NULL, 0, BAD_FORMAT);
		return;
	}
	w->seq++;			/* a bad block uses it up, too */
	if (!sum_ok)
		code = BAD_SUM;
	else if (w->seq > w->blocks || n > w->block_size)
		code = BAD_FORMAT;
	else if (w->deflate && sim_inflate_ended(w->inflate)) {
		s->mode = SIM_ESP_LOST;	/* it hangs */
		return;
	} else
		code = put_block(s, p, n);
	esp_answer(s, op, 0, NULL, 0, code);
}

/* A stub: answers, then writes; what goes wrong is said by the next. */
static void
stub_block(struct sim_esp *s, uint8_t op, bool sum_ok, const uint8_t *p,
    size_t n)
{
	struct esp_write *w = &s->write;

	if (n > STUB_BLOCK_MAX) {
		s->mode = SIM_ESP_LOST;	/* its buffer is overrun */
		return;
	}
	if (!sum_ok) {
		esp_answer(s, op, 0, NULL, 0, 0xc1);
		return;
	}
	if (w->late == 0xc7) {
		esp_answer(s, op, 0, NULL, 0, w->late);
		return;
	}
	esp_answer(s, op, 0, NULL, 0, 0);
	esp_answer_now(s);
	if (w->late == 0)
		w->late = put_block(s, p, n);
}

void
esp_do_data(struct sim_esp *s, uint8_t op, uint32_t sum, const uint8_t *p,
    size_t n)
{
	const bool stub = s->mode == SIM_ESP_STUB;
	size_t len;
	bool ok;

	if (n < ESP_SUBHEADER || !s->write.open) {
		esp_answer(s, op, 0, NULL, 0, stub ? n < ESP_SUBHEADER ?
		    0xc0 : 0xc6 : BAD_FORMAT);
		return;
	}
	len = le32(p);
	if (len != n - ESP_SUBHEADER) {
		esp_answer(s, op, 0, NULL, 0, stub ? 0xc0 : BAD_FORMAT);
		return;
	}
	ok = esp_checksum(p + ESP_SUBHEADER, len) == (sum & 0xff);
	if (stub)
		stub_block(s, op, ok, p + ESP_SUBHEADER, len);
	else
		rom_block(s, op, ok, le32(p + 4), p + ESP_SUBHEADER, len);
}

/* A stub tells here what was wrong; the ROM leaves its loader. */
void
esp_do_end(struct sim_esp *s, uint8_t op, const uint8_t *p, size_t n)
{
	const struct esp_write *w = &s->write;
	uint8_t code = 0;

	if (s->mode == SIM_ESP_STUB) {
		if (n != 4)
			code = 0xc0;
		else if (!w->open)
			code = 0xc6;
		else if (w->late != 0)
			code = w->late == 0xc7 ? 0xc0 : w->late;
		else if (w->at < w->end)
			code = 0xc0;
		esp_answer(s, op, 0, NULL, 0, code);
		esp_write_close(s);
		return;
	}
	esp_answer(s, op, 0, NULL, 0, 0);
	esp_write_close(s);
	(void)p;
	s->mode = SIM_ESP_LOST;		/* and does not answer any more */
}
