/* SPDX-License-Identifier: MIT */
#include "board/board.h"

#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include "../tests/unit/tap.h"
#include "base/clock.h"
#include "repl/script.h"

/* A board at the other end of a pty: a child that plays its part. */
struct board_pty {
	int	 master;
	char	 name[64];
	pid_t	 pid;
};

/* Waits until it is sent text; ends the child if it is sent something else. */
static void
expect(int fd, const char *text, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		char c;

		if (read(fd, &c, 1) != 1 || c != text[i])
			_exit(1);
	}
}

static void
say(int fd, const char *text)
{
	if (write(fd, text, strlen(text)) == -1)
		_exit(1);
}

/* Code by raw-paste, in windows that never end. */
static void
take(int fd, const char *script)
{
	struct buf code = BUF_INIT;

	script_add(&code, script, NULL, 0);
	expect(fd, "\005A\001", 3);
	if (write(fd, "R\x01\xff\xff\x01", 5) == -1)
		_exit(1);
	expect(fd, code.data, code.len);
	expect(fd, "\x04", 1);
	buf_release(&code);
}

#define RAW	"raw REPL; CTRL-B to exit\r\n>"
#define KILLED	"Traceback:\r\nKeyboardInterrupt: \r\n>>> "
#define NAME	"name 6d6963726f707974686f6e\r\n"
#define NO_FILES	"info-sum 0 0\r\nrecord-sum 0 0\r\n"
#define INFO_SUM	"info-sum 5 31216\r\nrecord-sum 0 0\r\n"
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
	take(fd, "probe");
	say(fd, "\x04" NAME "platform 727032\r\n" NO_FILES "end\r\n\x04\x04>");
	leave(fd, false);
}

static void
play_busy(int fd)
{
	enter(fd, true);
	take(fd, "probe");
	say(fd, "\x04" NAME NO_FILES "end\r\n\x04\x04>");
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

/* Its heap is full: a program's is emptied, an idle board is asked in two. */
static void
play_full(int fd)
{
	enter(fd, false);
	take(fd, "probe");
	say(fd, FULL);
	again(fd);
	take(fd, "facts");
	say(fd, "\x04" NAME "\x04\x04>");
	again(fd);
	take(fd, "files");
	say(fd, "\x04info 78203d2031\r\n" INFO_SUM "end\r\n\x04\x04>");
	leave(fd, false);
}

static void
play_full_busy(int fd)
{
	enter(fd, true);
	take(fd, "probe");
	say(fd, FULL);
	expect(fd, "\x04", 1);
	say(fd, "OK\r\nMPY: soft reboot\r\n" RAW);
	take(fd, "probe");
	say(fd, "\x04" NAME NO_FILES "end\r\n\x04\x04>");
	leave(fd, true);
}

static void
play_too_full(int fd)
{
	enter(fd, false);
	take(fd, "probe");
	say(fd, FULL);
	again(fd);
	take(fd, "facts");
	say(fd, FULL);
	leave(fd, false);
}

static void
play_no_end(int fd)
{
	enter(fd, true);
	for (int i = 0; i < 3; i++) {
		take(fd, "probe");
		say(fd, "\x04" NAME "\x04\x04>");
	}
	leave(fd, true);
}

/* A timer's print cuts a file, and so it is asked again. */
static void
play_cut(int fd)
{
	enter(fd, false);
	take(fd, "probe");
	say(fd, "\x04" NAME "info 78203d42\r\n2031\r\n" INFO_SUM "end\r\n"
	    "\x04\x04>");
	take(fd, "probe");
	say(fd, "\x04" NAME "info 78203d2031\r\n" INFO_SUM "end\r\n\x04\x04>");
	leave(fd, false);
}

static void
play_raises(int fd)
{
	enter(fd, false);
	take(fd, "probe");
	say(fd, "\x04\x04Traceback:\r\nTypeError: x\r\n\x04>");
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

/* Its prompt never comes back. */
static void
play_stays(int fd)
{
	enter(fd, false);
	take(fd, "probe");
	say(fd, "\x04" NAME NO_FILES "end\r\n\x04\x04>");
	expect(fd, "\x02", 1);
}

/* Returns when the child is there: board_ask waits 200 ms for a prompt. */
static void
board_start(struct board_pty *p, void (*play)(int fd))
{
	struct termios raw;
	int slave, up[2];
	char byte;

	p->master = posix_openpt(O_RDWR | O_NOCTTY);
	if (p->master == -1 || grantpt(p->master) == -1 ||
	    unlockpt(p->master) == -1 || pipe(up) == -1)
		exit(2);
	snprintf(p->name, sizeof(p->name), "%s", ptsname(p->master));
	slave = open(p->name, O_RDWR | O_NOCTTY);
	tcgetattr(slave, &raw);
	cfmakeraw(&raw);
	tcsetattr(slave, TCSANOW, &raw);
	fflush(stdout);
	p->pid = fork();
	if (p->pid == 0) {
		if (write(up[1], "x", 1) == 1)
			play(p->master);
		/* Until then what was said can be read. */
		pause();
		_exit(0);
	}
	close(up[1]);
	OK(read(up[0], &byte, 1) == 1);
	close(up[0]);
	close(slave);
}

/* Only whether it was all played: the child is ended by us. */
static void
board_end(struct board_pty *p)
{
	int status;

	kill(p->pid, SIGTERM);
	waitpid(p->pid, &status, 0);
	OK(WIFSIGNALED(status));
	close(p->master);
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
	{ play_no_end, ERR_IO, "its answer has no end", -1, NULL, 5000 },
	{ play_raises, ERR_IO, "the board answers: TypeError: x", -1, NULL,
	    5000 },
	{ play_stays, ERR_IO, "leaving the raw REPL: ", -1, NULL,
	    5000 },
	{ play_silence, ERR_TIMEOUT, "no answer", -1, NULL, 200 },
	{ play_modem, ERR_PROTOCOL, "no MicroPython prompt, but "
	    "\"\\x0d\\nERROR\\x0d\\n\"", -1, NULL, 200 },
};

static void
test_case(size_t i)
{
	struct board_answer a = BOARD_ANSWER_INIT;
	struct board_pty p;
	struct err e = ERR_INIT;
	struct board_ask_opts how = { .deadline = 0 };

	board_start(&p, cases[i].play);
	how.deadline = clock_ms() + cases[i].ms;
	OK(board_ask(p.name, &how, &a, &e) ==
	    (cases[i].code == ERR_NONE ? 0 : -1));
	OK(e.code == cases[i].code);
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
	board_end(&p);
}

int
main(void)
{
	struct board_answer a = BOARD_ANSWER_INIT;
	const struct board_ask_opts how = { .deadline = 0 };
	struct err e = ERR_INIT;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		test_case(i);
	OK(board_ask("/nonexistent", &how, &a, &e) == -1);
	OK(e.code == ERR_NOT_FOUND);
	return tap_done();
}
