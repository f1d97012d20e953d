/* SPDX-License-Identifier: MIT */

/*
 * tap-stdout: loaded into every process of a test run by LD_PRELOAD.  What a
 * program named mpf... writes to standard output goes on as ever, and as a
 * copy to $MPF_EMITTED/NAME.PID, for tests/schema/check.
 *
 * The tools write each record with one write(2) of their own, so these two
 * functions see them all; what comes from stdio (tables, --help) does not
 * pass here, and does not matter here.
 */

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/uio.h>
#include <unistd.h>

static ssize_t (*real_write)(int, const void *, size_t);
static ssize_t (*real_writev)(int, const struct iovec *, int);
static pid_t opened_by;
static int copy = -1;

/* Which test it was, so that a finding can be traced. */
static void
write_origin(void)
{
	const char *file = getenv("BATS_TEST_FILENAME");
	const char *what = getenv("BATS_TEST_NAME");
	char line[8192];
	int n;

	n = snprintf(line, sizeof(line), "# %.4000s: %.4000s\n",
	    file != NULL ? file : "?", what != NULL ? what : "?");
	(void)!real_write(copy, line, (size_t)n);
}

/* A process that was forked has a file of its own. */
static int
copy_fd(void)
{
	const char *name = program_invocation_short_name;
	const char *dir = getenv("MPF_EMITTED");
	char path[4096];

	if (dir == NULL || strncmp(name, "mpf", 3) != 0)
		return -1;
	if (opened_by == getpid())
		return copy;
	if (opened_by != 0 && copy != -1)
		close(copy);
	opened_by = getpid();
	snprintf(path, sizeof(path), "%s/%s.%ld", dir, name, (long)opened_by);
	copy = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
	if (copy == -1) {
		perror(path);
		abort();	/* a check that sees nothing must not pass */
	}
	write_origin();
	return copy;
}

static void
add(const char *p, size_t n)
{
	const int eno = errno;
	const int fd = copy_fd();

	if (fd != -1 && real_write(fd, p, n) != (ssize_t)n)
		abort();
	errno = eno;
}

__attribute__((constructor)) static void
find_real(void)
{
	*(void **)&real_write = dlsym(RTLD_NEXT, "write");
	*(void **)&real_writev = dlsym(RTLD_NEXT, "writev");
}

ssize_t
write(int fd, const void *p, size_t n)
{
	ssize_t r;

	if (real_write == NULL)
		find_real();	/* somebody else's constructor writes */
	r = real_write(fd, p, n);
	if (fd == STDOUT_FILENO && r > 0)
		add(p, (size_t)r);
	return r;
}

ssize_t
writev(int fd, const struct iovec *iov, int count)
{
	ssize_t r, left;

	if (real_writev == NULL)
		find_real();
	r = left = real_writev(fd, iov, count);
	for (int i = 0; fd == STDOUT_FILENO && i < count && left > 0; i++) {
		const size_t n = iov[i].iov_len < (size_t)left ?
		    iov[i].iov_len : (size_t)left;

		add(iov[i].iov_base, n);
		left -= (ssize_t)n;
	}
	return r;
}
