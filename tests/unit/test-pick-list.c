/* SPDX-License-Identifier: MIT */
#include "pick/impl.h"

#include <locale.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "tap.h"

static const struct pick_item items[] = {
	{ "RPI_PICO", "Raspberry Pi Pico" },
	{ "RPI_PICO_W", "Raspberry Pi Pico W" },
	{ "ESP32_GENERIC", "Generic ESP32 module" },
	{ "EVIL", "\033]0;x\007 \xe2\x80\xae" },
	{ "PL\xc3\x84TTCHEN", "" },
};
static const struct pick five = { .question = "Board", .items = items,
    .n = 5 };

/* --- keys --- */

/* What the bytes are, if nothing or something is to follow. */
static void
is_key(const char *bytes, bool late, int want, enum pick_key key, size_t len)
{
	enum pick_key got = KEY_NONE;
	size_t n = 0;

	OK(keys_take(bytes, strlen(bytes), late, &got, &n) == want);
	if (want == 1)
		OK(got == key && n == len);
}

static void
test_keys(void)
{
	is_key("a", false, 1, KEY_TEXT, 1);
	is_key("\xc3\xa9x", false, 1, KEY_TEXT, 2);
	is_key("\r", false, 1, KEY_ENTER, 1);
	is_key("\n", false, 1, KEY_ENTER, 1);
	is_key("\003", false, 1, KEY_CANCEL, 1);
	is_key("\004", false, 1, KEY_CANCEL, 1);
	is_key("\177", false, 1, KEY_BACK, 1);
	is_key("\010", false, 1, KEY_BACK, 1);
	is_key("\027", false, 1, KEY_WORD_BACK, 1);
	is_key("\025", false, 1, KEY_CLEAR, 1);
	is_key("\020", false, 1, KEY_UP, 1);
	is_key("\016", false, 1, KEY_DOWN, 1);
	is_key("\032", false, 1, KEY_NONE, 1);	/* ^Z stops nothing */
	is_key("\033[A", false, 1, KEY_UP, 3);
	is_key("\033OBx", false, 1, KEY_DOWN, 3);
	is_key("\033[5~", false, 1, KEY_PAGE_UP, 4);
	is_key("\033[6~", false, 1, KEY_PAGE_DOWN, 4);
	is_key("\033[H", false, 1, KEY_HOME, 3);
	is_key("\033[4~", false, 1, KEY_END, 4);
	is_key("\033[1;5C", false, 1, KEY_NONE, 6);
	is_key("\033x", false, 1, KEY_NONE, 2);
	is_key("\033\033", false, 1, KEY_CANCEL, 2);
}

/* A lone ESC is a key only if nothing follows; a torn letter is nothing. */
static void
test_parts(void)
{
	is_key("\033", false, 0, KEY_NONE, 0);
	is_key("\033", true, 1, KEY_CANCEL, 1);
	is_key("\033[", false, 0, KEY_NONE, 0);
	is_key("\033[1;", false, 0, KEY_NONE, 0);
	is_key("\033[1;", true, 1, KEY_NONE, 4);
	is_key("\033O", false, 0, KEY_NONE, 0);
	is_key("\xc3", false, 0, KEY_NONE, 0);
	is_key("\xc3", true, 0, KEY_NONE, 0);
	is_key("\xf0\x9f\x98", false, 0, KEY_NONE, 0);
	is_key("\xc3x", false, 1, KEY_NONE, 1);
	is_key("\xff", false, 1, KEY_NONE, 1);
	is_key("\xe2\x28", false, 1, KEY_NONE, 1);
}

/* --- the list --- */

static void
type(struct pick_list *l, const char *text)
{
	list_key(l, KEY_TEXT, text, strlen(text));
}

static void
test_filter(void)
{
	struct pick_list l;

	list_init(&l, &five);
	OK(l.n_shown == 5 && l.at == 0);
	type(&l, "pIcO");
	OK(l.n_shown == 2);
	type(&l, " ");
	OK(l.n_shown == 2);
	list_key(&l, KEY_DOWN, "", 0);
	OK(l.at == 1);
	type(&l, "_w");		/* each word is somewhere */
	OK(l.n_shown == 1 && l.at == 0 && l.shown[0] == 1);
	list_key(&l, KEY_WORD_BACK, "", 0);
	IS_STR(l.filter.data, "pIcO ");
	type(&l, "zz");
	OK(l.n_shown == 0);
	list_key(&l, KEY_DOWN, "", 0);
	OK(l.at == 0);
	list_key(&l, KEY_CLEAR, "", 0);
	OK(l.n_shown == 5);
	type(&l, "\xc3\x84");
	OK(l.n_shown == 1 && l.shown[0] == 4);
	list_key(&l, KEY_BACK, "", 0);
	IS_STR(l.filter.data, "");
	list_key(&l, KEY_BACK, "", 0);
	list_key(&l, KEY_WORD_BACK, "", 0);
	OK(l.n_shown == 5);
	for (int i = 0; i < 300; i++)
		type(&l, "x");
	OK(l.filter.len == 200);
	list_release(&l);
}

static void
test_moves(void)
{
	struct buf out = BUF_INIT;
	struct pick_list l;

	list_init(&l, &five);
	list_draw(&l, 3, 40, &out);
	list_key(&l, KEY_UP, "", 0);
	OK(l.at == 0);
	list_key(&l, KEY_PAGE_DOWN, "", 0);
	OK(l.at == 2);
	list_key(&l, KEY_PAGE_DOWN, "", 0);
	list_key(&l, KEY_PAGE_DOWN, "", 0);
	OK(l.at == 4);
	list_draw(&l, 3, 40, &out);
	OK(l.top == 3);
	list_key(&l, KEY_PAGE_UP, "", 0);
	list_draw(&l, 3, 40, &out);
	OK(l.at == 2 && l.top == 2);
	list_key(&l, KEY_END, "", 0);
	OK(l.at == 4);
	list_key(&l, KEY_HOME, "", 0);
	OK(l.at == 0);
	list_release(&l);
	buf_release(&out);
}

/* The bytes for a window of that size. */
static void
draws(const char *filter, size_t rows, size_t cells, const char *want)
{
	struct buf out = BUF_INIT;
	struct pick_list l;

	list_init(&l, &five);
	type(&l, filter);
	list_draw(&l, rows, cells, &out);
	IS_STR(out.data, want);
	list_release(&l);
	buf_release(&out);
}

static void
test_drawing(void)
{
	draws("pico", 4, 40, "\033[?7l\033[H\033[KBoard: pico"
	    "\r\n\033[K> RPI_PICO       Raspberry Pi Pico      "
	    "\r\n\033[K  RPI_PICO_W     Raspberry Pi Pico W    "
	    "\r\n\033[J\033[1;12H\033[?7h");
	/* What a board says never reaches the terminal as it is. */
	draws("evil", 2, 60, "\033[?7l\033[H\033[KBoard: evil"
	    "\r\n\033[K> EVIL           \\x1b]0;x\\x07 \\u202e"
	    "                        \033[1;12H\033[?7h");
	draws("zz", 6, 12, "\033[?7l\033[H\033[KBoard: zz\r\n\033[J"
	    "\033[6;1H\033[K0 of 5; E...\033[1;10H\033[?7h");
}

/* Each line has room in any window, however small. */
static void
test_tiny(void)
{
	struct buf out = BUF_INIT;
	struct pick_list l;

	list_init(&l, &five);
	type(&l, "\xc3\x84 ");
	list_key(&l, KEY_CLEAR, "", 0);
	for (size_t rows = 0; rows < 8; rows++)
		for (size_t cells = 0; cells < 30; cells++) {
			buf_clear(&out);
			list_draw(&l, rows, cells, &out);
			OK(out.len > 0);
		}
	list_release(&l);
	draws("pico", 1, 1, "\033[?7l\033[H\033[K\033[1;1H\033[?7h");
	draws("pico", 2, 3, "\033[?7l\033[H\033[Kco\r\n\033[K> R\033[1;3H"
	    "\033[?7h");
	buf_release(&out);
}

int
main(void)
{
	setlocale(LC_CTYPE, "C.UTF-8");
	test_keys();
	test_parts();
	test_filter();
	test_moves();
	test_drawing();
	test_tiny();
	return tap_done();
}
