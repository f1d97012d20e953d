/* SPDX-License-Identifier: MIT */
#include "link/closer.h"

#include <errno.h>
#include <stdbool.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#ifdef __linux__
#include <linux/serial.h>
#endif

static bool
output_pending(int fd)
{
	int n = 0;

	return ioctl(fd, TIOCOUTQ, &n) == 0 && n > 0;
}

/* Tells the driver not to wait; false where we may not, or it has no such. */
static bool
wait_not(int fd)
{
#ifdef __linux__
	struct serial_struct s;

	if (ioctl(fd, TIOCGSERIAL, &s) == -1)
		return false;
	s.closing_wait = ASYNC_CLOSING_WAIT_NONE;
	return ioctl(fd, TIOCSSERIAL, &s) == 0;
#else
	(void)fd;
	return false;
#endif
}

/* The grandchild: nobody's to wait for, so it leaves no zombie either. */
static void
close_alone(int fd)
{
	if (fork() != 0)
		_exit(0);
	if (fd != STDIN_FILENO)
		dup2(fd, STDIN_FILENO);
	closefrom(STDIN_FILENO + 1);	/* our reader waits for these to end */
	close(STDIN_FILENO);
	_exit(0);
}

void
closer_hand_over(int fd)
{
	const pid_t pid = fork();

	if (pid == 0)
		close_alone(fd);
	close(fd);		/* not the last one: does not wait */
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
	if (!output_pending(fd) || wait_not(fd))
		close(fd);
	else
		closer_hand_over(fd);
}
