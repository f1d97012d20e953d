/* SPDX-License-Identifier: MIT */
#include "repl/impl.h"

#include <string.h>

#include "base/clock.h"
#include "repl/script.h"

#define PASTE_REQUEST	"\005A\001"
#define END_OF_CODE	"\x04"
#define CREDIT		'\x01'		/* the board: another window */
#define ABORT		'\x04'		/* the board: a syntax error */

#define ANSWER_MS	600		/* to a request */
#define WINDOW_MAX	8192u		/* bytes; boards have 16 to 512 */

/*
 * Without flow control a board takes what its buffer holds while it is busy.
 * On the wire 256 bytes take 22 ms at 115200 baud.
 */
static const struct {
	size_t	piece;
	int64_t	pause_ms;
} paces[] = {
	[PASTE_PIECES] = { 256, 22 + 10 },
	[PASTE_SLOWLY] = { 16, 30 },
};

/* sys.platform of boards that have a UART, no raw-paste and little room. */
static const char *const slow_platforms[] = {
	"microbit", "nrf51", "nrf51-DK", NULL
};

static int
send_pieces(struct repl *r, const char *code, size_t n, int64_t deadline,
    struct err *e)
{
	const size_t piece = paces[r->paste].piece;

	for (size_t i = 0; i < n; i += piece) {
		const size_t len = n - i < piece ? n - i : piece;

		/* The pauses add up: at the third attempt to 5 s. */
		if (clock_left_ms(deadline) == 0)
			return err_set(e, ERR_TIMEOUT, "%s: no time left to "
			    "send code so slowly", link_name(r->link));
		if (repl_send(r, code + i, len, deadline, e) == -1)
			return -1;
		clock_sleep_ms(paces[r->paste].pause_ms * (1 + r->slower));
	}
	return repl_send(r, END_OF_CODE, 1, deadline, e);
}

/*
 * After the board's yes comes the window in bytes, and credit for a second one.
 * A number that a timer has printed into is refused.
 */
static int
read_window(struct repl *r, int64_t deadline, size_t *window, struct err *e)
{
	unsigned char said[3];

	for (size_t i = 0; i < sizeof(said); i++) {
		char c;

		if (repl_getc(r, &c, deadline, e) == -1)
			return -1;
		said[i] = (unsigned char)c;
	}
	*window = (size_t)said[0] | (size_t)said[1] << 8;
	if (*window == 0 || *window > WINDOW_MAX || said[2] != CREDIT)
		return err_set(e, ERR_PROTOCOL, "%s: raw-paste window of %zu "
		    "bytes, and %02x", link_name(r->link), *window, said[2]);
	return 0;
}

/*
 * Asks for raw-paste.  1 and *window; 0: this firmware has no raw-paste, and
 * is at an empty line of the raw REPL.
 */
static int
request_paste(struct repl *r, int64_t deadline, size_t *window, struct err *e)
{
	enum { YES, NO, OLD };
	struct seek_text list[] = {
		[YES] = SEEK_TEXT("R\x01"),
		[NO] = SEEK_TEXT("R\x00"),
		[OLD] = repl_raw_banner,
	};
	size_t which;

	if (repl_send(r, PASTE_REQUEST, 3, deadline, e) == -1 ||
	    repl_await(r, list, 3, deadline, &which, e) == -1)
		return -1;
	if (which != YES)
		return 0;		/* a ">" may follow, or not */
	return read_window(r, deadline, window, e) == 0 ? 1 : -1;
}

/* 1: the board gave up before the end, and has acknowledged. */
static int
send_paste(struct repl *r, const char *code, size_t n, size_t window,
    int64_t deadline, struct err *e)
{
	size_t credit = 2 * window;
	char c;

	while (n > 0) {
		const size_t len = n < credit ? n : credit;

		if (len > 0 && repl_send(r, code, len, deadline, e) == -1)
			return -1;
		code += len;
		n -= len;
		credit -= len;
		if (n == 0)
			break;
		if (repl_getc(r, &c, repl_quiet(deadline), e) == -1)
			return -1;
		if (c == ABORT)
			return 1;
		if (c == CREDIT && credit <= window)
			credit += window;
	}
	return 0;
}

/* Chooses the pace for a board without raw-paste, which is asked slowly. */
static int
choose_pace(struct repl *r, int64_t deadline, struct err *e)
{
	struct buf out = BUF_INIT;
	struct parcel_field f = { 0 };
	size_t at = 0;
	bool raised = false;
	int res;

	r->paste = PASTE_SLOWLY;
	r->adrift = false;
	res = repl_call(r, "platform", NULL, 0, deadline, &out, &raised, e);
	if (res == 0)
		parcel_next(&out, &at, &f);
	if (res == 0 || raised) {
		r->paste = PASTE_PIECES;
		for (size_t i = 0; slow_platforms[i] != NULL; i++)
			if (strlen(slow_platforms[i]) == f.n &&
			    memcmp(slow_platforms[i], f.p, f.n) == 0)
				r->paste = PASTE_SLOWLY;
		res = r->adrift ? repl_recover(r, deadline, e) : 0;
		r->adrift = true;
	}
	buf_release(&out);
	return res;
}

int
repl_upload(struct repl *r, const char *code, size_t n, int64_t deadline,
    bool *pasted, bool *acked, struct err *e)
{
	size_t window = 0;
	int got = 0;

	*pasted = *acked = false;
	if (r->paste == PASTE_UNKNOWN || r->paste == PASTE_WINDOW) {
		got = request_paste(r, repl_soon(deadline, ANSWER_MS), &window,
		    e);
		if (got == -1)
			return -1;
		if (got == 0 && choose_pace(r, deadline, e) == -1)
			return -1;
	}
	if (got == 0)
		return send_pieces(r, code, n, deadline, e);
	r->paste = PASTE_WINDOW;
	got = send_paste(r, code, n, window, deadline, e);
	if (got == -1)
		return -1;
	*pasted = true;
	*acked = got == 1;
	return repl_send(r, END_OF_CODE, 1, deadline, e);
}
