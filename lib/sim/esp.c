/* SPDX-License-Identifier: MIT */
#include "sim/esp.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "base/mem.h"
#include "sim/esp_in.h"

#define FRAME_MAX	(48u << 10)	/* bytes: more than any loader takes */
#define FLASH_BYTES	(4u << 20)
#define MAGIC		0xe9u
#define DIO		2u		/* those before it take four lines */
#define RING_OLD	256u		/* bytes: an ESP32, an ESP8266 */
#define RING_NEW	1024u
#define RISE_US		2000		/* unless the options say otherwise */

struct sim_esp *
sim_esp_new(const struct sim_esp_opts *opts)
{
	const struct esp_chip *chip = esp_chip_by_name(opts->chip);
	struct sim_esp *s;

	if (chip == NULL)
		return NULL;
	s = mem_alloc(sizeof(*s));
	s->opts = *opts;
	s->chip = chip;
	s->flash_bytes = opts->flash_bytes != 0 ? opts->flash_bytes :
	    FLASH_BYTES;
	s->told_bytes = s->flash_bytes;
	s->flash = mem_alloc(s->flash_bytes);
	memset(s->flash, 0xff, s->flash_bytes);
	if (s->opts.flash_id == 0) {
		for (uint32_t b = s->flash_bytes; b > 1; b >>= 1)
			s->opts.flash_id += 1u << 16;
		s->opts.flash_id |= 0x40c8;	/* GigaDevice */
	}
	s->out = s->later = s->ring = (struct buf)BUF_INIT;
	s->en = true;
	s->rises_at = INT64_MAX;
	slip_init(&s->in, FRAME_MAX);
	return s;
}

void
sim_esp_free(struct sim_esp *s)
{
	if (s == NULL)
		return;
	esp_write_close(s);
	slip_release(&s->in);
	buf_release(&s->out);
	buf_release(&s->later);
	buf_release(&s->ring);
	free(s->flash);
	free(s);
}

static const char *
boot_words(const struct sim_esp *s, bool loader)
{
	if (s->chip->mac[0] == 0)
		return loader ? "\r\n ets Jan  8 2013,rst cause:2, boot mode:"
		    "(1,6)\r\n\r\n" : "\r\n ets Jan  8 2013,rst cause:2, boot "
		    "mode:(3,6)\r\n\r\n";
	return loader ? "boot:0x3 (DOWNLOAD_BOOT(UART0))\r\nwaiting for "
	    "download\r\n" : "boot:0x13 (SPI_FAST_FLASH_BOOT)\r\n";
}

/* What the ROM finds at the place of the boot loader. */
static bool
can_boot(const struct sim_esp *s)
{
	const uint8_t *p = s->flash + s->chip->boot_offset;

	return p[0] == MAGIC && p[1] > 0 && p[1] <= 16 &&
	    (!s->opts.no_quad || p[2] >= DIO);
}

void
sim_esp_reset(struct sim_esp *s, bool loader, int64_t now_us)
{
	char text[96];

	if (s->opts.en_low) {
		s->mode = SIM_ESP_OFF;
		s->resets++;
		return;
	}
	loader |= s->opts.io0_low;
	s->en = true;
	s->resets++;
	s->button = loader && !s->forced;
	s->by_app = s->by_app && loader;
	s->bites = false;
	esp_write_close(s);
	slip_reset(&s->in);
	buf_clear(&s->later);
	buf_clear(&s->ring);
	s->n_reg = 0;
	memset(&s->load, 0, sizeof(s->load));
	s->busy_until = now_us;
	s->baud = SIM_ESP_BAUD;
	s->next_baud = 0;
	s->last_answers = 1;
	s->told_bytes = s->flash_bytes;
	if (s->chip->mac[0] != 0)
		buf_adds(&s->out, "ets Jul 29 2019 12:21:46\r\n\r\nrst:0x1 "
		    "(POWERON_RESET),");
	buf_adds(&s->out, boot_words(s, loader));
	if (loader) {
		s->count = (struct sim_esp_count){ .requests = 0 };
		s->begun_at = s->data_at = 0;
		s->mode = SIM_ESP_LOADER;
		return;
	}
	s->mode = can_boot(s) ? SIM_ESP_RUNNING : SIM_ESP_LOST;
	snprintf(text, sizeof(text), "invalid header: 0x%08x\r\n",
	    (unsigned)le32(s->flash + s->chip->boot_offset));
	if (s->mode == SIM_ESP_LOST)
		buf_adds(&s->out, text);
}

void
sim_esp_lines(struct sim_esp *s, bool dtr, bool rts, int64_t now_us)
{
	const bool en = !rts || (dtr && !s->opts.direct), was = s->en;

	sim_esp_turn(s, now_us);
	if (s->opts.usb != SIM_ESP_BRIDGE) {
		esp_usb_lines(s, dtr, rts, now_us);
		return;
	}
	s->dtr = dtr;
	s->rts = rts;
	s->en = en;
	if (!en) {
		s->mode = SIM_ESP_OFF;
		s->rises_at = INT64_MAX;
		buf_clear(&s->out);
	} else if (!was) {
		s->rises_at = now_us + (s->opts.rise_us != 0 ?
		    s->opts.rise_us : RISE_US);
	}
}

static void
rise(struct sim_esp *s, int64_t now_us)
{
	if (now_us < s->rises_at)
		return;
	s->rises_at = INT64_MAX;
	sim_esp_reset(s, s->dtr && (!s->rts || s->opts.direct), now_us);
}

bool
sim_esp_held(const struct sim_esp *s)
{
	return !s->en || s->rises_at != INT64_MAX;
}

unsigned
sim_esp_resets(const struct sim_esp *s)
{
	return s->resets;
}

static void
feed_chip(struct sim_esp *s, const uint8_t *p, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		uint8_t c = p[i];

		s->bytes++;
		s->count.bytes++;
		if (s->opts.fault == SIM_ESP_DROP_BYTE &&
		    s->bytes == s->opts.fault_at)
			continue;
		if (s->opts.fault == SIM_ESP_FLIP_BYTE &&
		    s->bytes == s->opts.fault_at)
			c ^= 0x10;
		if (slip_feed(&s->in, c))
			esp_request_in(s, (const uint8_t *)s->in.frame.data,
			    s->in.frame.len);
	}
}

/* While it works only its ring takes bytes; the rest is lost. */
static bool
is_chip_busy(const struct sim_esp *s, int64_t now_us)
{
	return now_us < s->busy_until;
}

void
sim_esp_input(struct sim_esp *s, const void *p, size_t n, unsigned baud,
    int64_t now_us)
{
	const size_t ring = s->mode == SIM_ESP_STUB ? FRAME_MAX :
	    strcmp(s->chip->name, "esp32") == 0 || s->chip->mac[0] == 0 ?
	    RING_OLD : RING_NEW;
	size_t room;

	sim_esp_turn(s, now_us);
	if ((s->mode != SIM_ESP_LOADER && s->mode != SIM_ESP_STUB) ||
	    (baud != 0 && baud != s->baud &&
	    !(s->chip->mac[0] == 0 && s->requests == 0)))
		return;
	if (s->chip->mac[0] == 0 && s->requests == 0 && baud != 0)
		s->baud = baud;		/* it measures the first bytes */
	if (!is_chip_busy(s, now_us)) {
		s->busy_until = now_us;
		feed_chip(s, p, n);
		return;
	}
	room = s->ring.len < ring ? ring - s->ring.len : 0;
	buf_add(&s->ring, p, n < room ? n : room);
}

void
sim_esp_turn(struct sim_esp *s, int64_t now_us)
{
	struct buf rest;

	rise(s, now_us);
	if (is_chip_busy(s, now_us))
		return;
	/* The answer still goes out at the rate before. */
	if (s->next_baud != 0 && s->later.len == 0 && s->out.len == 0) {
		s->baud = s->next_baud;
		s->next_baud = 0;
	}
	if (s->later.len > 0) {
		buf_add(&s->out, s->later.data, s->later.len);
		buf_clear(&s->later);
	}
	if (s->bites)			/* the button was let go long ago */
		sim_esp_reset(s, s->forced, now_us);
	if (s->ring.len == 0)
		return;
	rest = s->ring;
	s->ring = (struct buf)BUF_INIT;
	s->busy_until = now_us;
	feed_chip(s, (const uint8_t *)rest.data, rest.len);
	buf_release(&rest);
	if (!is_chip_busy(s, now_us))
		sim_esp_turn(s, now_us);
}

int64_t
sim_esp_due(const struct sim_esp *s)
{
	return s->later.len > 0 || s->ring.len > 0 || s->bites ? s->busy_until :
	    s->rises_at;
}

struct buf *
sim_esp_out(struct sim_esp *s)
{
	return &s->out;
}

unsigned
sim_esp_rate(const struct sim_esp *s)
{
	return s->baud;
}

struct sim_esp_count
sim_esp_count(struct sim_esp *s)
{
	const struct sim_esp_count c = s->count;

	s->count = (struct sim_esp_count){ .requests = 0 };
	s->begun_at = s->data_at = 0;
	return c;
}

unsigned long
sim_esp_requests(const struct sim_esp *s)
{
	return s->requests;
}

enum sim_esp_mode
sim_esp_mode(const struct sim_esp *s)
{
	return s->mode;
}

uint8_t *
sim_esp_flash(struct sim_esp *s, size_t *n)
{
	*n = s->flash_bytes;
	return s->flash;
}

uint32_t
sim_esp_boot_offset(const struct sim_esp *s)
{
	return s->chip->boot_offset;
}
