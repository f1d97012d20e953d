/* SPDX-License-Identifier: MIT */
#include "link/closer.h"

#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#define CLOSE_US	100000	/* how long a close may wait */

static bool
output_pending(int fd)
{
	int n = 0;

	return ioctl(fd, TIOCOUTQ, &n) == 0 && n > 0;
}

static void
ignore_alarm(int sig)
{
	(void)sig;
}

/*
 * The wait in close(2) ends at a signal that has a handler, if the process is
 * not ending already.  The driver's closing_wait would do the same, but it is
 * root's to set, and stays as it was set until the device is plugged in anew.
 */
static void
close_by_alarm(int fd)
{
	const struct itimerval every = { { 0, CLOSE_US }, { 0, CLOSE_US } };
	struct sigaction act = { .sa_handler = ignore_alarm };
	sigset_t all;

	sigemptyset(&all);
	sigaction(SIGALRM, &act, NULL);
	sigprocmask(SIG_SETMASK, &all, NULL);
	setitimer(ITIMER_REAL, &every, NULL);
	close(fd);
}

/*
 * The grandchild: nobody's to wait for, so it leaves no zombie either.  It
 * closes when all others have, or one of them would be the last.
 */
static void
close_alone(int fd, const int others[2])
{
	char byte;

	if (fork() != 0) {
		close(fd);
		_exit(0);
	}
	close(others[1]);
	while (read(others[0], &byte, 1) == -1 && errno == EINTR)
		;
	if (fd != STDIN_FILENO)
		dup2(fd, STDIN_FILENO);
	closefrom(STDIN_FILENO + 1);	/* our reader waits for these to end */
	close_by_alarm(STDIN_FILENO);
	_exit(0);
}

void
closer_hand_over(int fd)
{
	int others[2];
	pid_t pid = -1;

	if (pipe(others) == 0) {
		pid = fork();
		if (pid == 0)
			close_alone(fd, others);
		close(fd);		/* not the last one: does not wait */
		close(others[0]);
		close(others[1]);
	} else {
		close(fd);
	}
	while (pid > 0 && waitpid(pid, NULL, 0) == -1 && errno == EINTR)
		;
}

void
closer_close(int fd)
{
	/* Both live as long as the open file, which may outlive us. */
	flock(fd, LOCK_UN);
	ioctl(fd, TIOCNXCL);
	tcflush(fd, TCOFLUSH);		/* enough for some drivers */
	if (output_pending(fd))
		closer_hand_over(fd);
	else
		close(fd);
}
