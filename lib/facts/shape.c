/* SPDX-License-Identifier: MIT */
#include "facts/shape.h"

#include <ctype.h>
#include <string.h>

static const char with[] = " with ";

#define WITH	(sizeof(with) - 1)

/* The last " with " of text, or NULL. */
static const char *
last_with(const char *text)
{
	const char *last = NULL;

	for (; (text = strstr(text, with)) != NULL; text++)
		last = text;
	return last;
}

const char *
shape_mcu(const char *machine)
{
	const char *w = last_with(machine);

	return w != NULL && w[WITH] != '\0' ? w + WITH : NULL;
}

static void
fold(const char *text, char out[SHAPE_TEXT])
{
	size_t n = 0;

	for (; *text != '\0' && n < SHAPE_TEXT - 1; text++) {
		const unsigned char c = (unsigned char)*text;

		if (!isspace(c))
			out[n++] = (char)(c < 0x80 ? tolower(c) : c);
		else if (n > 0 && out[n - 1] != ' ')
			out[n++] = ' ';
	}
	if (*text != '\0')
		n = 0;
	if (n > 0 && out[n - 1] == ' ')
		n--;
	out[n] = '\0';
}

void
shape_of(const char *machine, struct shape *out)
{
	const char *w;

	fold(machine, out->whole);
	memcpy(out->name, out->whole, sizeof(out->name));
	out->mcu[0] = '\0';
	w = last_with(out->whole);
	if (w == NULL)
		return;
	memcpy(out->mcu, w + WITH, strlen(w + WITH) + 1);
	out->name[w - out->whole] = '\0';
}

bool
shape_same_mcu(const char *a, const char *b)
{
	static const char skipped[] = "-_ ";

	for (;; a++, b++) {
		a += strspn(a, skipped);
		b += strspn(b, skipped);
		if (tolower((unsigned char)*a) != tolower((unsigned char)*b))
			return false;
		if (*a == '\0')
			return true;
	}
}
