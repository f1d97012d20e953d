/* SPDX-License-Identifier: MIT */
#ifndef MPF_IDENTIFY_SHAPES_H
#define MPF_IDENTIFY_SHAPES_H

#include <ctype.h>

#include "facts/facts.h"
#include "facts/identify.h"
#include "facts/shape.h"
#include "tap.h"

/* The ways in which a row of the table may be shown; for test-identify.c. */

#define TEXT	400

static struct facts *f;

struct shown {
	struct board	b;
	char		text[TEXT];	/* b.description */
	char		mcu[TEXT];
};

static void
as_it_is(struct shown *s, const struct fact *row)
{
	(void)s;
	(void)row;
}

static void
uname_string(struct shown *s, const struct fact *row)
{
	snprintf(s->text, TEXT, "%s", row->uname);
}

static void
no_version(struct shown *s, const struct fact *row)
{
	(void)row;
	s->b.version = NULL;
}

/* What is newer than the table says what its newest release did. */
static void
of_the_future(struct shown *s, const struct fact *row)
{
	if (fact_holds(row, facts_newest(f)))
		s->b.version = "v1.99.0";
}

static void
between_releases(struct shown *s, const struct fact *row)
{
	(void)row;
	s->b.build = 7;
}

static void
no_port(struct shown *s, const struct fact *row)
{
	(void)row;
	s->b.port = NULL;
}

/* v1.18 on nrf, and what has no port at all. */
static void
other_port(struct shown *s, const struct fact *row)
{
	s->b.port = strcmp(row->port, "nrf") == 0 ? "stm32" : "no-such";
}

static void
upper(struct shown *s, const struct fact *row)
{
	(void)row;
	for (char *c = s->text; *c != '\0'; c++)
		*c = (char)toupper((unsigned char)*c);
}

static void
lower(struct shown *s, const struct fact *row)
{
	(void)row;
	for (char *c = s->text; *c != '\0'; c++)
		*c = (char)tolower((unsigned char)*c);
}

static void
blanks(struct shown *s, const struct fact *row)
{
	char *out = s->text;

	*out++ = ' ';
	for (const char *c = row->machine; *c != '\0'; c++) {
		*out++ = *c;
		if (*c == ' ')
			*out++ = c[1] == 'w' ? '\t' : ' ';
	}
	snprintf(out, 4, " \r\n");
}

/* mpflash's short form, and its board file's. */
static void
cut_short(struct shown *s, const struct fact *row)
{
	const char *mcu = shape_mcu(row->machine);

	snprintf(s->text, TEXT, "%s", row->machine);
	if (mcu != NULL)
		s->text[mcu - row->machine - 6] = '\0';
}

static void
cut_with_mcu(struct shown *s, const struct fact *row)
{
	const char *mcu = shape_mcu(row->uname);

	cut_short(s, row);
	snprintf(s->mcu, TEXT, "%s", mcu);
	s->b.mcu = s->mcu;
}

/* As mpflash's lists have it: for the MCU they say the port. */
static void
cut_with_port(struct shown *s, const struct fact *row)
{
	cut_short(s, row);
	s->b.mcu = row->port;
}

/* As others cut it up: what is behind the last "with", whatever that is. */
static void
cut_again(struct shown *s, const struct fact *row)
{
	const char *tail;

	cut_short(s, row);
	tail = shape_mcu(s->text);
	if (tail != NULL)
		snprintf(s->mcu, TEXT, "%s", tail);
	s->b.mcu = tail != NULL ? s->mcu : NULL;
}

/* Some with their tails, most without. */
static void
cut_some(struct shown *s, const struct fact *row)
{
	if (strlen(row->machine) % 3 != 0)
		cut_with_port(s, row);
}

/* "ESP32C3" became "ESP32-C3" within v1.29.0-preview. */
static void
dashed_mcu(struct shown *s, const struct fact *row)
{
	const char *mcu = shape_mcu(row->machine);

	if (mcu == NULL || strncmp(mcu, "ESP32", 5) != 0 || mcu[5] == '\0')
		return;
	snprintf(s->text, TEXT, "%.*sESP32%s%s", (int)(mcu - row->machine),
	    row->machine, mcu[5] == '-' ? "" : "-",
	    mcu + 5 + (mcu[5] == '-'));
}

/* The least of each in 1000 rows; the rest is asked about, or unknown. */
static const struct {
	const char	*what;
	void		(*make)(struct shown *s, const struct fact *row);
	unsigned	 board;		/* the board is sure */
	unsigned	 one;		/* and so is its variant */
} shapes[] = {
	{ "as it is", as_it_is, 985, 860 },
	{ "os.uname().machine", uname_string, 985, 860 },
	{ "no version", no_version, 985, 800 },
	{ "a newer version", of_the_future, 985, 800 },
	{ "commits on a release", between_releases, 985, 800 },
	{ "no port", no_port, 985, 860 },
	{ "another port", other_port, 985, 860 },
	{ "upper case", upper, 985, 860 },
	{ "lower case", lower, 985, 860 },
	{ "more blanks", blanks, 985, 860 },
	{ "cut at \"with\"", cut_short, 985, 800 },
	{ "cut, and the MCU apart", cut_with_mcu, 985, 850 },
	{ "cut, and the port for an MCU", cut_with_port, 985, 800 },
	{ "cut at the last \"with\"", cut_again, 985, 800 },
	{ "some of them cut", cut_some, 985, 800 },
	{ "the MCU in its other spelling", dashed_mcu, 985, 860 },
};

#endif
