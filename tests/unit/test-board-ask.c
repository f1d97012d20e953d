/* SPDX-License-Identifier: MIT */
#include "board/board.h"

#include "../tests/unit/board_pty.h"
#include "base/clock.h"
#include "repl/parcel.h"
#include "repl/script.h"

/* Code by raw-paste, in windows that never end; it must be this script. */
static uint32_t
take(int fd, const char *script)
{
	struct script_call call;
	struct buf code = BUF_INIT;
	uint32_t nonce;
	char c;

	expect(fd, "\005A\001", 3);
	if (write(fd, "R\x01\xff\x1f\x01", 5) == -1)
		_exit(1);
	while (read(fd, &c, 1) == 1 && c != '\x04')
		buf_addc(&code, c);
	if (script_read(code.data, code.len, &call) == -1 ||
	    strcmp(call.name, script) != 0)
		_exit(1);
	nonce = call.nonce;
	script_call_release(&call);
	buf_release(&code);
	return nonce;
}

/* With before and after in front of and behind the n bytes of a parcel. */
static void
answer_amid(int fd, uint32_t nonce, const char *fields, const char *before,
    const char *after)
{
	struct buf out = BUF_INIT;

	buf_adds(&out, "\x04");
	buf_adds(&out, before);
	parcel_pack(&out, nonce, fields, strlen(fields));
	buf_adds(&out, after);
	buf_adds(&out, "\x04\x04>");
	say(fd, out.data);
	buf_release(&out);
}

static void
answer(int fd, const char *script, const char *fields)
{
	answer_amid(fd, take(fd, script), fields, "", "");
}

#define RUNS	5
#define RAW	"raw REPL; CTRL-B to exit\r\n>"
#define KILLED	"Traceback:\r\nKeyboardInterrupt: \r\n>>> "
#define NAME	"name=11:micropython"
#define INFO	"info=5:x = 1"
#define FULL	"\x04\x04Traceback:\r\nMemoryError: \r\n\x04>"

static void
enter(int fd, bool busy)
{
	expect(fd, "\x02", 1);
	if (busy) {
		expect(fd, "\x03", 1);
		say(fd, KILLED);
	} else {
		say(fd, "\r\n>>> ");
	}
	expect(fd, "\x01", 1);
	say(fd, RAW);
}

static void
leave(int fd, bool busy)
{
	expect(fd, "\x02", 1);
	say(fd, "\r\n>>> ");
	if (busy) {
		expect(fd, "\x04", 1);
		say(fd, "\r\nMPY: soft reboot\r\n");
	}
}

static void
play_idle(int fd)
{
	enter(fd, false);
	answer(fd, "facts", NAME "platform=3:rp2");
	answer(fd, "files", "");
	leave(fd, false);
}

static void
play_busy(int fd)
{
	enter(fd, true);
	answer(fd, "facts", NAME);
	answer(fd, "files", "");
	leave(fd, true);
}

/* What it took for the code it gives back. */
static void
again(int fd)
{
	expect(fd, "\x02", 1);
	say(fd, "\r\n>>> ");
	expect(fd, "\x01", 1);
	say(fd, RAW);
}

/* Its heap is full: a program's is emptied, an idle board is asked in parts. */
static void
play_full(int fd)
{
	enter(fd, false);
	take(fd, "facts");
	say(fd, FULL);
	for (int i = 0; i < 6; i++) {
		again(fd);
		if (i == 1) {		/* there was garbage in the way */
			take(fd, "facts");
			say(fd, FULL);
			again(fd);
		}
		answer(fd, "facts", i == 0 ? NAME : "");
	}
	again(fd);
	answer(fd, "files", INFO);
	leave(fd, false);
}

static void
play_full_busy(int fd)
{
	enter(fd, true);
	take(fd, "facts");
	say(fd, FULL);
	expect(fd, "\x04", 1);
	say(fd, "OK\r\nMPY: soft reboot\r\n" RAW);
	answer(fd, "facts", NAME);
	answer(fd, "files", "");
	leave(fd, true);
}

static void
play_too_full(int fd)
{
	enter(fd, false);
	for (int i = 0; i < 4; i++) {
		if (i > 0)
			again(fd);
		take(fd, "facts");
		say(fd, FULL);
	}
	leave(fd, false);
}

/* ^C and ^A: it begins anew, in its raw REPL. */
static void
recover(int fd)
{
	expect(fd, "\x03\x01", 2);
	say(fd, RAW);
}

static void
play_no_end(int fd)
{
	enter(fd, true);
	for (int i = 0; i < 4; i++) {
		take(fd, "facts");
		say(fd, "\x04<0:6e;1>20\r\n\x04\x04>");
		recover(fd);
	}
	leave(fd, true);
}

/* A timer prints into an answer: what is missing is asked for again. */
static void
play_cut(int fd)
{
	struct buf out = BUF_INIT;

	enter(fd, false);
	answer(fd, "facts", NAME);
	parcel_pack(&out, take(fd, "files"), INFO, strlen(INFO));
	out.data[5] = '\n';
	say(fd, "\x04");
	say(fd, out.data);
	say(fd, "\x04\x04>");
	recover(fd);
	answer(fd, "files", INFO);
	leave(fd, false);
	buf_release(&out);
}

/* Bytes that mean something to a REPL, and an answer to an earlier run. */
static void
play_noise(int fd)
{
	uint32_t first;

	enter(fd, false);
	first = take(fd, "facts");
	answer_amid(fd, first, "name=1:x", "OK\x04<2\x04>", "");
	recover(fd);
	answer_amid(fd, take(fd, "facts"), NAME, "OK\x04<2", "<0:00;0>");
	take(fd, "files");
	answer_amid(fd, first, INFO, "", "");
	recover(fd);
	answer(fd, "files", INFO);
	leave(fd, false);
}

static void
play_raises(int fd)
{
	enter(fd, false);
	answer_amid(fd, parcel_error(take(fd, "facts")),
	    "error=15:TypeError('x',)", "", "");
	leave(fd, false);
}

static void
play_silence(int fd)
{
	expect(fd, "\x02", 1);
}

static void
play_modem(int fd)
{
	expect(fd, "\x02", 1);
	say(fd, "\r\nERROR\r\n");
}

/* It answers no more, once it has. */
static void
play_mute(int fd)
{
	enter(fd, false);
	take(fd, "facts");
}

/* What it says of its files never arrives whole. */
static void
play_no_files(int fd)
{
	enter(fd, false);
	answer(fd, "facts", NAME);
	for (int i = 0; i < 4; i++) {
		take(fd, "files");
		say(fd, "\x04<0:6e;1>20\r\n\x04\x04>");
		recover(fd);
	}
	leave(fd, false);
}

/* Its prompt never comes back. */
static void
play_stays(int fd)
{
	enter(fd, false);
	answer(fd, "facts", NAME);
	answer(fd, "files", "");
	expect(fd, "\x02\x02\x02", 3);
}

static const struct {
	void		(*play)(int fd);
	enum err_code	 code;
	const char	*msg;		/* it begins so, behind the port */
	int		 interrupted;
	const char	*info;
	int64_t		 ms;		/* until the deadline */
} cases[] = {
	{ play_idle, ERR_NONE, "", -1, NULL, 5000 },
	{ play_busy, ERR_NONE, "", 1, NULL, 5000 },
	{ play_full, ERR_NONE, "", -1, "{\"x\":1}", 5000 },
	{ play_full_busy, ERR_NONE, "", 1, NULL, 5000 },
	{ play_too_full, ERR_IO, "the board answers: MemoryError:", -1, NULL,
	    5000 },
	{ play_cut, ERR_NONE, "", -1, "{\"x\":1}", 5000 },
	{ play_noise, ERR_NONE, "", -1, "{\"x\":1}", 5000 },
	{ play_no_end, ERR_IO, "what the board answers does not arrive whole",
	    -1, NULL, 5000 },
	{ play_no_files, ERR_IO, "what the board answers does not arrive "
	    "whole", -1, NULL, 5000 },
	{ play_mute, ERR_IO, "", -1, NULL, 1500 },
	{ play_raises, ERR_IO, "the board answers: TypeError: x", -1, NULL,
	    5000 },
	{ play_stays, ERR_IO, "leaving the raw REPL: ", -1, NULL,
	    5000 },
	{ play_silence, ERR_TIMEOUT, "no answer", -1, NULL, 200 },
	{ play_modem, ERR_PROTOCOL, "no MicroPython prompt, but "
	    "\"\\x0d\\nERROR\\x0d\\n\"", -1, NULL, 200 },
};

/* What to do: nothing is known of a port that never was MicroPython's. */
static const char *
hint_of(void (*play)(int fd))
{
	static const struct {
		void		(*play)(int fd);
		const char	*hint;
	} hints[] = {
		{ play_too_full, "reset the board, so that its memory is "
		    "free" },
		{ play_no_end, "what a timer or a thread prints gets in "
		    "between: reset the board, and try again" },
		{ play_no_files, "what a timer or a thread prints gets in "
		    "between: reset the board, and try again" },
		{ play_raises, "reset the board, and try again" },
		{ play_mute, "reset the board, and try again" },
		{ play_stays, "reset the board, and try again" },
	};

	for (size_t i = 0; i < sizeof(hints) / sizeof(hints[0]); i++)
		if (hints[i].play == play)
			return hints[i].hint;
	return "";
}

/* Did it play its part to the end, and was the answer as expected? */
static bool
ask_played(size_t i, struct board_pty *p, struct board_answer *a, struct err *e)
{
	struct board_ask_opts how = { .deadline = 0 };
	struct link_addr at = { .kind = &link_pty };
	int r;

	board_start(p, cases[i].play);
	how.deadline = clock_ms() + cases[i].ms;
	at.name = p->name;
	r = board_ask(&at, &how, a, e);
	return board_end(p) && e->code == cases[i].code &&
	    r == (cases[i].code == ERR_NONE ? 0 : -1);
}

static void
test_case(size_t i)
{
	struct board_answer a = BOARD_ANSWER_INIT;
	struct board_pty p;
	struct err e;
	bool played = false;

	/* Where a machine has much to do, a prompt may come too late. */
	for (int run = 0; run < RUNS && !played; run++) {
		board_answer_release(&a);
		a = (struct board_answer)BOARD_ANSWER_INIT;
		e = (struct err)ERR_INIT;
		played = ask_played(i, &p, &a, &e);
	}
	OK(played);
	IS_STR(e.hint, hint_of(cases[i].play));
	if (e.code != ERR_NONE) {
		OK(strncmp(e.msg, p.name, strlen(p.name)) == 0);
		e.msg[strlen(p.name) + 2 + strlen(cases[i].msg)] = '\0';
		IS_STR(e.msg + strlen(p.name) + 2, cases[i].msg);
		/* The others were idle, or no time was left to. */
		OK((a.interrupt != NULL) == (cases[i].play == play_no_end));
	} else {
		IS_STR(a.board.family, "micropython");
		OK(a.board.interrupted == cases[i].interrupted);
		OK((a.board.info == NULL) == (cases[i].info == NULL));
	}
	board_answer_release(&a);
}

int
main(void)
{
	struct board_answer a = BOARD_ANSWER_INIT;
	const struct board_ask_opts how = { .deadline = 0 };
	char name[] = "/nonexistent";
	const struct link_addr nowhere = { .kind = &link_tty, .name = name };
	struct err e = ERR_INIT;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		test_case(i);
	OK(board_ask(&nowhere, &how, &a, &e) == -1);
	OK(e.code == ERR_NOT_FOUND);
	return tap_done();
}
