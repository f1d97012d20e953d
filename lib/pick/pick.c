/* SPDX-License-Identifier: MIT */
#include "pick/pick.h"

#include <errno.h>
#include <locale.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include "base/file.h"
#include "base/stop.h"
#include "pick/impl.h"

#define ESC		'\033'
#define ESC_MS		50	/* so soon the rest of a key's bytes follows */
#define ROWS_DEFAULT	24
#define CELLS_DEFAULT	80

#define OTHER_SCREEN	"\033[?1049h"
#define FIRST_SCREEN	"\033[?1049l"

/* What the terminal and the process had before. */
struct before {
	struct termios	 mode;
	struct sigaction window;
	sigset_t	 set;
};

bool
pick_possible(void)
{
	const char *term = getenv("TERM");

	return isatty(STDIN_FILENO) && isatty(STDOUT_FILENO) && term != NULL &&
	    term[0] != '\0' && strcmp(term, "dumb") != 0;
}

static int
show_bytes(const char *p, size_t n, struct err *e)
{
	return file_write_all(STDOUT_FILENO, p, n, "the terminal", e);
}

static int
draw_window(struct pick_list *l, struct err *e)
{
	struct winsize w = { 0 };
	struct buf out = BUF_INIT;
	int r;

	ioctl(STDOUT_FILENO, TIOCGWINSZ, &w);
	list_draw(l, w.ws_row > 0 ? w.ws_row : ROWS_DEFAULT,
	    w.ws_col > 0 ? w.ws_col : CELLS_DEFAULT, &out);
	r = show_bytes(out.data, out.len, e);
	buf_release(&out);
	return r;
}

/* It need not do anything: that it comes ends the wait. */
static void
on_window(int sig)
{
	(void)sig;
}

/* Keys come one by one and unseen, ^C and ^Z among them. */
static int
enter_terminal(struct before *b, struct err *e)
{
	struct sigaction sa = { .sa_handler = on_window };
	struct termios raw;
	sigset_t set;

	raw = b->mode;
	raw.c_iflag &= ~(tcflag_t)(ICRNL | INLCR | IGNCR | IXON | ISTRIP);
	raw.c_lflag &= ~(tcflag_t)(ICANON | ECHO | ISIG | IEXTEN);
	raw.c_cc[VMIN] = 1;
	raw.c_cc[VTIME] = 0;
	sigemptyset(&sa.sa_mask);
	sigemptyset(&set);
	sigaddset(&set, SIGWINCH);
	sigprocmask(SIG_BLOCK, &set, &b->set);	/* but while it waits */
	sigaction(SIGWINCH, &sa, &b->window);
	if (tcsetattr(STDIN_FILENO, TCSADRAIN, &raw) == -1)
		return err_sys(e, "the terminal");
	return show_bytes(OTHER_SCREEN, strlen(OTHER_SCREEN), e);
}

static void
leave_terminal(const struct before *b)
{
	struct err ignored;

	show_bytes(FIRST_SCREEN, strlen(FIRST_SCREEN), &ignored);
	tcsetattr(STDIN_FILENO, TCSADRAIN, &b->mode);
	sigaction(SIGWINCH, &b->window, NULL);
	sigprocmask(SIG_SETMASK, &b->set, NULL);
}

/* Adds what was typed.  1: it came; 0: it did not; -1: it is the end. */
static int
read_keys(struct buf *typed, int ms, struct err *e)
{
	struct pollfd p = { STDIN_FILENO, POLLIN, 0 };
	char some[64];
	ssize_t n;

	stop_poll(&p, 1, ms, 0);
	if (stop_requested())
		return err_set(e, ERR_CANCELLED, "cancelled");
	if (p.revents == 0)
		return 0;
	n = read(STDIN_FILENO, some, sizeof(some));
	if (n == -1 && errno == EINTR)
		return 0;
	if (n == -1)
		return err_sys(e, "the terminal");
	if (n == 0)
		return err_set(e, ERR_CANCELLED, "the terminal has ended");
	buf_add(typed, some, (size_t)n);
	return 1;
}

/* The keys that are whole.  1: an item is chosen; -1: it is the end. */
static int
take_keys(struct pick_list *l, struct buf *typed, bool late, struct err *e)
{
	enum pick_key key;
	size_t len;

	while (typed->len > 0 &&
	    keys_take(typed->data, typed->len, late, &key, &len)) {
		if (key == KEY_CANCEL)
			return err_set(e, ERR_CANCELLED, "nothing was chosen");
		if (key == KEY_ENTER && l->n_shown > 0)
			return 1;
		list_key(l, key, typed->data, len);
		buf_drop(typed, len);
	}
	return 0;
}

static int
choose_item(struct pick_list *l, struct buf *typed, struct err *e)
{
	int came, r = 0;

	while (r == 0) {
		if (draw_window(l, e) == -1)
			return -1;
		came = read_keys(typed, typed->data[0] == ESC ? ESC_MS : -1, e);
		r = came == -1 ? -1 : take_keys(l, typed, came == 0, e);
	}
	return r;
}

int
pick_choose(const struct pick *p, size_t *chosen, struct err *e)
{
	struct pick_list l;
	struct buf typed = BUF_INIT;
	struct before b;
	int r;

	if (tcgetattr(STDIN_FILENO, &b.mode) == -1)
		return err_sys(e, "the terminal");
	setlocale(LC_CTYPE, "");	/* how wide a letter is */
	list_init(&l, p);
	r = enter_terminal(&b, e);
	if (r == 0)
		r = choose_item(&l, &typed, e);
	leave_terminal(&b);
	if (r == 1)
		*chosen = l.shown[l.at];
	buf_release(&typed);
	list_release(&l);
	return r == 1 ? 0 : -1;
}
