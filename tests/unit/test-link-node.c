/* SPDX-License-Identifier: MIT */
/* A port that was plugged in a moment ago. */
#include "link/node.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/clock.h"
#include "tap.h"

static char name[64];			/* of the pty that plays the port */
static int calls, shut, eno;		/* the first calls fail with eno */

int
open(const char *path, int flags, ...)
{
	mode_t mode = 0;
	va_list ap;

	va_start(ap, flags);
	if ((flags & O_CREAT) != 0)
		mode = va_arg(ap, mode_t);
	va_end(ap);
	if (strcmp(path, name) == 0 && calls++ < shut)
		return errno = eno, -1;
	return (int)syscall(SYS_openat, AT_FDCWD, path, flags, mode);
}

/* Opens it, as many ms after it came: 0, or the error. */
static enum err_code
open_after(int64_t ms, int fails, int with)
{
	struct err e = ERR_INIT;
	struct stat st;
	int fd;

	OK(stat(name, &st) == 0);
	clock_fake(st.st_ctime * (int64_t)1000 + ms);
	calls = 0;
	shut = fails;
	eno = with;
	if (node_open(name, &fd, &st, &e) == -1)
		return e.code;
	OK(S_ISCHR(st.st_mode) && close(fd) == 0);
	return ERR_NONE;
}

static void
test_new(void)
{
	OK(open_after(0, 0, 0) == ERR_NONE && calls == 1);
	OK(open_after(0, 3, EACCES) == ERR_NONE && calls == 4);
	OK(open_after(0, 3, EBUSY) == ERR_NONE && calls == 4);
	OK(open_after(1900, 9, EACCES) == ERR_NONE && calls == 10);
	/* For so long, and not for ever. */
	OK(open_after(0, 1000, EACCES) == ERR_PERMISSION && calls == 61);
	OK(open_after(0, 1000, EBUSY) == ERR_BUSY && calls == 61);
	/* What time does not mend. */
	OK(open_after(0, 1, ENOENT) == ERR_NOT_FOUND && calls == 1);
	OK(open_after(0, 1, ENXIO) == ERR_NOT_FOUND && calls == 1);
}

/* It was there before; or the clock was wrong as it came. */
static void
test_old(void)
{
	OK(open_after(3000, 1, EACCES) == ERR_PERMISSION && calls == 1);
	OK(open_after(60000, 1, EBUSY) == ERR_BUSY && calls == 1);
	OK(open_after(-60000, 1, EACCES) == ERR_PERMISSION && calls == 1);
}

int
main(void)
{
	const int dev = posix_openpt(O_RDWR | O_NOCTTY);

	if (dev == -1 || grantpt(dev) == -1 || unlockpt(dev) == -1) {
		perror("pty");
		return 1;
	}
	snprintf(name, sizeof(name), "%s", ptsname(dev));
	test_new();
	test_old();
	close(dev);
	return tap_done();
}
