/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "base/clock.h"
#include "esp/impl.h"

#define SETTLE_MS	20		/* until the new rate is steady */
#define ASK_MS		300		/* it has followed, if it answers */
#define ASKS		2

/*
 * The ROM of an ESP32 thinks that its crystal has the frequency which it has
 * measured against an oscillator; a rate is off by as much.  A measurement
 * that makes no sense (0 in an emulator) is not used.
 *
 * Source: what the ROM does with RTC_CNTL's calibration and eFuse word 4.
 */
static int
esp32_rate(struct esp_loader *l, unsigned baud, unsigned *out, struct err *e)
{
	uint32_t cal, word4;
	uint64_t crystal, real;

	*out = baud;
	if (esp_read_reg(l, 0x3ff5f06c, &cal, e) == -1 ||
	    esp_read_reg(l, 0x3ff5a010, &word4, e) == -1)
		return -1;
	crystal = (uint64_t)(cal >> 7 & 0x1ffffff) * 15625 *
	    (word4 & 0xff) / 40;
	real = crystal > 33000000 ? 40000000 : 26000000;
	if (crystal > 20000000 && crystal < 50000000)
		*out = (unsigned)(baud * crystal / real);
	return 0;
}

/* ESP32-C5: the ROM counts on one crystal, and the board may have the other. */
static int
esp32c5_rate(struct esp_loader *l, unsigned baud, unsigned *out,
    struct err *e)
{
	uint32_t pcr, divider;
	unsigned expected, found;

	*out = baud;
	if (esp_read_reg(l, 0x60096110, &pcr, e) == -1 ||
	    esp_read_reg(l, 0x60000014, &divider, e) == -1)
		return -1;
	expected = pcr >> 24 & 0x7f;
	found = (unsigned)((uint64_t)l->baud * (divider & 0xfffff) /
	    1000000) > 43 ? 48 : 40;
	if (expected == 40 && found == 48)
		*out = (unsigned)((uint64_t)baud * 40 / 48);
	else if (expected == 48 && found == 40)
		*out = (unsigned)((uint64_t)baud * 48 / 40);
	return 0;
}

/* ESP32-C2: with a 26 MHz crystal the ROM still counts on 40. */
static int
esp32c2_rate(struct esp_loader *l, unsigned baud, unsigned *out,
    struct err *e)
{
	uint32_t divider;

	*out = baud;
	if (esp_read_reg(l, 0x60000014, &divider, e) == -1)
		return -1;
	divider &= 0xfffff;
	if (divider > 0 && (uint64_t)l->baud * divider < 33000000)
		*out = (unsigned)((uint64_t)baud * 40 / 26);
	return 0;
}

/* What to ask the ROM for, so that it is baud on the line. */
static int
asked_rate(struct esp_loader *l, unsigned baud, unsigned *out, struct err *e)
{
	static const struct {
		const char *chip;
		int	(*rate)(struct esp_loader *l, unsigned baud,
			    unsigned *out, struct err *e);
	} odd[] = {
		{ "esp32", esp32_rate }, { "esp32c2", esp32c2_rate },
		{ "esp32c5", esp32c5_rate },
	};

	*out = baud;
	for (size_t i = 0; i < sizeof(odd) / sizeof(odd[0]); i++)
		if (!l->stub && strcmp(l->chip->name, odd[i].chip) == 0)
			return odd[i].rate(l, baud, out, e);
	return 0;
}

static int
send_rate(struct esp_loader *l, unsigned asked, struct err *e)
{
	struct buf data = BUF_INIT;
	int r;

	esp_add32(&data, asked);
	esp_add32(&data, l->stub ? l->baud : 0);
	r = esp_command(l, ESP_CHANGE_BAUDRATE, data.data, data.len, 0,
	    ESP_COMMAND_MS, NULL, e);
	buf_release(&data);
	return r;
}

/*
 * Does it follow?  An answer may be lost: to take it for silence would leave a
 * chip that no line can reset at a rate that nobody talks to it.
 */
static int
ask_again(struct esp_loader *l, struct err *e)
{
	bool stub = false;
	int r = -1;

	if (l->secure)
		return esp_command(l, ESP_SECURITY_INFO, NULL, 0, ESP_ANY,
		    ASK_MS, NULL, e);
	for (int i = 0; i < ASKS && r == -1; i++) {
		r = esp_sync(l, ASK_MS, &stub, e);
		if (r == -1 && e->code != ERR_TIMEOUT)
			break;
	}
	return r;
}

int
esp_baud(struct esp_loader *l, unsigned baud, bool ask, struct err *e)
{
	const bool fixed = strcmp(l->chip->name, "esp8266") == 0 && !l->stub;
	unsigned asked;

	if (baud == l->baud || esp_is_own_usb(l->opts.port))
		return 0;
	if (fixed || (l->secure && (strcmp(l->chip->name, "esp32c2") == 0 ||
	    strcmp(l->chip->name, "esp32c5") == 0)))
		return err_set(e, ERR_UNSUPPORTED, "%s: the boot loader of "
		    "an %s keeps its rate", link_name(l->link),
		    l->chip->shown);
	if (asked_rate(l, baud, &asked, e) == -1)
		return err_wrap(e, "%u baud", baud);
	/* Its answer may be lost: it has changed, or it has not. */
	if (send_rate(l, asked, e) == -1) {
		if (e->code != ERR_TIMEOUT)
			return err_wrap(e, "%u baud", baud);
		ask = true;
	}
	if (link_baud(l->link, baud, e) == -1)
		return -1;
	l->baud = baud;
	clock_sleep_ms(SETTLE_MS);
	esp_resync(l);
	if (ask && ask_again(l, e) == -1)
		return err_wrap(e, "at %u baud", baud);
	return 0;
}
