/* SPDX-License-Identifier: MIT */
#include "base/stop.h"

#include <errno.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tap.h"

/* How a process ended that ran fn: its status, or minus the signal. */
static int
run(int (*fn)(void))
{
	int status = 0;
	const pid_t pid = fork();

	if (pid == 0) {
		/* Whoever started this test may have it ignore signals. */
		signal(SIGINT, SIG_DFL);
		signal(SIGTERM, SIG_DFL);
		signal(SIGHUP, SIG_DFL);
		_exit(fn());
	}
	waitpid(pid, &status, 0);
	return WIFSIGNALED(status) ? -WTERMSIG(status) : WEXITSTATUS(status);
}

/* 42 when the signal only becomes a question. */
static int
first(int sig)
{
	stop_install();
	if (stop_requested())
		return 1;
	raise(sig);
	return stop_requested() ? 42 : 2;
}

static int
first_int(void)
{
	return first(SIGINT);
}

static int
first_term(void)
{
	return first(SIGTERM);
}

static int
first_hup(void)
{
	return first(SIGHUP);
}

/* Under nohup(1) it stays ignored. */
static int
ignored_hup(void)
{
	signal(SIGHUP, SIG_IGN);
	return first(SIGHUP);
}

/* The second ends the process, whichever of them it is. */
static int
second(void)
{
	first(SIGINT);
	raise(SIGTERM);
	return 3;
}

/* Held, any number of signals is but counted, until it is said to end. */
static int
hold(void)
{
	stop_hold();
	if (first(SIGINT) != 42 || stop_count() != 1)
		return 4;
	raise(SIGTERM);
	raise(SIGHUP);
	if (stop_count() != 2)
		return 5;
	stop_end();
	return 6;
}

/* Also where the signal is blocked just then. */
static int
hold_blocked(void)
{
	sigset_t set;

	first(SIGTERM);
	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigprocmask(SIG_BLOCK, &set, NULL);
	stop_end();
	return 7;
}

/* A reader that leaves is an error of write(2), no more. */
static int
no_reader(void)
{
	int p[2];

	stop_install();
	if (pipe(p) == -1)
		return 1;
	close(p[0]);
	return write(p[1], "x", 1) == -1 && errno == EPIPE ? 42 : 2;
}

/* Until that process sleeps, as in a read(2) that has to wait. */
static void
wait_asleep(pid_t pid)
{
	char path[64], text[256], state = 'R';
	FILE *f;

	snprintf(path, sizeof(path), "/proc/%ld/stat", (long)pid);
	while (state != 'S' && (f = fopen(path, "r")) != NULL) {
		if (fgets(text, sizeof(text), f) != NULL &&
		    strrchr(text, ')') != NULL)
			state = strrchr(text, ')')[2];
		fclose(f);
	}
}

/* read(2) returns, so that who waits for input can ask. */
static int
wakes_reader(void)
{
	int p[2];
	char c;

	stop_install();
	if (pipe(p) == -1)
		return 1;
	if (fork() == 0) {
		wait_asleep(getppid());
		kill(getppid(), SIGTERM);
		_exit(0);
	}
	while (!stop_requested())
		if (read(p[0], &c, 1) != -1 || errno != EINTR)
			return 2;
	return 42;
}

int
main(void)
{
	OK(!stop_requested());
	OK(run(first_int) == 42);
	OK(run(first_term) == 42);
	OK(run(first_hup) == 42);
	OK(run(ignored_hup) == 2);
	OK(run(second) == -SIGTERM);
	OK(run(hold) == -SIGHUP);
	OK(run(hold_blocked) == -SIGTERM);
	OK(run(no_reader) == 42);
	OK(run(wakes_reader) == 42);
	return tap_done();
}
