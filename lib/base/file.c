/* SPDX-License-Identifier: MIT */
#ifdef __linux__
#define _GNU_SOURCE		/* O_PATH */
#endif
#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"

#ifndef O_PATH
#define O_PATH	O_RDONLY
#endif

#define PIECE	65536u			/* bytes read at a time */

static const char *
file_kind(mode_t mode)
{
	return S_ISDIR(mode) ? "a folder" : S_ISFIFO(mode) ? "a pipe" :
	    S_ISSOCK(mode) ? "a socket" : S_ISCHR(mode) ?
	    "a character device" : "a block device";
}

static int
refuse_kind(const char *name, mode_t mode, struct err *e)
{
	err_set(e, ERR_INPUT, "%s: %s, not a regular file", name,
	    file_kind(mode));
	err_hint(e, "name a regular file");
	errno = ENOTSUP;
	return -1;
}

/*
 * What is there already is looked at by its name first: merely to open a
 * serial port may restart the board behind it.
 */
int
file_open_at(int dir, const char *name, int flags, mode_t mode,
    struct err *e)
{
	const int links = (flags & O_NOFOLLOW) != 0 ? AT_SYMLINK_NOFOLLOW : 0;
	struct stat st;
	int fd;

	if (fstatat(dir, name, &st, links) == 0 && !S_ISREG(st.st_mode) &&
	    !S_ISLNK(st.st_mode))
		return refuse_kind(name, st.st_mode, e);
	fd = openat(dir, name, flags | O_NONBLOCK | O_NOCTTY | O_CLOEXEC,
	    mode);
	if (fd == -1 || fstat(fd, &st) == -1) {
		const int eno = errno;

		err_sys(e, "%s", name);
		if (fd != -1)
			close(fd);
		errno = eno;
		return -1;
	}
	if (S_ISREG(st.st_mode))
		return fd;
	close(fd);			/* it took the name meanwhile */
	return refuse_kind(name, st.st_mode, e);
}

/* The folder that path is in, to be closed; *name is what is left of path. */
static int
open_parent(const char *path, const char **name)
{
	const char *slash = strrchr(path, '/');
	char *dir = slash == NULL ? mem_str(".") : mem_printf("%.*s",
	    (int)(slash - path) + 1, path);
	const int fd = open(dir, O_PATH | O_DIRECTORY | O_CLOEXEC);

	*name = slash == NULL ? path : slash + 1;
	free(dir);
	return fd;
}

/* What cannot be handed down serves its maker all the same. */
static void
hand_down(int fd, int parent)
{
	struct stat folder, st;

	if (fstat(parent, &folder) == -1 || fstat(fd, &st) == -1)
		return;
	if (geteuid() == 0 && folder.st_uid != st.st_uid)
		(void)!fchown(fd, folder.st_uid, folder.st_gid);
	if ((folder.st_mode & S_ISGID) != 0)
		fchmod(fd, folder.st_mode &
		    (S_ISDIR(st.st_mode) ? 07777 : 0666));
}

static void
close_parent(int parent)
{
	const int eno = errno;

	close(parent);
	errno = eno;
}

int
file_make(const char *path, int flags, mode_t mode)
{
	const char *name;
	int parent, fd;

	flags |= O_CREAT | O_EXCL | O_CLOEXEC;
	if (mode != FILE_OWN)
		return open(path, flags, mode);
	parent = open_parent(path, &name);
	if (parent == -1)
		return -1;
	fd = openat(parent, name, flags, 0600);
	if (fd != -1)
		hand_down(fd, parent);
	close_parent(parent);
	return fd;
}

int
file_open(const char *path, int flags, mode_t mode, struct err *e)
{
	const bool own = mode == FILE_OWN && (flags & O_CREAT) != 0;
	const int fd = own ? file_make(path, flags, mode) : -1;

	return fd != -1 ? fd : file_open_at(AT_FDCWD, path, flags,
	    own ? 0600 : mode, e);
}

int
file_open_folder(int dir, const char *name, struct err *e)
{
	const int fd = openat(dir, name,
	    O_RDONLY | O_DIRECTORY | O_NONBLOCK | O_CLOEXEC);

	return fd == -1 ? err_sys(e, "%s", name) : fd;
}

int
file_check_kind(const char *path, struct err *e)
{
	struct stat st;

	return stat(path, &st) == -1 || S_ISREG(st.st_mode) ? 0 :
	    refuse_kind(path, st.st_mode, e);
}

/* What a file seems to hold: the first read of it should bring all. */
static size_t
first_read_size(int fd)
{
	struct stat st;

	return fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && st.st_size > 0 ?
	    (size_t)st.st_size : PIECE;
}

/* Straight into out, whose ceiling a file may reach but not pass. */
static int
read_whole(int fd, const char *path, struct buf *out, struct err *e)
{
	size_t want = first_read_size(fd);
	ssize_t n;

	for (;;) {
		const size_t left = out->max - out->len;
		const bool full = left == 0;
		char more;

		want = want < left ? want : left;
		if (!full)
			buf_room(out, want);
		n = full ? read(fd, &more, 1) :
		    read(fd, out->data + out->len, want);
		if (n == 0)
			return 0;
		if (n == -1 && errno != EINTR)
			return err_sys(e, "%s", path);
		if (n > 0 && full)
			return err_set(e, ERR_INPUT, "%s: larger than %zu "
			    "bytes", path, out->max);
		if (n > 0)
			buf_took(out, (size_t)n);
		want = out->len / 2 > PIECE ? out->len / 2 : PIECE;
	}
}

int
file_read_at(int dir, const char *name, struct buf *out, struct err *e)
{
	const int fd = file_open_at(dir, name, O_RDONLY, 0, e);
	int r;

	if (fd == -1)
		return -1;
	r = read_whole(fd, name, out, e);
	close(fd);
	return r;
}

int
file_read(const char *path, struct buf *out, struct err *e)
{
	return file_read_at(AT_FDCWD, path, out, e);
}

int
file_pieces(const char *path, void (*fn)(const void *p, size_t n, void *ctx),
    void *ctx, size_t *size, struct err *e)
{
	const int fd = file_open(path, O_RDONLY, 0, e);
	char *piece;
	ssize_t n;
	int r = 0;

	if (fd == -1)
		return -1;
	*size = 0;
	piece = mem_alloc(PIECE);
	while (r == 0 && (n = read(fd, piece, PIECE)) != 0) {
		if (n == -1 && errno != EINTR)
			r = err_sys(e, "%s", path);
		if (n == -1)
			continue;
		fn(piece, (size_t)n, ctx);
		*size += (size_t)n;
	}
	free(piece);
	close(fd);
	return r;
}

static int
make_own_folder(const char *path, mode_t mode)
{
	const char *name;
	int parent, fd, r;

	if (mode != FILE_OWN)
		return mkdir(path, mode);
	parent = open_parent(path, &name);
	if (parent == -1)
		return -1;
	r = mkdirat(parent, name, 0700);
	fd = r == -1 ? -1 : openat(parent, name,
	    O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd != -1) {
		hand_down(fd, parent);
		close(fd);
	}
	close_parent(parent);
	return r;
}

int
file_mkdirs(const char *path, mode_t mode, struct err *e)
{
	char *part, *p;
	struct stat st;
	int eno, r = 0;

	if (path[0] == '\0')
		return err_set(e, ERR_INPUT, "a folder without a name");
	part = mem_str(path);
	for (p = part + 1; r == 0; p++) {
		const char c = *p;

		if (c != '/' && c != '\0')
			continue;
		*p = '\0';
		if (make_own_folder(part, mode) == -1 &&
		    (eno = errno) != EEXIST && stat(part, &st) == -1) {
			errno = eno;
			r = err_sys(e, "%s", part);
		}
		if (c == '\0')
			break;
		*p = c;
	}
	if (r == 0 && stat(path, &st) == 0 && !S_ISDIR(st.st_mode))
		r = err_set(e, ERR_IO, "%s: %s", path, strerror(ENOTDIR));
	else if (r == 0 && stat(path, &st) == -1)
		r = err_sys(e, "%s", path);	/* a link to nowhere */
	free(part);
	return r;
}

/* Whoever shares a pipe or a terminal with us may have made it non-blocking. */
static int
wait_writable(int fd)
{
	struct pollfd p = { .fd = fd, .events = POLLOUT };

	return poll(&p, 1, -1) == -1 && errno != EINTR ? -1 : 0;
}

int
file_write_all(int fd, const void *p, size_t n, const char *name,
    struct err *e)
{
	const char *c = p;
	ssize_t r;

	for (; n > 0; c += r, n -= (size_t)r) {
		while ((r = write(fd, c, n)) == -1 && (errno == EINTR ||
		    (errno == EAGAIN && wait_writable(fd) != -1)))
			;
		if (r == -1)
			return err_sys(e, "%s", name);
		if (r == 0)
			return err_set(e, ERR_IO, "%s: takes no more", name);
	}
	return 0;
}
