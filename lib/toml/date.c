/* SPDX-License-Identifier: MIT */
#include "toml/tree.h"

#include <string.h>

/*
 * A cursor over the text; anything wrong sets why, once, and from then on
 * nothing more is read.
 */
struct cursor {
	const char	*p, *end;
	const char	*why;
};

static void
fail_date(struct cursor *c, const char *why)
{
	if (c->why == NULL)
		c->why = why;
	c->p = c->end;
}

/* Exactly n digits, whose value is at least min and at most max. */
static unsigned
take_date_number(struct cursor *c, size_t n, unsigned min, unsigned max,
    const char *why)
{
	unsigned v = 0;

	for (size_t i = 0; i < n; i++) {
		if (c->p == c->end || *c->p < '0' || *c->p > '9') {
			fail_date(c, "date or time of another form than "
			    "2026-11-20T12:00:00Z");
			return min;
		}
		v = v * 10 + (unsigned)(*c->p++ - '0');
	}
	if (v < min || v > max) {
		fail_date(c, why);
		return min;
	}
	return v;
}

static void
skip_date_char(struct cursor *c, char want)
{
	if (c->p == c->end || *c->p != want)
		fail_date(c, "date or time of another form than "
		    "2026-11-20T12:00:00Z");
	else
		c->p++;
}

static unsigned
month_days(unsigned year, unsigned month)
{
	static const unsigned char days[] = { 31, 28, 31, 30, 31, 30, 31, 31,
	    30, 31, 30, 31 };
	const bool leap = year % 4 == 0 &&
	    (year % 100 != 0 || year % 400 == 0);

	return days[month - 1] + (leap && month == 2 ? 1u : 0u);
}

static void
date(struct cursor *c)
{
	unsigned year, month;

	year = take_date_number(c, 4, 0, 9999, "");
	skip_date_char(c, '-');
	month = take_date_number(c, 2, 1, 12, "month is not 01 to 12");
	skip_date_char(c, '-');
	take_date_number(c, 2, 1, month_days(year, month),
	    "day is not one of that month");
}

static void
clock_time(struct cursor *c)
{
	take_date_number(c, 2, 0, 23, "hour is not 00 to 23");
	skip_date_char(c, ':');
	take_date_number(c, 2, 0, 59, "minute is not 00 to 59");
	skip_date_char(c, ':');
	take_date_number(c, 2, 0, 60, "second is not 00 to 60");
	if (c->p == c->end || *c->p != '.')
		return;
	c->p++;
	take_date_number(c, 1, 0, 9, "");
	while (c->p < c->end && *c->p >= '0' && *c->p <= '9')
		c->p++;
}

/* True: there is one. */
static bool
offset(struct cursor *c)
{
	if (c->p == c->end)
		return false;
	if (*c->p == 'Z' || *c->p == 'z') {
		c->p++;
		return true;
	}
	if (*c->p != '+' && *c->p != '-')
		return false;
	c->p++;
	take_date_number(c, 2, 0, 23, "offset is not 00:00 to 23:59");
	skip_date_char(c, ':');
	take_date_number(c, 2, 0, 59, "offset is not 00:00 to 23:59");
	return true;
}

struct toml *
toml_date(const char *text, size_t len, const char **why)
{
	struct cursor c = { text, text + len, NULL };
	enum toml_type type = TOML_TIME_LOCAL;
	struct toml *t;

	if (len > 2 && text[2] == ':') {
		clock_time(&c);
	} else {
		date(&c);
		type = TOML_DATE_LOCAL;
		if (c.p < c.end && strchr("Tt ", *c.p) != NULL) {
			c.p++;
			clock_time(&c);
			type = offset(&c) ? TOML_DATETIME :
			    TOML_DATETIME_LOCAL;
		}
	}
	if (c.p != c.end)
		fail_date(&c, "date or time with something behind it");
	*why = c.why;
	if (c.why != NULL)
		return NULL;
	t = toml_text(type, text, len);
	if (type == TOML_DATETIME || type == TOML_DATETIME_LOCAL)
		t->text.s[10] = 'T';
	if (t->text.s[len - 1] == 'z')
		t->text.s[len - 1] = 'Z';
	return t;
}
