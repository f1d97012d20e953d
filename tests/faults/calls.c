/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE		/* O_DIRECT */

#include "calls.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <unistd.h>

enum call { C_OPEN, C_READ, C_WRITE, C_CLOSE, C_FSYNC, C_RENAME, C_MKDIR,
    C_UNLINK, C_FLOCK, C_FSTAT, C_STAT, C_LSTAT, C_LSEEK, C_OPENDIR,
    C_READDIR, C_PREAD, C_PWRITE, C_FTRUNCATE, C_FCHMOD, CALLS };

const char *const call_names[] = { "open", "read", "write", "close", "fsync",
    "rename", "mkdir", "unlink", "flock", "fstat", "stat", "lstat", "lseek",
    "opendir", "readdir", "pread", "pwrite", "ftruncate", "fchmod", NULL };

static struct {
	bool		 armed;
	unsigned	 made[CALLS];
	enum call	 call;		/* that fails */
	unsigned	 nth;		/* 0: none does */
	int		 error;
	char		 moved[256];	/* FILE, which is FILE.before now */
} state;

static enum call
find(const char *name)
{
	enum call c = C_OPEN;

	while (c < CALLS && strcmp(call_names[c], name) != 0)
		c++;
	return c;
}

void
calls_reset(void)
{
	memset(&state, 0, sizeof(state));
}

void
calls_fail(const char *name, unsigned nth, int error)
{
	state.call = find(name);
	state.nth = nth;
	state.error = error;
}

unsigned
calls_made(const char *name)
{
	const enum call c = find(name);

	return c < CALLS ? state.made[c] : 0;
}

/* Does this call fail?  Then errno says how; *n is halved for a short one. */
static bool
fails(enum call c, size_t *n)
{
	if (!state.armed)
		return false;
	state.made[c]++;
	if (state.nth == 0 || c != state.call || state.made[c] != state.nth)
		return false;
	if (state.error < 0) {
		if (state.error == CALL_SHORT && n != NULL)
			*n = (*n + 1) / 2;
		return false;
	}
	errno = state.error;
	return true;
}

/* A call that takes what it takes, and gives -1 where it fails. */
#define WRAP(type, name, call, params, args)				\
	type	__real_##name params;					\
	type	__wrap_##name params;					\
	type								\
	__wrap_##name params						\
	{								\
		return fails(call, NULL) ? (type)-1 :			\
		    __real_##name args;					\
	}

/* The same, of n bytes, of which fewer may go. */
#define WRAP_N(name, call, params, args)				\
	ssize_t	__real_##name params;					\
	ssize_t	__wrap_##name params;					\
	ssize_t								\
	__wrap_##name params						\
	{								\
		return fails(call, &n) ? -1 : __real_##name args;	\
	}

WRAP_N(read, C_READ, (int fd, void *p, size_t n), (fd, p, n))
WRAP_N(write, C_WRITE, (int fd, const void *p, size_t n), (fd, p, n))
WRAP_N(pread, C_PREAD, (int fd, void *p, size_t n, off_t at), (fd, p, n, at))
WRAP_N(pwrite, C_PWRITE, (int fd, const void *p, size_t n, off_t at),
    (fd, p, n, at))
WRAP(int, rename, C_RENAME, (const char *a, const char *b), (a, b))
WRAP(int, mkdir, C_MKDIR, (const char *path, mode_t mode), (path, mode))
WRAP(int, mkdirat, C_MKDIR, (int dir, const char *path, mode_t mode),
    (dir, path, mode))
WRAP(int, unlink, C_UNLINK, (const char *path), (path))
WRAP(int, flock, C_FLOCK, (int fd, int how), (fd, how))
WRAP(int, fstat, C_FSTAT, (int fd, struct stat *st), (fd, st))
WRAP(int, stat, C_STAT, (const char *path, struct stat *st), (path, st))
WRAP(int, lstat, C_LSTAT, (const char *path, struct stat *st), (path, st))
WRAP(off_t, lseek, C_LSEEK, (int fd, off_t at, int how), (fd, at, how))
WRAP(int, ftruncate, C_FTRUNCATE, (int fd, off_t n), (fd, n))
WRAP(int, fchmod, C_FCHMOD, (int fd, mode_t mode), (fd, mode))

int	__real_open(const char *path, int flags, ...);
int	__wrap_open(const char *path, int flags, ...);
int	__real_openat(int dir, const char *path, int flags, ...);
int	__wrap_openat(int dir, const char *path, int flags, ...);
int	__real_close(int fd);
int	__wrap_close(int fd);
int	__wrap_fsync(int fd);
DIR	*__real_opendir(const char *path);
DIR	*__wrap_opendir(const char *path);
struct dirent	*__real_readdir(DIR *d);
struct dirent	*__wrap_readdir(DIR *d);

/* What another process did is over. */
static void
undo_turn(void)
{
	char before[sizeof(state.moved) + 8];

	if (state.moved[0] == '\0')
		return;
	snprintf(before, sizeof(before), "%s.before", state.moved);
	__real_rename(before, state.moved);
	state.moved[0] = '\0';
}

void
calls_arm(bool on)
{
	state.armed = on;
	if (!on)
		undo_turn();
}

/* Before the call that is state.nth by now. */
static void
others_turn(const char *path, int flags)
{
	char before[sizeof(state.moved) + 8];
	struct stat st;
	const bool there = __real_lstat(path, &st) == 0;

	if (state.error == CALL_FIFO && there && S_ISREG(st.st_mode) &&
	    strlen(path) < sizeof(state.moved)) {
		snprintf(state.moved, sizeof(state.moved), "%s", path);
		snprintf(before, sizeof(before), "%s.before", path);
		__real_rename(path, before);
		mkfifo(path, 0644);
	} else if (state.error == CALL_TAKEN && !there &&
	    (flags & O_CREAT) != 0) {
		__real_close(__real_open(path, O_WRONLY | O_CREAT | O_CLOEXEC,
		    0644));
	}
}

static bool
is_others_turn(void)
{
	return state.armed && state.nth > 0 && state.call == C_OPEN &&
	    state.error < CALL_SHORT && state.made[C_OPEN] == state.nth;
}

/* The path of a name in a folder that is open. */
static void
full_path(int dir, const char *name, char out[2 * PATH_MAX])
{
	char link[32];
	ssize_t n = 0;

	if (dir != AT_FDCWD && name[0] != '/') {
		snprintf(link, sizeof(link), "/proc/self/fd/%d", dir);
		n = readlink(link, out, PATH_MAX - 1);
	}
	snprintf(out + (n > 0 ? n : 0), PATH_MAX, n > 0 ? "/%s" : "%s", name);
}

/* The disk need not be waited for here: nobody pulls the plug. */
static int
open_at(int dir, const char *path, int flags, mode_t mode)
{
	char full[2 * PATH_MAX];

	if (fails(C_OPEN, NULL))
		return -1;
	if (is_others_turn()) {
		full_path(dir, path, full);
		others_turn(full, flags);
	}
	return __real_openat(dir, path, flags & ~(O_SYNC | O_DSYNC | O_DIRECT),
	    mode);
}

int
__wrap_open(const char *path, int flags, ...)
{
	va_list ap;
	mode_t mode;

	va_start(ap, flags);
	mode = (flags & O_CREAT) != 0 ? va_arg(ap, mode_t) : 0;
	va_end(ap);
	return open_at(AT_FDCWD, path, flags, mode);
}

int
__wrap_openat(int dir, const char *path, int flags, ...)
{
	va_list ap;
	mode_t mode;

	va_start(ap, flags);
	mode = (flags & O_CREAT) != 0 ? va_arg(ap, mode_t) : 0;
	va_end(ap);
	return open_at(dir, path, flags, mode);
}

int
__wrap_fsync(int fd)
{
	(void)fd;
	return fails(C_FSYNC, NULL) ? -1 : 0;
}

/* Linux closes it in any case. */
int
__wrap_close(int fd)
{
	const bool failed = fails(C_CLOSE, NULL);
	const int eno = errno;
	const int r = __real_close(fd);

	if (!failed)
		return r;
	errno = eno;
	return -1;
}

DIR *
__wrap_opendir(const char *path)
{
	return fails(C_OPENDIR, NULL) ? NULL : __real_opendir(path);
}

struct dirent *
__wrap_readdir(DIR *d)
{
	return fails(C_READDIR, NULL) ? NULL : __real_readdir(d);
}
