/* SPDX-License-Identifier: MIT */
#include "base/command.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/stop.h"

#define TURN_MS		50		/* stop_requested() is asked so often */
#define SIGNALLED	128		/* as shells add to the signal */

extern char **environ;

struct running {
	pid_t	 pid;
	int	 out[2], errors[2], failed[2];	/* pipes; -1: closed */
};

static void
close_end(int *fd)
{
	if (*fd != -1)
		close(*fd);
	*fd = -1;
}

static int
open_pipe(int fd[2], struct err *e)
{
	if (pipe(fd) == -1) {
		fd[0] = fd[1] = -1;
		return err_sys(e, "pipe");
	}
	fcntl(fd[0], F_SETFD, FD_CLOEXEC);
	fcntl(fd[1], F_SETFD, FD_CLOEXEC);
	return 0;
}

/* Ours with the changes; strings are borrowed. */
static char **
make_env(const char *const *changes)
{
	size_t n = 0, more = 0;
	char **env;

	while (environ[n] != NULL)
		n++;
	while (changes != NULL && changes[more] != NULL)
		more++;
	env = mem_alloc((n + more + 1) * sizeof(*env));
	n = 0;
	for (char **p = environ; *p != NULL; p++) {
		bool keep = true;

		for (size_t i = 0; i < more; i++) {
			const size_t len = strcspn(changes[i], "=");

			keep = keep && (strncmp(*p, changes[i], len) != 0 ||
			    (*p)[len] != '=');
		}
		if (keep)
			env[n++] = *p;
	}
	for (size_t i = 0; i < more; i++)
		if (strchr(changes[i], '=') != NULL)
			env[n++] = (char *)(uintptr_t)changes[i];
	return env;
}

/* Between fork and exec. */
static void
become_command(const struct command *c, struct running *r, char **env)
{
	static const int signals[] = { SIGINT, SIGTERM, SIGHUP, SIGPIPE };
	const int null = open("/dev/null", O_RDWR);
	int error;

	for (size_t i = 0; i < sizeof(signals) / sizeof(signals[0]); i++)
		signal(signals[i], SIG_DFL);
	setpgid(0, 0);			/* its children end with it */
	dup2(null, STDIN_FILENO);
	dup2(c->out != NULL ? r->out[1] : null, STDOUT_FILENO);
	dup2(c->errors == NULL ? null : c->errors == c->out ? r->out[1] :
	    r->errors[1], STDERR_FILENO);
	environ = env;
	execvp(c->argv[0], (char *const *)(uintptr_t)c->argv);
	error = errno;
	if (write(r->failed[1], &error, sizeof(error)) == -1)
		_exit(127);
	_exit(127);
}

/* Takes what is there; the end closes it. */
static void
take_output(int *fd, struct buf *out)
{
	char piece[16384];
	const ssize_t n = read(*fd, piece, sizeof(piece));

	if (n > 0 && buf_add(out, piece, (size_t)n) == -1 &&
	    out->len < out->max)
		buf_add(out, piece, out->max - out->len);
	if (n == 0 || (n == -1 && errno != EINTR && errno != EAGAIN))
		close_end(fd);
}

static int
give_up(const struct command *c, struct running *r, enum err_code code,
    struct err *e)
{
	kill(-r->pid, SIGKILL);
	kill(r->pid, SIGKILL);		/* it may not have its group yet */
	return err_set(e, code, "%s: %s", c->argv[0], code == ERR_TIMEOUT ?
	    "does not end" : "stopped");
}

/* Until both ends are closed, which is when it ends, or gives them away. */
static int
read_output(const struct command *c, struct running *r, struct err *e)
{
	while (r->out[0] != -1 || r->errors[0] != -1) {
		struct pollfd p[] = { { r->out[0], POLLIN, 0 },
			{ r->errors[0], POLLIN, 0 } };
		const int left = clock_left_ms(c->deadline);

		if (stop_requested())
			return give_up(c, r, ERR_CANCELLED, e);
		if (left == 0)
			return give_up(c, r, ERR_TIMEOUT, e);
		if (poll(p, 2, left < TURN_MS ? left : TURN_MS) <= 0)
			continue;
		if (p[0].revents != 0)
			take_output(&r->out[0], c->out);
		if (p[1].revents != 0)
			take_output(&r->errors[0], c->errors);
	}
	return 0;
}

static int
wait_for_end(const struct command *c, struct running *r, int *status,
    struct err *e)
{
	int rc = 0, how;
	pid_t got;

	while ((got = waitpid(r->pid, &how, rc == 0 ? WNOHANG : 0)) !=
	    r->pid) {
		if (got == -1 && errno != EINTR)
			return err_sys(e, "%s", c->argv[0]);
		if (rc == 0 && stop_requested())
			rc = give_up(c, r, ERR_CANCELLED, e);
		else if (rc == 0 && clock_left_ms(c->deadline) == 0)
			rc = give_up(c, r, ERR_TIMEOUT, e);
		else if (rc == 0)
			clock_sleep_ms(1);
	}
	*status = WIFSIGNALED(how) ? SIGNALLED + WTERMSIG(how) :
	    WEXITSTATUS(how);
	return rc;
}

static int
could_not(const struct command *c, int error, struct err *e)
{
	errno = error;
	err_sys(e, "%s", c->argv[0]);
	return err_hint(e, "install it, or put its folder into PATH");
}

static int
start_command(const struct command *c, struct running *r, struct err *e)
{
	char **env = make_env(c->env);
	int error = 0;

	r->pid = fork();
	if (r->pid == 0)
		become_command(c, r, env);
	free(env);
	if (r->pid == -1)
		return err_sys(e, "a process for %s", c->argv[0]);
	close_end(&r->out[1]);
	close_end(&r->errors[1]);
	close_end(&r->failed[1]);
	/* exec closes it, so this does not wait for long. */
	while (read(r->failed[0], &error, sizeof(error)) == -1 &&
	    errno == EINTR)
		;
	return error == 0 ? 0 : could_not(c, error, e);
}

int
command_run(const struct command *c, int *status, struct err *e)
{
	struct running r = { .pid = -1, .out = { -1, -1 },
	    .errors = { -1, -1 }, .failed = { -1, -1 } };
	int rc = -1, ignored;
	struct err later;

	if (open_pipe(r.failed, e) == -1 ||
	    (c->out != NULL && open_pipe(r.out, e) == -1) ||
	    (c->errors != NULL && c->errors != c->out &&
	    open_pipe(r.errors, e) == -1))
		goto out;
	rc = start_command(c, &r, e);
	if (rc == 0)
		rc = read_output(c, &r, e);
	if (rc == 0)
		rc = wait_for_end(c, &r, status, e);
	else if (r.pid > 0)
		wait_for_end(c, &r, &ignored, &later);
out:
	for (size_t i = 0; i < 2; i++) {
		close_end(&r.out[i]);
		close_end(&r.errors[i]);
		close_end(&r.failed[i]);
	}
	return rc;
}

char *
command_beside(const char *name)
{
	char self[PATH_MAX], *path;
	const ssize_t n = readlink("/proc/self/exe", self, sizeof(self) - 1);

	if (n <= 0)
		return mem_str(name);
	self[n] = '\0';
	*(strrchr(self, '/') + 1) = '\0';
	path = mem_printf("%s%s", self, name);
	if (access(path, X_OK) == 0)
		return path;
	free(path);
	return mem_str(name);
}
