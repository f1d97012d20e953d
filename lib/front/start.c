/* SPDX-License-Identifier: MIT */
#include <fcntl.h>
#include <unistd.h>

#include "front/flow.h"

void
flow_close(int *fd)
{
	if (*fd != -1)
		close(*fd);
	*fd = -1;
}

static int
tell_pipe(int fd[2], const char *what, struct err *e)
{
	if (pipe(fd) == -1)
		return err_sys(e, "a pipe for %s", what);
	fcntl(fd[0], F_SETFD, FD_CLOEXEC);
	fcntl(fd[1], F_SETFD, FD_CLOEXEC);
	fcntl(fd[0], F_SETFL, O_NONBLOCK);
	return 0;
}

/* The end that the first stage reads, and in *in ours. */
static int
open_input(bool used, int *in, int *theirs, struct err *e)
{
	int fd[2];

	if (pipe(fd) == -1)
		return err_sys(e, "a pipe");
	fcntl(fd[0], F_SETFD, FD_CLOEXEC);
	fcntl(fd[1], F_SETFD, FD_CLOEXEC);
	fcntl(fd[1], F_SETFL, O_NONBLOCK);
	*theirs = fd[0];
	if (used)
		*in = fd[1];
	else
		close(fd[1]);		/* there is nothing to be read */
	return 0;
}

int
flow_start(struct flow *w, bool given, struct err *e)
{
	int ev[2] = { -1, -1 }, er[2] = { -1, -1 }, r = -1;
	struct front_start how;

	if (w->f->events_fd == -1 && tell_pipe(ev, "events", e) == -1)
		return -1;
	if (w->screen.on && tell_pipe(er, "messages", e) == -1)
		goto out;
	how = (struct front_start){ .events = ev[1] != -1 ? ev[1] :
	    w->f->events_fd, .errors = er[1] };
	for (size_t i = 0; i < w->n; i++) {
		struct run_pipe *p = &w->pipes[i];

		if (open_input(i > 0 || given, &p->in, &how.in, e) == -1 ||
		    process_start(p->p, &how, &p->out, e) == -1)
			goto out;
		p->from.fd = p->out;
		w->group = how.group;
	}
	r = 0;
out:
	flow_close(&ev[1]);
	flow_close(&er[1]);
	w->events = ev[0];
	w->errors = er[0];
	return r;
}
