/* SPDX-License-Identifier: MIT */
#include "choose/impl.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/mem.h"

#define SHOWN		6u		/* in a message */

/*
 * What USB says of a device in its bootloader.  vid and pid as 4 hex digits;
 * pid NULL: any; mcu NULL: any of the port.  Source: the boot ROMs of
 * Raspberry Pi, ST's AN2606, TinyUF2, and MicroPython's mboot.
 */
static const struct {
	const char	*vid, *pid, *port, *mcu;
} chips[] = {
	{ "2e8a", "0003", "rp2", "rp2040" },
	{ "2e8a", "000f", "rp2", "rp2350" },
	{ "0483", "df11", "stm32", NULL },
	{ "f055", "df11", "stm32", NULL },
	{ "303a", "0002", "esp32", "esp32s2" },
	{ "303a", NULL, "esp32", NULL },
};

/* And where that is not enough: the ports whose boards have such one. */
static const struct {
	const char	*mode, *port;
} modes[] = {
	{ "uf2", "rp2" }, { "uf2", "samd" }, { "uf2", "nrf" },
	{ "uf2", "mimxrt" }, { "uf2", "esp32" }, { "picoboot", "rp2" },
	{ "dfu", "stm32" }, { "esp_rom", "esp32" }, { "esp_rom", "esp8266" },
};

#define N(a)	(sizeof(a) / sizeof((a)[0]))

void
candidates_clear(struct choose *c)
{
	for (size_t i = 0; i < c->n_candidates; i++)
		free((char *)c->candidates[i]);
	c->n_candidates = 0;
}

void
candidates_add(struct choose *c, const struct board_name *name)
{
	char text[BOARD_NAME_TEXT];

	board_name_text(name, text);
	c->candidates = mem_grow(c->candidates, c->n_candidates + 2,
	    sizeof(*c->candidates));
	c->candidates[c->n_candidates++] = mem_str(text);
	c->candidates[c->n_candidates] = NULL;
}

static bool
is(const char *a, const char *b)
{
	return a != NULL && b != NULL && strcasecmp(a, b) == 0;
}

/* May a board of this port and chip be in that bootloader? */
static bool
fits(const struct device *d, const struct fact *row, const char **chip)
{
	for (size_t i = 0; i < N(chips); i++) {
		if (!is(d->vid, chips[i].vid) ||
		    (chips[i].pid != NULL && !is(d->pid, chips[i].pid)))
			continue;
		*chip = chips[i].mcu != NULL ? chips[i].mcu : chips[i].port;
		return is(row->port, chips[i].port) &&
		    (chips[i].mcu == NULL || is(row->mcu, chips[i].mcu));
	}
	for (size_t i = 0; i < N(modes); i++)
		if (is(d->mode, modes[i].mode) && is(row->port, modes[i].port))
			return true;
	return false;
}

bool
candidates_port(const struct device *d, const char *port)
{
	const char *chip = NULL;
	struct fact row = { .port = port };

	for (size_t i = 0; i < N(chips); i++) {
		row.mcu = chips[i].mcu;
		if (fits(d, &row, &chip))
			return true;
	}
	return false;
}

void
candidates_by_chip(struct choose *c, const struct device *d,
    const char **chip)
{
	struct board_name name;
	size_t n;
	const struct fact *rows = facts_rows(c->facts, &n);

	*chip = NULL;
	for (size_t i = 0; i < n; i++) {
		name = (struct board_name){ rows[i].port, rows[i].board_id,
		    NULL };
		if (rows[i].variant == NULL && rows[i].released &&
		    fact_holds(&rows[i], facts_newest(c->facts)) &&
		    fits(d, &rows[i], chip))
			candidates_add(c, &name);
	}
}

void
candidates_text(const struct choose *c, char *out, size_t size)
{
	size_t at = 0;

	out[0] = '\0';
	for (size_t i = 0; i < c->n_candidates && i < SHOWN && at < size; i++)
		at += (size_t)snprintf(out + at, size - at, "%s%.40s",
		    i == 0 ? "" : ", ", c->candidates[i]);
	if (c->n_candidates > SHOWN && at < size)
		snprintf(out + at, size - at, " and %zu more",
		    c->n_candidates - SHOWN);
}

const char *
count_text(size_t n, char out[24])
{
	static const char *const words[] = { "no", "one", "two", "three",
	    "four", "five", "six", "seven", "eight", "nine", "ten" };

	if (n < N(words))
		return words[n];
	snprintf(out, 24, "%zu", n);
	return out;
}
