/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "front/impl.h"

#define CANNOT		126		/* as sh(1) has it: not to be run */

/* The stage itself, between fork and exec. */
static void
become_stage(const char *path, const struct front_stage *s, int in, int out,
    const struct front_start *how)
{
	char number[16];
	sigset_t none;

	setpgid(0, how->group);
	dup2(in, STDIN_FILENO);
	dup2(out, STDOUT_FILENO);
	if (how->errors != -1)
		dup2(how->errors, STDERR_FILENO);
	if (how->events != -1) {
		snprintf(number, sizeof(number), "%d", how->events);
		setenv("MPF_EVENTS_FD", number, 1);
		fcntl(how->events, F_SETFD, 0);
	}
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	signal(SIGPIPE, SIG_DFL);
	execv(path, s->args);
	_exit(CANNOT);
}

static int
start_stage(struct front_stage *s, int in, int out, struct front_start *how,
    struct err *e)
{
	char *path = front_find(s->tool, e);

	if (path == NULL)
		return -1;
	s->pid = fork();
	if (s->pid == 0)
		become_stage(path, s, in, out, how);
	free(path);
	if (s->pid == -1) {
		s->pid = 0;
		return err_sys(e, "a process for %s", s->tool);
	}
	if (how->group == 0)
		how->group = s->pid;
	setpgid(s->pid, how->group);	/* whoever of the two is first */
	return 0;
}

static void
close_fd(int fd)
{
	if (fd != -1)
		close(fd);
}

int
process_start(struct front_pipe *p, struct front_start *how, int *out,
    struct err *e)
{
	int in = how->in, fd[2], r = 0;

	*out = -1;
	for (size_t i = 0; i < p->n && r == 0; i++) {
		if (pipe(fd) == -1) {
			r = err_sys(e, "a pipe for %s", p->v[i].tool);
			break;
		}
		fcntl(fd[0], F_SETFD, FD_CLOEXEC);
		fcntl(fd[1], F_SETFD, FD_CLOEXEC);
		r = start_stage(&p->v[i], in, fd[1], how, e);
		close_fd(in);
		close(fd[1]);
		in = fd[0];
	}
	if (r == 0)
		*out = in;
	else
		close_fd(in);
	return r;
}

void
process_signal(struct front_pipe *p, int sig, bool all)
{
	for (size_t i = 0; i < p->n; i++)
		if (p->v[i].pid > 0 && (all || !p->v[i].keeps))
			kill(p->v[i].pid, sig);
}

void
process_wait(struct front_pipe *p)
{
	for (size_t i = 0; i < p->n; i++) {
		if (p->v[i].pid == 0)
			continue;
		while (waitpid(p->v[i].pid, &p->v[i].status, 0) == -1 &&
		    errno == EINTR)
			;
		p->v[i].pid = 0;
		p->v[i].ended = true;
	}
}

bool
process_died(const struct front_stage *s, struct buf *why)
{
	if (!s->ended)
		return false;
	if (WIFSIGNALED(s->status)) {
		buf_addf(why, "%s was ended by signal %d (%s)", s->tool,
		    WTERMSIG(s->status), strsignal(WTERMSIG(s->status)));
		return true;
	}
	if (WEXITSTATUS(s->status) <= 2)
		return false;
	buf_addf(why, "%s ended with status %d", s->tool,
	    WEXITSTATUS(s->status));
	return true;
}
