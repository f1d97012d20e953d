/* SPDX-License-Identifier: MIT */

/*
 * took [-n TIMES] [-i INPUT] [-o OUTPUT] COMMAND [ARGUMENT...]
 *
 * Runs the command that many times (1), one after the other, and prints the
 * median and the least wall time in microseconds, the most memory that one of
 * its processes had in kB, and the exit status of the last run:
 *
 *	4213 3980 5120 0
 *
 * Standard input and output are /dev/null unless said otherwise.  The memory
 * is ru_maxrss of wait4(2): of the process itself or of the largest child that
 * it waited for.  A child starts with its parent's peak, so this program is
 * one that has hardly any.
 */
#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define TIMES_MAX	10000

extern char **environ;

struct run {
	const char	*in, *out;
	char		**argv;
	long		 us[TIMES_MAX];
	long		 peak_kb;
	int		 status;	/* as a shell has it */
};

static int
complain(const char *what, int why)
{
	fprintf(stderr, "took: %s: %s\n", what, strerror(why));
	return -1;
}

static int
start(const struct run *r, pid_t *pid)
{
	posix_spawn_file_actions_t fa;
	int why;

	posix_spawn_file_actions_init(&fa);
	why = posix_spawn_file_actions_addopen(&fa, STDIN_FILENO, r->in,
	    O_RDONLY, 0);
	if (why == 0)
		why = posix_spawn_file_actions_addopen(&fa, STDOUT_FILENO,
		    r->out, O_WRONLY | O_CREAT | O_TRUNC, 0666);
	if (why == 0)
		why = posix_spawnp(pid, r->argv[0], &fa, NULL, r->argv,
		    environ);
	posix_spawn_file_actions_destroy(&fa);
	return why == 0 ? 0 : complain(r->argv[0], why);
}

static int
once(struct run *r, long *us)
{
	struct timespec from, to;
	struct rusage used;
	int status;
	pid_t pid;

	clock_gettime(CLOCK_MONOTONIC, &from);
	if (start(r, &pid) == -1)
		return -1;
	while (wait4(pid, &status, 0, &used) == -1)
		if (errno != EINTR)
			return complain(r->argv[0], errno);
	clock_gettime(CLOCK_MONOTONIC, &to);
	*us = (to.tv_sec - from.tv_sec) * 1000000 +
	    (to.tv_nsec - from.tv_nsec) / 1000;
	if (used.ru_maxrss > r->peak_kb)
		r->peak_kb = used.ru_maxrss;
	r->status = WIFSIGNALED(status) ? 128 + WTERMSIG(status) :
	    WEXITSTATUS(status);
	return 0;
}

static int
by_value(const void *a, const void *b)
{
	const long x = *(const long *)a, y = *(const long *)b;

	return (x > y) - (x < y);
}

static int
usage(void)
{
	fputs("usage: took [-n TIMES] [-i INPUT] [-o OUTPUT] COMMAND...\n",
	    stderr);
	return 2;
}

int
main(int argc, char *argv[])
{
	static struct run r = { .in = "/dev/null", .out = "/dev/null" };
	long times = 1;
	int c;

	while ((c = getopt(argc, argv, "+i:n:o:")) != -1) {
		if (c == 'i')
			r.in = optarg;
		else if (c == 'o')
			r.out = optarg;
		else if (c == 'n')
			times = strtol(optarg, NULL, 10);
		else
			return usage();
	}
	if (optind == argc || times < 1 || times > TIMES_MAX)
		return usage();
	r.argv = argv + optind;
	for (long i = 0; i < times; i++)
		if (once(&r, &r.us[i]) == -1)
			return 2;
	qsort(r.us, (size_t)times, sizeof(r.us[0]), by_value);
	printf("%ld %ld %ld %d\n", r.us[times / 2], r.us[0], r.peak_kb,
	    r.status);
	return 0;
}
