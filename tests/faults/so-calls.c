/* SPDX-License-Identifier: MIT */

/*
 * so-calls: loaded into the tools by LD_PRELOAD, makes one system call fail,
 * whoever makes it: the tools or a library of theirs.
 *
 *	MPF_FAIL=NAME:NTH:ERRNO		ERRNO -1: half of the bytes; -9: all
 *					processes of the group are killed
 *	MPF_FAIL_HIT=FILE		is made when it has failed
 *	MPF_CALLS=FILE			"NAME COUNT" for each, at the end
 *
 * Some names are not of calls that fail, but of what another process does just
 * before a file is opened by its name; they count such files under MPF_UNDER
 * alone, but not in its sysfs, so that the system's own stay as they are:
 *
 *	fifo	puts a fifo in the place of a regular file
 *	taken	makes the file that is to be made, and has another owner
 *	swap	puts another drive in the place of the one that has the file
 *
 * What was there is FILE.before, or DRIVE.before, afterwards.
 *
 * Counts go on in a process that was forked.  Programs that are not named
 * mpf-... are left alone, and so is mpf-sim, which is the board.
 */

#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#define SHORT	(-1)
#define KILLED	(-9)

/* The calls, in the order of names. */
enum call { C_OPEN, C_READ, C_WRITE, C_CLOSE, C_FSYNC, C_RENAME, C_MKDIR,
    C_UNLINK, C_FLOCK, C_FSTAT, C_STAT, C_LSEEK, C_OPENDIR, C_FTRUNCATE,
    C_FORK, C_WAITPID, C_IOCTL, C_TCSETATTR, C_STATFS, C_GETRANDOM, C_PIPE,
    C_FCNTL, C_LINK, C_FIFO, C_TAKEN, C_SWAP, CALLS };

static const char *const names[CALLS] = { "open", "read", "write", "close",
    "fsync", "rename", "mkdir", "unlink", "flock", "fstat", "stat", "lseek",
    "opendir", "ftruncate", "fork", "waitpid", "ioctl", "tcsetattr", "statfs",
    "getrandom", "pipe", "fcntl", "link", "fifo", "taken", "swap" };

static long made[CALLS];
static bool ready, ours;
static enum call fails = CALLS;
static long nth, error;

static void
read_order(void)
{
	const char *name = program_invocation_short_name;
	const char *order = getenv("MPF_FAIL"), *colon;
	char *end;

	ready = true;
	ours = strncmp(name, "mpf-", 4) == 0 && strcmp(name, "mpf-sim") != 0;
	colon = order != NULL ? strchr(order, ':') : NULL;
	if (colon == NULL)
		return;
	nth = strtol(colon + 1, &end, 10);
	if (*end != ':')
		abort();
	error = strtol(end + 1, NULL, 10);
	for (fails = C_OPEN; fails < CALLS; fails++)
		if (strlen(names[fails]) == (size_t)(colon - order) &&
		    strncmp(names[fails], order, strlen(names[fails])) == 0)
			break;
}

/* Past the wrappers below. */
static void
note(const char *variable, const char *text)
{
	const char *path = getenv(variable);
	int fd;

	if (path == NULL)
		return;
	fd = (int)syscall(SYS_openat, AT_FDCWD, path,
	    O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
	if (fd == -1)
		return;
	syscall(SYS_write, fd, text, strlen(text));
	syscall(SYS_close, fd);
}

/* Does this call fail?  Then errno says how; *n is halved for a short one. */
static bool
fail(enum call c, size_t *n)
{
	if (!ready)
		read_order();
	if (!ours || ++made[c] != nth || c != fails)
		return false;
	note("MPF_FAIL_HIT", "hit\n");
	if (error == KILLED)
		kill(0, SIGKILL);
	if (error == SHORT) {
		if (n != NULL)
			*n = (*n + 1) / 2;
		return false;
	}
	errno = (int)error;
	return true;
}

static void
tell_counts(void)
{
	char text[64];

	if (!ours)
		return;
	for (size_t i = 0; i < CALLS; i++) {
		snprintf(text, sizeof(text), "%s %ld\n", names[i], made[i]);
		note("MPF_CALLS", text);
	}
}

__attribute__((destructor)) static void
at_exit(void)
{
	tell_counts();
}

/* The function of that name in the next library. */
static void *
next(const char *name)
{
	void *p = dlsym(RTLD_NEXT, name);

	if (p == NULL)
		abort();
	return p;
}

/*
 * A function that fails with what.  NEXT keeps the next library's in a
 * variable of its own.
 */
#define NEXT(type, name, params)					\
	static type (*f) params;					\
	if (f == NULL)							\
		*(void **)&f = next(#name)
#define CALL(type, name, call, what, n, params, args)			\
	type name params						\
	{								\
		NEXT(type, name, params);				\
		return fail(call, n) ? what : f args;			\
	}

CALL(ssize_t, read, C_READ, -1, &n, (int fd, void *p, size_t n), (fd, p, n))
CALL(ssize_t, write, C_WRITE, -1, &n, (int fd, const void *p, size_t n),
    (fd, p, n))
CALL(ssize_t, pread, C_READ, -1, &n, (int fd, void *p, size_t n, off_t at),
    (fd, p, n, at))
CALL(ssize_t, pread64, C_READ, -1, &n, (int fd, void *p, size_t n,
    off64_t at), (fd, p, n, at))
CALL(ssize_t, pwrite, C_WRITE, -1, &n, (int fd, const void *p, size_t n,
    off_t at), (fd, p, n, at))
CALL(ssize_t, pwrite64, C_WRITE, -1, &n, (int fd, const void *p, size_t n,
    off64_t at), (fd, p, n, at))
CALL(int, fsync, C_FSYNC, -1, NULL, (int fd), (fd))
CALL(int, fdatasync, C_FSYNC, -1, NULL, (int fd), (fd))
CALL(int, rename, C_RENAME, -1, NULL, (const char *a, const char *b), (a, b))
CALL(int, mkdir, C_MKDIR, -1, NULL, (const char *path, mode_t mode),
    (path, mode))
CALL(int, unlink, C_UNLINK, -1, NULL, (const char *path), (path))
CALL(int, link, C_LINK, -1, NULL, (const char *a, const char *b), (a, b))
CALL(int, flock, C_FLOCK, -1, NULL, (int fd, int how), (fd, how))
CALL(int, fstat, C_FSTAT, -1, NULL, (int fd, struct stat *st), (fd, st))
CALL(int, fstat64, C_FSTAT, -1, NULL, (int fd, struct stat64 *st), (fd, st))
CALL(int, stat, C_STAT, -1, NULL, (const char *path, struct stat *st),
    (path, st))
CALL(int, stat64, C_STAT, -1, NULL, (const char *path, struct stat64 *st),
    (path, st))
CALL(int, lstat, C_STAT, -1, NULL, (const char *path, struct stat *st),
    (path, st))
CALL(off_t, lseek, C_LSEEK, -1, NULL, (int fd, off_t at, int how),
    (fd, at, how))
CALL(int, ftruncate, C_FTRUNCATE, -1, NULL, (int fd, off_t n), (fd, n))
CALL(int, ftruncate64, C_FTRUNCATE, -1, NULL, (int fd, off64_t n), (fd, n))
CALL(DIR *, opendir, C_OPENDIR, NULL, NULL, (const char *path), (path))
CALL(pid_t, fork, C_FORK, -1, NULL, (void), ())
CALL(pid_t, waitpid, C_WAITPID, -1, NULL, (pid_t pid, int *status, int how),
    (pid, status, how))
CALL(int, tcsetattr, C_TCSETATTR, -1, NULL, (int fd, int when,
    const struct termios *t), (fd, when, t))
CALL(int, statfs, C_STATFS, -1, NULL, (const char *path, struct statfs *st),
    (path, st))
CALL(ssize_t, getrandom, C_GETRANDOM, -1, &n, (void *p, size_t n,
    unsigned how), (p, n, how))
CALL(int, pipe, C_PIPE, -1, NULL, (int fds[2]), (fds))
CALL(int, pipe2, C_PIPE, -1, NULL, (int fds[2], int flags), (fds, flags))

/* Linux closes it in any case. */
int
close(int fd)
{
	const bool failed = fail(C_CLOSE, NULL);
	const int eno = errno;
	NEXT(int, close, (int));
	const int r = f(fd);

	if (!failed)
		return r;
	errno = eno;
	return -1;
}

/* --- what another process does before a file is opened --- */

/* The whole name of path, if it is under MPF_UNDER. */
static bool
is_under(int at, const char *path, char out[PATH_MAX])
{
	const char *under = getenv("MPF_UNDER");
	char dir[PATH_MAX] = "", link[64];
	int n;

	if (under == NULL)
		return false;
	if (path[0] != '/') {
		snprintf(link, sizeof(link), at == AT_FDCWD ?
		    "/proc/self/cwd" : "/proc/self/fd/%d", at);
		if (readlink(link, dir, sizeof(dir) - 1) == -1)
			return false;
	}
	n = snprintf(out, PATH_MAX, "%s%s%s", dir, path[0] != '/' ? "/" : "",
	    strcmp(path, ".") == 0 ? "" : path);
	while (n > 1 && n < PATH_MAX && out[n - 1] == '/')
		out[--n] = '\0';
	return n < PATH_MAX - 64 && strstr(out, "/sys/") == NULL &&
	    strncmp(out, under, strlen(under)) == 0;
}

static bool
is_regular(const char *path)
{
	struct stat st;

	return syscall(SYS_newfstatat, AT_FDCWD, path, &st,
	    AT_SYMLINK_NOFOLLOW) == 0 && S_ISREG(st.st_mode);
}

static void
move_away(const char *path)
{
	char before[PATH_MAX];

	snprintf(before, sizeof(before), "%.*s.before", PATH_MAX - 16, path);
	syscall(SYS_renameat2, AT_FDCWD, path, AT_FDCWD, before, 0);
}

/* Its folder, if that is a UF2 bootloader's drive; or it is one itself. */
static bool
is_drive(char *path)
{
	char info[PATH_MAX + 16];
	char *slash;

	for (int i = 0; i < 2; i++) {
		snprintf(info, sizeof(info), "%s/INFO_UF2.TXT", path);
		if (is_regular(info))
			return true;
		slash = strrchr(path, '/');
		if (i == 0 && slash != NULL)
			*slash = '\0';
	}
	return false;
}

static void
put_other_drive(const char *dir)
{
	static const char text[] = "UF2 Bootloader v3.0\r\nModel: Another\r\n"
	    "Board-ID: SAMD51-ANOTHER-v0\r\n";
	char info[PATH_MAX + 16];
	int fd;

	move_away(dir);
	if (syscall(SYS_mkdirat, AT_FDCWD, dir, 0755) == -1)
		abort();
	snprintf(info, sizeof(info), "%s/INFO_UF2.TXT", dir);
	fd = (int)syscall(SYS_openat, AT_FDCWD, info, O_WRONLY | O_CREAT |
	    O_CLOEXEC, 0644);
	if (fd == -1)
		abort();
	syscall(SYS_write, fd, text, sizeof(text) - 1);
	syscall(SYS_close, fd);
}

static void
others_turn(int at, const char *path, int flags)
{
	const int eno = errno;
	char whole[PATH_MAX];

	if (!is_under(at, path, whole))
		return;
	if (is_regular(whole) && fail(C_FIFO, NULL)) {
		move_away(whole);
		syscall(SYS_mknodat, AT_FDCWD, whole, S_IFIFO | 0644, 0);
	}
	if ((flags & O_CREAT) != 0 && !is_regular(whole) &&
	    fail(C_TAKEN, NULL))
		syscall(SYS_close, (int)syscall(SYS_openat, AT_FDCWD, whole,
		    O_WRONLY | O_CREAT | O_CLOEXEC, 0644));
	if (is_drive(whole) && fail(C_SWAP, NULL))
		put_other_drive(whole);
	errno = eno;
}

/* Those that take one thing more, or not. */
#define OPEN(name, at, params, args)					\
	int name params							\
	{								\
		va_list ap;						\
		mode_t mode;						\
		NEXT(int, name, params);				\
									\
		va_start(ap, flags);					\
		mode = (flags & (O_CREAT | O_TMPFILE)) != 0 ?		\
		    va_arg(ap, mode_t) : 0;				\
		va_end(ap);						\
		others_turn(at, path, flags);				\
		return fail(C_OPEN, NULL) ? -1 : f args;		\
	}

OPEN(open, AT_FDCWD, (const char *path, int flags, ...), (path, flags, mode))
OPEN(open64, AT_FDCWD, (const char *path, int flags, ...), (path, flags, mode))
OPEN(openat, at, (int at, const char *path, int flags, ...),
    (at, path, flags, mode))

#define WORD(name, call, type, counts)					\
	int name(int fd, type what, ...)				\
	{								\
		va_list ap;						\
		void *p;						\
		NEXT(int, name, (int, type, ...));			\
									\
		va_start(ap, what);					\
		p = va_arg(ap, void *);					\
		va_end(ap);						\
		return (counts) && fail(call, NULL) ? -1 :		\
		    f(fd, what, p);					\
	}

/* What asks about a descriptor cannot fail; a lock can. */
WORD(ioctl, C_IOCTL, unsigned long, true)
WORD(fcntl, C_FCNTL, int, what == F_SETLK || what == F_SETLKW)
WORD(fcntl64, C_FCNTL, int, what == F_SETLK || what == F_SETLKW)

void
_exit(int status)
{
	tell_counts();
	syscall(SYS_exit_group, status);
	abort();
}
