/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE		/* memmem */
#include "image/strings.h"

#include <string.h>

#include "base/text.h"

#define NAME		"MicroPython "
#define NAME_LEN	(sizeof(NAME) - 1)
#define ON		" on "
#define ON_LEN		(sizeof(ON) - 1)
#define DATE_LEN	10u		/* 2024-10-25 */

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
copy(char *out, const uint8_t *p, size_t n)
{
	memcpy(out, p, n);
	out[n] = '\0';
}

/* Is "; MACHINE" at p?  Then its length without the "; ". */
static size_t
machine_len(const uint8_t *p, size_t n, struct image_strings *out)
{
	if (n < 3 || p[0] != ';' || p[1] != ' ' || p[2] <= ' ')
		return 0;
	return text_len(p + 2, n - 2, sizeof(out->machine));
}

/* "MicroPython TAG on DATE" at p, and the machine where it follows. */
static bool
banner(const uint8_t *p, size_t n, struct image_strings *out)
{
	const uint8_t *end = p + n;
	size_t tag, k;

	p += NAME_LEN;
	tag = tag_len(p, (size_t)(end - p), sizeof(out->tag));
	if (tag == 0 || (size_t)(end - p) - tag < ON_LEN ||
	    memcmp(p + tag, ON, ON_LEN) != 0)
		return false;
	k = tag + ON_LEN;
	if (date_len(p + k, (size_t)(end - p) - k) == 0)
		return false;
	copy(out->tag, p, tag);
	copy(out->date, p + k, DATE_LEN);
	p += k + DATE_LEN;
	k = machine_len(p, (size_t)(end - p), out);
	if (k > 0)
		copy(out->machine, p + 2, k);
	return true;
}

/* Some boards give their name alone, but then no "with" is to be had. */
static bool
has_with(const uint8_t *p, size_t n)
{
	return memmem(p, n, " with ", 6) != NULL;
}

/*
 * The string "; MACHINE" by itself.  Other strings may begin like that: one
 * with " with " goes before, and among those without the first one.
 */
static void
find_machine(const uint8_t *p, size_t n, struct image_strings *out)
{
	static const char start[] = { '\0', ';', ' ' };
	const uint8_t *at = p, *end = p + n;
	size_t k;

	while ((at = memmem(at, (size_t)(end - at), start,
	    sizeof(start))) != NULL) {
		at++;
		k = machine_len(at, (size_t)(end - at), out);
		if (k == 0)
			continue;
		if (has_with(at + 2, k)) {
			copy(out->machine, at + 2, k);
			return;
		}
		if (out->machine[0] == '\0')
			copy(out->machine, at + 2, k);
	}
}

bool
image_strings(const uint8_t *p, size_t n, struct image_strings *out)
{
	const uint8_t *at = p, *end = p + n;
	struct image_strings one;
	bool found = false;

	memset(out, 0, sizeof(*out));
	if (n == 0)
		return false;
	while ((at = memmem(at, (size_t)(end - at), NAME,
	    NAME_LEN)) != NULL) {
		memset(&one, 0, sizeof(one));
		if (banner(at, (size_t)(end - at), &one) &&
		    (!found || one.machine[0] != '\0')) {
			*out = one;
			found = true;
			if (one.machine[0] != '\0')
				return true;
		}
		at += NAME_LEN;
	}
	if (found)
		find_machine(p, n, out);
	return found;
}
