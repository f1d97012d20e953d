/* SPDX-License-Identifier: MIT */
#include "sim/child.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#define EXEC_FAILED	127		/* as a shell says it */

/* As if we had never been: no handlers, nothing blocked. */
static void
default_signals(void)
{
	static const int mine[] = { SIGINT, SIGTERM, SIGPIPE, SIGCHLD };
	sigset_t none;

	for (size_t i = 0; i < sizeof(mine) / sizeof(mine[0]); i++)
		signal(mine[i], SIG_DFL);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
}

/* In the child: the tty becomes its terminal, raw but for ^C. */
static void
take_terminal(const char *tty)
{
	struct termios t;
	int fd;

	setsid();
	fd = open(tty, O_RDWR);
	if (fd == -1 || tcgetattr(fd, &t) == -1)
		_exit(EXEC_FAILED);
#ifdef TIOCSCTTY
	ioctl(fd, TIOCSCTTY, 0);
#endif
	cfmakeraw(&t);
	t.c_lflag |= ISIG;
	t.c_cc[VQUIT] = t.c_cc[VSUSP] = _POSIX_VDISABLE;
	tcsetattr(fd, TCSANOW, &t);
	dup2(fd, STDIN_FILENO);
	dup2(fd, STDOUT_FILENO);
	if (fd > STDERR_FILENO)
		close(fd);
}

int
sim_child_open_pty(struct sim_child *c, const char *command, struct err *e)
{
	const char *tty;

	c->fd = posix_openpt(O_RDWR | O_NOCTTY);
	if (c->fd == -1 || grantpt(c->fd) == -1 || unlockpt(c->fd) == -1 ||
	    (tty = ptsname(c->fd)) == NULL) {
		err_sys(e, "pty");
		goto fail;
	}
	fcntl(c->fd, F_SETFD, FD_CLOEXEC);
	fcntl(c->fd, F_SETFL, O_RDWR | O_NONBLOCK);
	c->pid = fork();
	if (c->pid == -1) {
		err_sys(e, "%s", command);
		goto fail;
	}
	if (c->pid == 0) {
		default_signals();
		take_terminal(tty);
		execl("/bin/sh", "sh", "-c", command, (char *)NULL);
		_exit(EXEC_FAILED);
	}
	return 0;
fail:
	if (c->fd != -1)
		close(c->fd);
	*c = (struct sim_child)SIM_CHILD_INIT;
	return -1;
}

int
sim_child_open(struct sim_child *c, char *const argv[], struct err *e)
{
	static const char failed[] = ": not found or not executable\n";

	c->pid = fork();
	if (c->pid == -1) {
		c->pid = 0;
		return err_sys(e, "%s", argv[0]);
	}
	if (c->pid == 0) {
		default_signals();
		execvp(argv[0], argv);
		if (write(STDERR_FILENO, argv[0], strlen(argv[0])) != -1 &&
		    write(STDERR_FILENO, failed, sizeof(failed) - 1) != -1)
			_exit(EXEC_FAILED);
		_exit(EXEC_FAILED);
	}
	return 0;
}

static void
note_status(struct sim_child *c, int status)
{
	c->status = WIFEXITED(status) ? WEXITSTATUS(status) :
	    128 + WTERMSIG(status);
	c->pid = 0;
	if (c->fd != -1)
		close(c->fd);
	c->fd = -1;
}

bool
sim_child_ended(struct sim_child *c)
{
	int status;

	if (c->pid > 0 && waitpid(c->pid, &status, WNOHANG) == c->pid)
		note_status(c, status);
	return c->pid == 0;
}

void
sim_child_close(struct sim_child *c)
{
	int status;

	if (c->pid <= 0)
		return;
	kill(c->pid, SIGTERM);
	if (c->fd != -1)
		close(c->fd);		/* its terminal hangs up */
	c->fd = -1;
	while (waitpid(c->pid, &status, 0) == -1)
		if (errno != EINTR)
			return;
	note_status(c, status);
}
