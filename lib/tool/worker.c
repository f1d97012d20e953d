/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE			/* ppoll, which is in POSIX.1-2024 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/file.h"
#include "base/mem.h"
#include "base/stop.h"
#include "tool/run.h"

/*
 * A worker tells its parent in events, as a tool tells a front door; its last
 * line is the record.
 */
#define HEARD_MAX	(4u * STREAM_LINE_MAX)

#ifdef MPF_COV
void	__gcov_dump(void);
#endif

/* Leaves, without what the parent has to do at its end. */
static void
leave_worker(int status)
{
#ifdef MPF_COV
	__gcov_dump();
#endif
	_exit(status);
}

/* Of the parent's, the child keeps standard error and its own pipe. */
static void
let_go_parent(struct tool_run *run)
{
	int null = open("/dev/null", O_RDWR);

	for (struct job *j = run->first; j != NULL; j = j->next)
		if (j->fd != -1)
			close(j->fd);
	dup2(null, STDIN_FILENO);
	dup2(null, STDOUT_FILENO);
	if (null > STDERR_FILENO)
		close(null);
}

static void
message_of_worker(const struct log_message *m, void *ctx)
{
	struct job *j = ctx;

	run_message(j->run, j, m);
}

static void
child(struct job *j, int fd)
{
	const struct tool *t = j->run->t;
	struct buf line = BUF_INIT;
	struct err e = ERR_INIT;

	let_go_parent(j->run);
	j->run->events_fd = fd;		/* the terminal is the parent's */
	j->run->bars = 0;
	log_to(message_of_worker, j);
	if (t->filter(j->rec, t->ctx, &e) == -1)
		record_fail(j->rec, run_verb(t), &e);
	record_dump(j->rec, &line);
	buf_addc(&line, '\n');
	leave_worker(file_write_all(fd, line.data, line.len, "pipe", &e) == -1);
}

int
worker_start(struct job *j, struct err *e)
{
	int fd[2];

	if (pipe(fd) == -1)
		return err_sys(e, "a pipe for a worker");
	fcntl(fd[0], F_SETFD, FD_CLOEXEC);
	fcntl(fd[1], F_SETFD, FD_CLOEXEC);
	fflush(NULL);			/* or both of us would write it */
	j->pid = fork();
	if (j->pid == 0) {
		close(fd[0]);
		child(j, fd[1]);
	}
	close(fd[1]);
	if (j->pid == -1) {
		err_sys(e, "a process for a worker");
		close(fd[0]);
		return -1;
	}
	j->fd = fd[0];
	return 0;
}

/* The code of that name; ERR_NONE if it is missing. */
static enum err_code
code_by_name(const char *name)
{
	for (int c = ERR_NONE + 1; name != NULL && c < ERR__COUNT; c++)
		if (strcmp(err_name((enum err_code)c), name) == 0)
			return (enum err_code)c;
	return ERR_NONE;
}

static void
hear_job_message(struct job *j, const struct event *ev)
{
	run_message(j->run, j, &(struct log_message){ ev->message,
	    ev->hint != NULL ? ev->hint : "", code_by_name(ev->code) });
}

static void
hear_job_event(struct job *j, const struct record *line)
{
	struct event ev;

	if (!event_read(line, &ev))
		return;
	if (strcmp(ev.what, "progress") == 0 && ev.step != NULL)
		progress_note(j, ev.step, ev.done < 0 ? 0 : ev.done,
		    ev.total < 0 ? 0 : ev.total,
		    ev.unit != NULL ? ev.unit : "");
	else if (strcmp(ev.what, "message") == 0 && ev.message != NULL)
		hear_job_message(j, &ev);
	else if (strcmp(ev.what, "ask") == 0 && ev.message != NULL)
		progress_ask(j, ev.message);
}

/* True: it was the record. */
static bool
hear_line(struct job *j, const char *s, size_t n)
{
	struct record *rec;
	struct err e;

	if (record_parse(s, n, &rec, &e) == -1)
		return false;
	if (!record_ours(rec)) {
		hear_job_event(j, rec);
		record_free(rec);
		return false;
	}
	record_free(j->rec);
	j->rec = rec;
	record_attach(rec, j);
	return true;
}

/* All whole lines heard; true when the record was among them. */
static bool
hear_job(struct job *j)
{
	const char *p = j->heard.data, *nl;
	size_t left = j->heard.len, n;
	bool whole = false;

	while ((nl = memchr(p, '\n', left)) != NULL) {
		n = (size_t)(nl - p);
		whole = hear_line(j, p, n) || whole;
		p = nl + 1;
		left -= n + 1;
	}
	buf_drop(&j->heard, j->heard.len - left);
	return whole;
}

/* What the record says its worker failed with, for the message. */
static void
said_error(const struct record *rec, struct err *e)
{
	const char *said = record_str(rec, "error.message");
	const char *hint = record_str(rec, "error.hint");

	if (said != NULL)
		err_set(e, code_by_name(record_str(rec, "error.code")), "%s",
		    said);
	if (hint != NULL)
		err_hint(e, "%s", hint);
}

static void
crashed(int status, struct err *e)
{
	const bool killed = WIFSIGNALED(status) &&
	    WTERMSIG(status) == SIGKILL;

	if (WIFSIGNALED(status))
		err_set(e, ERR_INTERNAL, "the process that worked on it was "
		    "ended by signal %d (%s)", WTERMSIG(status),
		    strsignal(WTERMSIG(status)));
	else
		err_set(e, ERR_INTERNAL, "the process that worked on it ended "
		    "with status %d and no result", WEXITSTATUS(status));
	err_hint(e, killed ? "it was killed, or memory ran out: run the whole "
	    "pipe again" :
	    "this is a fault of the program: please report it");
}

/* The worker has closed its pipe. */
static void
gone(struct job *j, bool whole)
{
	struct err e = ERR_INIT;
	int status = 0;

	close(j->fd);
	j->fd = -1;
	while (waitpid(j->pid, &status, 0) == -1 && errno == EINTR)
		;
	j->pid = 0;
	if (!whole) {
		crashed(status, &e);
		run_done(j, &e);
		return;
	}
	if (record_failed(j->rec)) {
		said_error(j->rec, &e);
		run_say(j->run, j, &e);
	}
	run_done(j, NULL);
}

static void
listen_to(struct job *j)
{
	char bytes[65536];
	ssize_t n;

	n = read(j->fd, bytes, sizeof(bytes));
	if (n == -1 && (errno == EINTR || errno == EAGAIN))
		return;
	if (n > 0 && j->heard.len + (size_t)n <= HEARD_MAX) {
		buf_add(&j->heard, bytes, (size_t)n);
		j->whole = hear_job(j) || j->whole;
		return;
	}
	if (n > 0)
		kill(j->pid, SIGKILL);
	gone(j, j->whole);
}

static void
tell_workers(const struct tool_run *run, int sig)
{
	for (const struct job *j = run->first; j != NULL; j = j->next)
		if (j->pid > 0)
			kill(j->pid, sig);
}

/*
 * A first signal goes on to the workers, who finish their block; a second
 * one ends them and us.  True if there is something new to do.
 */
static bool
signals(struct tool_run *run)
{
	if (stop_count() > 1) {
		tell_workers(run, SIGKILL);
		while (wait(NULL) > 0)
			;
		run_end_now(run);
	}
	if (stop_count() == 0 || run->told)
		return false;
	tell_workers(run, SIGTERM);
	run->told = true;
	return true;
}

static nfds_t
watch_jobs(const struct tool_run *run, bool want_input, struct pollfd *p)
{
	nfds_t n = 0;

	p[n++] = (struct pollfd){ want_input ? run->in.fd : -1, POLLIN, 0 };
	for (const struct job *j = run->first; j != NULL; j = j->next)
		if (j->fd != -1)
			p[n++] = (struct pollfd){ j->fd, POLLIN, 0 };
	return n;
}

static void
block_signals(sigset_t *old)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGHUP);
	sigprocmask(SIG_BLOCK, &set, old);
}

int
worker_wait(struct tool_run *run, bool want_input, struct err *e)
{
	struct pollfd *p = mem_alloc((run->n_running + 1) * sizeof(*p));
	const int ms = progress_show(run);
	const struct timespec ts = { ms / 1000, (long)(ms % 1000) * 1000000 };
	struct job *j, *next;
	sigset_t old;
	nfds_t n;
	int r = 0, ready = 0;

	n = watch_jobs(run, want_input, p);
	block_signals(&old);		/* so that none slips in before ppoll */
	if (!signals(run))
		ready = ppoll(p, n, ms < 0 ? NULL : &ts, &old);
	sigprocmask(SIG_SETMASK, &old, NULL);
	if (ready > 0) {
		n = 1;
		for (j = run->first; j != NULL; j = next) {
			next = j->next;
			if (j->fd != -1 && p[n++].revents != 0)
				listen_to(j);
		}
		if (p[0].revents != 0)
			r = stream_fill(&run->in, e);
	}
	free(p);
	return r;
}
