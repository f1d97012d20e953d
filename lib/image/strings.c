/* SPDX-License-Identifier: MIT */
#include "image/strings.h"

#include <string.h>

#include "base/text.h"

#define NAME		"MicroPython "
#define NAME_LEN	(sizeof(NAME) - 1)
#define ON		" on "
#define ON_LEN		(sizeof(ON) - 1)
#define MACHINE		"\0; "
#define DATE_LEN	10u		/* 2024-10-25 */
#define TAG_MAX		sizeof(((struct image_strings *)NULL)->tag)
#define MACHINE_MAX	sizeof(((struct image_strings *)NULL)->machine)
/* The longest banner, "; MACHINE" and its end included. */
#define LONGEST		(NAME_LEN + TAG_MAX + ON_LEN + DATE_LEN + 2 + \
			    MACHINE_MAX)

static bool
digit(uint8_t c)
{
	return c >= '0' && c <= '9';
}

/* The length of a "2024-10-25" at p, or 0. */
static size_t
date_len(const uint8_t *p, size_t n)
{
	static const char shape[] = "0000-00-00";
	size_t i;

	if (n < DATE_LEN)
		return 0;
	for (i = 0; i < DATE_LEN; i++)
		if (shape[i] == '0' ? !digit(p[i]) : p[i] != '-')
			return 0;
	return DATE_LEN;
}

/* The length of the text at p up to a NUL or a line's end; 0: no text. */
static size_t
text_len(const uint8_t *p, size_t n, size_t max)
{
	size_t i = 0, k;

	while (i < n && p[i] >= ' ' && p[i] != 0x7f) {
		k = text_utf8((const char *)p + i, n - i);
		if (k == 0 || i + k >= max)
			return 0;
		i += k;
	}
	return i < n && (p[i] == '\0' || p[i] == '\r' || p[i] == '\n') ?
	    i : 0;
}

/* As git describe writes it: no blanks, and something in front of them. */
static size_t
tag_len(const uint8_t *p, size_t n, size_t max)
{
	size_t i;

	for (i = 0; i < n && i < max && p[i] > ' ' && p[i] < 0x7f; i++)
		;
	return i < max ? i : 0;
}

static void
copy_string(char *out, const uint8_t *p, size_t n)
{
	memcpy(out, p, n);
	out[n] = '\0';
}

/* Is "; MACHINE" at p?  Then its length without the "; ". */
static size_t
machine_len(const uint8_t *p, size_t n)
{
	if (n < 3 || p[0] != ';' || p[1] != ' ' || p[2] <= ' ')
		return 0;
	return text_len(p + 2, n - 2, MACHINE_MAX);
}

/* "MicroPython TAG on DATE" at p, and the machine where it follows. */
static bool
read_banner(const uint8_t *p, size_t n, struct image_strings *out)
{
	const uint8_t *end = p + n;
	size_t tag, k;

	p += NAME_LEN;
	tag = tag_len(p, (size_t)(end - p), TAG_MAX);
	if (tag == 0 || (size_t)(end - p) - tag < ON_LEN ||
	    memcmp(p + tag, ON, ON_LEN) != 0)
		return false;
	k = tag + ON_LEN;
	if (date_len(p + k, (size_t)(end - p) - k) == 0)
		return false;
	copy_string(out->tag, p, tag);
	copy_string(out->date, p + k, DATE_LEN);
	p += k + DATE_LEN;
	k = machine_len(p, (size_t)(end - p));
	if (k > 0)
		copy_string(out->machine, p + 2, k);
	return true;
}

/* Some boards give their name alone, but then no "with" is to be had. */
static bool
has_with(const char *machine)
{
	return strstr(machine, " with ") != NULL;
}

/* A banner with a machine behind it is the better one; the first such stays. */
static void
look_for_banner(struct strings_scan *s, const uint8_t *p, size_t n)
{
	struct image_strings one = { .tag = "" };

	if (read_banner(p, n, &one) &&
	    (s->best.tag[0] == '\0' || one.machine[0] != '\0'))
		s->best = one;
}

/*
 * The string "; MACHINE" by itself.  Other strings may begin like that: one
 * with " with " goes before, and among those without the first one.
 */
static void
look_for_machine(struct strings_scan *s, const uint8_t *p, size_t n)
{
	const bool had = s->machine[0] != '\0';
	char one[sizeof(s->machine)];
	const size_t k = machine_len(p + 1, n - 1);

	if (k == 0 || (had && has_with(s->machine)))
		return;
	copy_string(one, p + 3, k);
	if (!had || has_with(one))
		memcpy(s->machine, one, k + 1);
}

/*
 * Calls f with each place in the window, from s->from, where text begins; rare
 * is the byte of it that is looked for, as one of few in machine code.
 */
static void
look_for_text(struct strings_scan *s, const char *text, size_t len, size_t rare,
    size_t end, void (*f)(struct strings_scan *s, const uint8_t *p, size_t n))
{
	const uint8_t *const last = s->window + s->len;
	const uint8_t *p = s->window + s->from + rare, *first;

	for (; p < last && (p = memchr(p, text[rare],
	    (size_t)(last - p))) != NULL; p++) {
		first = p - rare;
		if (first >= s->window + end)
			break;
		if ((size_t)(last - first) >= len &&
		    memcmp(first, text, len) == 0)
			f(s, first, (size_t)(last - first));
	}
}

/*
 * All that begins before end, which is so far from the last byte that it is
 * whole, unless no more comes.
 */
static void
look_in_window(struct strings_scan *s, size_t end)
{
	if (s->best.machine[0] == '\0')
		look_for_text(s, NAME, NAME_LEN, 0, end, look_for_banner);
	if (s->best.machine[0] == '\0')
		look_for_text(s, MACHINE, sizeof(MACHINE) - 1, 1, end,
		    look_for_machine);
	s->from = end;
}

void
strings_feed(struct strings_scan *s, const uint8_t *p, size_t n)
{
	size_t k;

	while (n > 0) {
		k = sizeof(s->window) - s->len;
		if (k > n)
			k = n;
		memcpy(s->window + s->len, p, k);
		s->len += k;
		p += k;
		n -= k;
		if (s->len < sizeof(s->window))
			return;
		look_in_window(s, s->len - LONGEST);
		memmove(s->window, s->window + s->from, LONGEST);
		s->len = LONGEST;
		s->from = 0;
	}
}

bool
strings_end(struct strings_scan *s, struct image_strings *out)
{
	look_in_window(s, s->len);
	*out = s->best;
	if (out->tag[0] == '\0')
		return false;
	if (out->machine[0] == '\0')
		memcpy(out->machine, s->machine, sizeof(out->machine));
	return true;
}

bool
image_strings(const uint8_t *p, size_t n, struct image_strings *out)
{
	struct strings_scan s = STRINGS_SCAN_INIT;

	strings_feed(&s, p, n);
	return strings_end(&s, out);
}
