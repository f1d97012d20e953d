/* SPDX-License-Identifier: MIT */

/*
 * mpf-proxy: stands between standard input and output, where the tools are,
 * and a command that plays a board, and spoils bytes on their way.
 *
 *	mpf-proxy [-c FILE] [-f FAULT]... COMMAND ARG...
 *
 * -c keeps the number of bytes that have come from the board in FILE, so that
 * they go on being counted when the board restarts.  FAULT: see spoil.h.  Ends
 * with the command's exit status; as "mpf-sim --repl" has it, 12 is a board
 * that left for its bootloader.
 */

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "spoil.h"

struct proxy {
	struct spoiler	 spoiler;
	const char	*count;		/* the file; NULL */
	int		 to, from;	/* the command's pipes; -1: closed */
	pid_t		 pid;
};

static void
die(const struct err *e)
{
	fprintf(stderr, "mpf-proxy: %s\n", e->msg);
	exit(2);
}

static void
read_count(struct proxy *p)
{
	struct buf text = BUF_INIT;
	struct err e;

	if (p->count != NULL && file_read(p->count, &text, &e) == 0)
		p->spoiler.from_board = strtoul(text.data, NULL, 10);
	buf_release(&text);
}

static void
write_count(const struct proxy *p)
{
	char text[32];
	struct err e;
	int fd, n;

	if (p->count == NULL)
		return;
	n = snprintf(text, sizeof(text), "%-12zu\n", p->spoiler.from_board);
	fd = open(p->count, O_WRONLY | O_CREAT | O_CLOEXEC, 0666);
	if (fd == -1 || file_write_all(fd, text, (size_t)n, p->count,
	    &e) == -1)
		exit(2);
	close(fd);
}

static void
start(struct proxy *p, char *argv[])
{
	int in[2], out[2];
	struct err e;

	if (pipe(in) == -1 || pipe(out) == -1 || (p->pid = fork()) == -1) {
		err_sys(&e, "%s", argv[0]);
		die(&e);
	}
	if (p->pid == 0) {
		dup2(in[0], STDIN_FILENO);
		dup2(out[1], STDOUT_FILENO);
		closefrom(STDERR_FILENO + 1);
		execvp(argv[0], argv);
		_exit(127);
	}
	close(in[0]);
	close(out[1]);
	p->to = in[1];
	p->from = out[0];
}

/* What has come on one side goes to the other; false: it has ended. */
static bool
move(struct proxy *p, bool to_board)
{
	const int from = to_board ? STDIN_FILENO : p->from;
	struct buf out = BUF_INIT;
	struct err e;
	char some[4096];
	ssize_t n;

	n = read(from, some, sizeof(some));
	if (n == -1 && errno == EINTR)
		return true;
	for (ssize_t i = 0; i < n; i++) {
		spoil_byte(&p->spoiler, to_board, some[i], &out);
		if (p->spoiler.late_ms > 0)
			clock_sleep_ms(p->spoiler.late_ms);
		p->spoiler.late_ms = 0;
	}
	if (n > 0 && !to_board)
		write_count(p);
	if (out.len > 0 && file_write_all(to_board ? p->to : STDOUT_FILENO,
	    out.data, out.len, "board", &e) == -1)
		n = 0;
	buf_release(&out);
	return n > 0 && !p->spoiler.pulled;
}

static int
play(struct proxy *p)
{
	struct pollfd fds[] = { { STDIN_FILENO, POLLIN, 0 },
		{ p->from, POLLIN, 0 } };
	bool on = true;
	int status;

	while (on && (poll(fds, 2, -1) > 0 || errno == EINTR)) {
		if (fds[1].revents != 0)
			on = move(p, false);
		if (on && fds[0].revents != 0 && !move(p, true)) {
			close(p->to);	/* the command's end of input */
			fds[0].fd = -1;
			on = !p->spoiler.pulled;
		}
	}
	if (p->spoiler.pulled)
		kill(p->pid, SIGKILL);
	while (waitpid(p->pid, &status, 0) == -1)
		if (errno != EINTR)
			return 2;
	return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}

int
main(int argc, char *argv[])
{
	struct proxy p = { .to = -1, .from = -1 };
	struct err e;
	int c;

	signal(SIGPIPE, SIG_IGN);
	while ((c = getopt(argc, argv, "+c:f:")) != -1) {
		if (c == 'c')
			p.count = optarg;
		else if (c != 'f' || p.spoiler.n == SPOILS_MAX)
			return 2;
		else if (spoil_parse(optarg, &p.spoiler.fault[p.spoiler.n++],
		    &e) == -1)
			die(&e);
	}
	if (optind == argc)
		return 2;
	read_count(&p);
	start(&p, argv + optind);
	return play(&p);
}
