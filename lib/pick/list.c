/* SPDX-License-Identifier: MIT */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "pick/impl.h"
#include "tool/table.h"

#define FILTER_MAX	200u		/* bytes; nobody types more */
#define FOOTER_ROWS	5u		/* a lower window has no footer */
#define TEXT_LEAST	8u		/* cells for what an item is */

#define HOME		"\033[H"
#define CLEAR_LINE	"\033[K"	/* before it is written: in the last */
#define CLEAR_BELOW	"\033[J"	/* cell, either would clear that, too */
#define NO_WRAP		"\033[?7l"
#define WRAP		"\033[?7h"

static char
lower_case(char c)
{
	return (char)tolower((unsigned char)c);
}

/* Does s have the word of n bytes?  Letters of ASCII in any case. */
static bool
has_word(const char *s, const char *word, size_t n)
{
	size_t i;

	for (; *s != '\0'; s++) {
		i = 0;
		while (i < n && lower_case(s[i]) == lower_case(word[i]))
			i++;
		if (i == n)
			return true;
	}
	return false;
}

static bool
item_matches(const struct pick_item *item, const char *filter)
{
	size_t n;

	for (const char *w = filter; *w != '\0'; w += n) {
		w += strspn(w, " ");
		n = strcspn(w, " ");
		if (n > 0 && !has_word(item->value, w, n) &&
		    !has_word(item->text, w, n))
			return false;
	}
	return true;
}

/* The first of those that match is marked. */
static void
apply_filter(struct pick_list *l)
{
	l->n_shown = l->at = l->top = 0;
	for (size_t i = 0; i < l->p->n; i++)
		if (item_matches(&l->p->items[i], l->filter.data))
			l->shown[l->n_shown++] = i;
}

void
list_init(struct pick_list *l, const struct pick *p)
{
	*l = (struct pick_list){ .p = p, .filter = BUF_MAX(FILTER_MAX),
	    .shown = mem_alloc((p->n + 1) * sizeof(*l->shown)), .page = 1 };
	apply_filter(l);
}

void
list_release(struct pick_list *l)
{
	buf_release(&l->filter);
	free(l->shown);
}

/* The last letter, or the last word and the blanks behind it. */
static void
take_back(struct buf *b, bool word)
{
	size_t n = b->len;

	if (word) {
		while (n > 0 && b->data[n - 1] == ' ')
			n--;
		while (n > 0 && b->data[n - 1] != ' ')
			n--;
	} else if (n > 0) {
		do
			n--;
		while (n > 0 && (b->data[n] & 0xc0) == 0x80);
	}
	if (b->cap > 0)
		b->data[n] = '\0';
	b->len = n;
}

static void
move_mark(struct pick_list *l, bool down, size_t by)
{
	const size_t last = l->n_shown == 0 ? 0 : l->n_shown - 1;

	if (down)
		l->at = last - l->at < by ? last : l->at + by;
	else
		l->at = l->at < by ? 0 : l->at - by;
}

void
list_key(struct pick_list *l, enum pick_key key, const char *text, size_t len)
{
	switch (key) {
	case KEY_UP:
	case KEY_DOWN:
		move_mark(l, key == KEY_DOWN, 1);
		return;
	case KEY_PAGE_UP:
	case KEY_PAGE_DOWN:
		move_mark(l, key == KEY_PAGE_DOWN, l->page);
		return;
	case KEY_HOME:
	case KEY_END:
		move_mark(l, key == KEY_END, l->p->n);
		return;
	case KEY_TEXT:
		buf_add(&l->filter, text, len);
		break;
	case KEY_BACK:
	case KEY_WORD_BACK:
		take_back(&l->filter, key == KEY_WORD_BACK);
		break;
	case KEY_CLEAR:
		buf_clear(&l->filter);
		break;
	default:
		return;
	}
	apply_filter(l);
}

/* --- drawing --- */

/* Where the line is too short for all of the filter, its end is shown. */
static size_t
add_question(const struct pick_list *l, size_t cells, struct buf *out)
{
	struct buf line = BUF_INIT, whole = BUF_INIT;
	size_t used;
	char *cut;

	text_show(&line, l->filter.data, l->filter.len);
	buf_addf(&whole, "%s: %s", l->p->question, line.data);
	/* The last cell is the cursor's. */
	cut = layout_cut_front(whole.data, cells - 1, cells > 8 ? "..." : "");
	used = layout_width(cut);
	buf_adds(out, cut);
	free(cut);
	buf_release(&whole);
	buf_release(&line);
	return used;
}

static size_t
widest_value(const struct pick *p)
{
	struct buf shown = BUF_INIT;
	size_t most = 0, w;

	for (size_t i = 0; i < p->n; i++) {
		buf_clear(&shown);
		text_show(&shown, p->items[i].value, strlen(p->items[i].value));
		w = layout_width(shown.data);
		most = w > most ? w : most;
	}
	buf_release(&shown);
	return most;
}

/* "> RPI_PICO_W  Raspberry Pi Pico W"; the text goes where it has no room. */
static void
add_item(const struct pick_list *l, size_t i, size_t value, size_t cells,
    struct buf *out)
{
	const struct pick_item *item = &l->p->items[l->shown[i]];
	const bool marked = i == l->at;
	struct buf line = BUF_INIT;

	buf_adds(&line, marked ? "> " : "  ");
	layout_cell(&line, item->value, value);
	if (value + 4 + TEXT_LEAST <= cells) {
		buf_adds(&line, "  ");
		layout_cell(&line, item->text, cells - value - 4);
	}
	buf_adds(out, marked && l->p->colour ? "\033[1m" : "");
	buf_add(out, line.data, line.len);
	buf_adds(out, marked && l->p->colour ? "\033[m" : "");
	buf_release(&line);
}

static void
add_items(struct pick_list *l, size_t rows, size_t cells, struct buf *out)
{
	const size_t most = widest_value(l->p);
	const size_t value = cells < 4 ? cells - (cells > 2 ? 2 : 0) :
	    most + 2 > cells ? cells - 2 : most;
	size_t i;

	if (l->at < l->top)
		l->top = l->at;
	else if (l->at >= l->top + rows)
		l->top = l->at - rows + 1;
	for (i = l->top; i < l->n_shown && i < l->top + rows; i++) {
		buf_adds(out, "\r\n" CLEAR_LINE);
		add_item(l, i, value, cells, out);
	}
	if (i < l->top + rows)
		buf_adds(out, "\r\n" CLEAR_BELOW);
}

void
list_draw(struct pick_list *l, size_t rows, size_t cells, struct buf *out)
{
	const bool footer = rows >= FOOTER_ROWS;
	struct buf text = BUF_INIT;
	size_t used;

	cells = cells == 0 ? 1 : cells;
	l->page = rows < 2 ? 1 : rows - 1 - footer;
	buf_adds(out, NO_WRAP HOME CLEAR_LINE);
	used = add_question(l, cells, out);
	if (rows > 1)
		add_items(l, l->page, cells, out);
	if (footer) {
		buf_addf(&text, "%zu of %zu; Enter chooses, Esc ends",
		    l->n_shown, l->p->n);
		buf_addf(out, "\033[%zu;1H" CLEAR_LINE, rows);
		layout_cell(out, text.data, cells);
	}
	buf_addf(out, "\033[1;%zuH" WRAP, used + 1);
	buf_release(&text);
}
