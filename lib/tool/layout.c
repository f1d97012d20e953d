/* SPDX-License-Identifier: MIT */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>
#include <wchar.h>

#include "base/mem.h"
#include "base/text.h"
#include "tool/run.h"

#define EASY	24		/* cells that a text keeps at first */
#define LEAST	8		/* ... and in the end */
#define ROOM_DEFAULT	80	/* of a terminal that does not say */

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

/* The bytes of s that take at most so many cells. */
static size_t
fitting(const char *s, size_t width)
{
	size_t n = 0, used = 0, bytes, cells;

	while (s[n] != '\0') {
		bytes = letter(s + n, &cells);
		if (used + cells > width)
			break;
		used += cells;
		n += bytes;
	}
	return n;
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

char *
layout_cut_front(const char *s, size_t width, const char *dots)
{
	const size_t all = layout_width(s), room = layout_width(dots);
	struct buf out = BUF_INIT;
	size_t left = all, cells;

	if (all > width)
		buf_adds(&out, dots);
	while (all > width && *s != '\0' && left + room > width) {
		s += letter(s, &cells);
		left -= cells;
	}
	buf_adds(&out, s);
	return buf_steal(&out);
}

void
layout_cell(struct buf *out, const char *s, size_t width)
{
	struct buf shown = BUF_INIT;
	char *cut;

	text_show(&shown, s == NULL ? "" : s, s == NULL ? 0 : strlen(s));
	cut = layout_cut(shown.data, width, width > 3 ? "..." : "");
	buf_addf(out, "%s%*s", cut, (int)(width - layout_width(cut)), "");
	free(cut);
	buf_release(&shown);
}

size_t
layout_room(void)
{
	struct winsize w = { .ws_col = 0 };

	if (!isatty(STDOUT_FILENO))
		return 0;
	return ioctl(STDOUT_FILENO, TIOCGWINSZ, &w) == 0 && w.ws_col > 0 ?
	    w.ws_col : ROOM_DEFAULT;
}

void
layout_wrap(struct buf *out, const char *s, size_t used, size_t indent,
    size_t room)
{
	size_t n, cells;
	char *word;

	for (bool first = true; *s != '\0'; first = false) {
		n = strcspn(s, " ");
		word = mem_printf("%.*s", (int)n, s);
		cells = layout_width(word);
		if (!first && room > 0 && used + 1 + cells > room) {
			buf_addf(out, "\n%*s", (int)indent, "");
			used = indent;
		} else if (!first) {
			buf_addc(out, ' ');
			used++;
		}
		buf_adds(out, word);
		used += cells;
		free(word);
		s += n + (s[n] == ' ');
	}
}

/* All of them, where texts have at most so many cells. */
static size_t
total(const struct layout *c, size_t n, size_t text)
{
	size_t sum = 0, w;

	for (size_t i = 0; i < n; i++) {
		if (c[i].gone)
			continue;
		w = c[i].yield == LAYOUT_CUT && c[i].width > text ? text :
		    c[i].width;
		sum += w + (sum > 0 ? LAYOUT_GAP : 0);
	}
	return sum;
}

/* Takes cells from the widest of those that yield so much, down to floor. */
static void
squeeze(struct layout *c, size_t n, enum layout_yield yield, size_t floor,
    size_t room)
{
	struct layout *widest;

	while (total(c, n, SIZE_MAX) > room) {
		widest = NULL;
		for (size_t i = 0; i < n; i++)
			if (!c[i].gone && c[i].yield >= yield &&
			    c[i].width > floor && (widest == NULL ||
			    c[i].width >= widest->width))
				widest = &c[i];
		if (widest == NULL)
			return;
		widest->width--;
	}
}

void
layout_fit(struct layout *c, size_t n, size_t room)
{
	for (size_t i = n; i-- > 0 && total(c, n, EASY) > room;)
		c[i].gone = c[i].gone || c[i].yield == LAYOUT_GOES;
	squeeze(c, n, LAYOUT_CUT, EASY, room);
	squeeze(c, n, LAYOUT_CUT, LEAST, room);
	squeeze(c, n, LAYOUT_CUT_LAST, LEAST, room);
}
