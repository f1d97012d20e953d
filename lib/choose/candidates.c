/* SPDX-License-Identifier: MIT */
#include "choose/impl.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/mem.h"
#include "chips/chips.h"
#include "chips/usb.h"

#define SHOWN		6u		/* in a message */

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
same_word(const char *a, const char *b)
{
	return a != NULL && b != NULL && strcasecmp(a, b) == 0;
}

/* May a board of this port and chip (NULL: any) be in that bootloader? */
static bool
device_fits(const struct device *d, const char *port, const char *mcu,
    const char **chip)
{
	const struct usb_bootloader *known = usb_bootloader(d->vid, d->pid);

	if (known == NULL || known->port == NULL)
		return port_has_mode(port, d->mode);
	*chip = known->chip != NULL ? known->chip : known->port;
	return same_word(port, known->port) &&
	    (known->chip == NULL || mcu == NULL || same_word(mcu, known->chip));
}

bool
candidates_port(const struct device *d, const char *port)
{
	const char *chip = NULL;

	return device_fits(d, port, NULL, &chip);
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
		    device_fits(d, rows[i].port, rows[i].mcu, chip))
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
