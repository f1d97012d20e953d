/* SPDX-License-Identifier: MIT */
#ifndef MPF_BOARD_PTY_H
#define MPF_BOARD_PTY_H

#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include "tap.h"

/* board_pty: a board whose part is played by a child, behind a pty. */
struct board_pty {
	int	 master;
	char	 name[64];
	pid_t	 pid;
};

/* Waits until it is sent text; ends the child if it is sent something else. */
static inline void
expect(int fd, const char *text, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		char c;

		if (read(fd, &c, 1) != 1 || c != text[i])
			_exit(1);
	}
}

static inline void
say(int fd, const char *text)
{
	if (write(fd, text, strlen(text)) == -1)
		_exit(1);
}

/* Returns when the child is there: board_ask waits 200 ms for a prompt. */
static inline void
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
	if (read(up[0], &byte, 1) != 1)
		exit(2);
	close(up[0]);
	close(slave);
}

/* Was it all played?  Then it is we who end the child. */
static inline bool
board_end(struct board_pty *p)
{
	int status;

	kill(p->pid, SIGTERM);
	waitpid(p->pid, &status, 0);
	close(p->master);
	return WIFSIGNALED(status);
}

#endif
