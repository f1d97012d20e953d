/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#include "base/mem.h"
#include "tool/run.h"

#define NARROWEST	8		/* cells of a column that gave way */

/* The bytes of the first letter of s, and the cells that it takes. */
static size_t
letter(const char *s, size_t *cells)
{
	mbstate_t state;
	size_t n;
	wchar_t c;

	memset(&state, 0, sizeof(state));
	n = mbrtowc(&c, s, MB_CUR_MAX, &state);
	*cells = 1;
	if (n == 0 || n >= (size_t)-2)
		return 1;		/* another locale's */
	if (wcwidth(c) >= 0)
		*cells = (size_t)wcwidth(c);
	return n;
}

/* The bytes of s that take at most so many cells; at least one letter. */
static size_t
fitting(const char *s, size_t width)
{
	size_t n = 0, used = 0, bytes, cells;

	while (s[n] != '\0') {
		bytes = letter(s + n, &cells);
		if (used + cells > width && n > 0)
			break;
		used += cells;
		n += bytes;
	}
	return n;
}

size_t
layout_width(const char *s)
{
	size_t width = 0, cells;

	while (*s != '\0') {
		s += letter(s, &cells);
		width += cells;
	}
	return width;
}

char *
layout_cut(const char *s, size_t width, const char *dots)
{
	const size_t room = layout_width(dots);
	struct buf out = BUF_INIT;
	size_t n;

	if (layout_width(s) <= width) {
		buf_adds(&out, s);
		return buf_steal(&out);
	}
	n = width <= room ? 0 : fitting(s, width - room);
	while (n > 0 && s[n - 1] == ' ')
		n--;
	buf_add(&out, s, n);
	buf_adds(&out, dots);
	return buf_steal(&out);
}

/* Where to break within n bytes: at a blank, behind a slash, or at n. */
static size_t
break_at(const char *s, size_t n)
{
	for (size_t i = n; i > 0; i--)
		if (s[i] == ' ')
			return i;
	for (size_t i = n; i > 1; i--)
		if (s[i - 1] == '/')
			return i;
	return n;
}

char *
layout_wrap(const char *s, size_t width)
{
	struct buf out = BUF_INIT;
	size_t n;

	while (n = fitting(s, width), s[n] != '\0') {
		n = break_at(s, n);
		buf_add(&out, s, n);
		buf_addc(&out, '\n');
		s += s[n] == ' ' ? n + 1 : n;
	}
	buf_adds(&out, s);
	return buf_steal(&out);
}

size_t
layout_word(const char *s)
{
	size_t most = 0, width = 0, cells;

	for (; *s != '\0'; s += letter(s, &cells)) {
		letter(s, &cells);
		width = *s == ' ' ? 0 : width + cells;
		most = width > most ? width : most;
		if (*s == '/')
			width = 0;
	}
	return most;
}

/* A cell of the widest that is above its floor; false: none is. */
static bool
give_way(struct layout *c, size_t n, size_t floor)
{
	struct layout *widest = NULL;

	for (size_t i = 0; i < n; i++)
		if (c[i].width > (floor > 0 ? floor : c[i].word) &&
		    (widest == NULL || c[i].width >= widest->width))
			widest = &c[i];
	if (widest != NULL)
		widest->width--;
	return widest != NULL;
}

/* Whole words first; if that is not enough, they are broken as well. */
void
layout_fit(struct layout *c, size_t n, size_t room)
{
	size_t sum = n - 1;		/* a blank between two columns */

	for (size_t i = 0; i < n; i++)
		sum += c[i].width;
	while (sum > room && give_way(c, n, 0))
		sum--;
	while (sum > room && give_way(c, n, NARROWEST))
		sum--;
}
