/* SPDX-License-Identifier: MIT */
#ifdef __linux__
#define _GNU_SOURCE		/* sync_file_range */
#endif
#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"

#define PIECE	65536u			/* bytes read at a time */

/* What a file seems to hold: the first read of it should bring all. */
static size_t
size_of(int fd)
{
	struct stat st;

	return fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && st.st_size > 0 ?
	    (size_t)st.st_size : PIECE;
}

/* Straight into out, whose ceiling a file may reach but not pass. */
static int
read_all(int fd, const char *path, struct buf *out, struct err *e)
{
	size_t want = size_of(fd);
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
file_read(const char *path, struct buf *out, struct err *e)
{
	int fd, r;

	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd == -1)
		return err_sys(e, "%s", path);
	r = read_all(fd, path, out, e);
	close(fd);
	return r;
}

int
file_pieces(const char *path, void (*fn)(const void *p, size_t n, void *ctx),
    void *ctx, size_t *size, struct err *e)
{
	const int fd = open(path, O_RDONLY | O_CLOEXEC);
	char *piece;
	ssize_t n;
	int r = 0;

	if (fd == -1)
		return err_sys(e, "%s", path);
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
		if (mkdir(part, mode) == -1 && (eno = errno) != EEXIST &&
		    stat(part, &st) == -1) {
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

/* The length of the folder's name in path, its '/' included. */
static size_t
folder_len(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash == NULL ? 0 : (size_t)(slash - path) + 1;
}

int
file_begin(const char *path, mode_t mode, struct file_new *out, struct err *e)
{
	const size_t n = folder_len(path);

	out->path = mem_str(path);
	out->tmp = mem_printf("%.*s.%s.%ld.part", (int)n, path, path + n,
	    (long)getpid());
	out->fd = open(out->tmp, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC |
	    O_NOFOLLOW, mode);
	if (out->fd != -1)
		return 0;
	err_sys(e, "%s", out->tmp);
	free(out->tmp);
	out->tmp = NULL;		/* whatever has that name is not ours */
	file_abort(out);
	return -1;
}

/* So that the new name itself outlives a power cut. */
void
file_sync_folder(const char *path)
{
	const size_t n = folder_len(path);
	char *dir = n == 0 ? mem_str(".") : mem_printf("%.*s", (int)n, path);
	const int fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd != -1) {
		fsync(fd);	/* not every file system can: no loss */
		close(fd);
	}
	free(dir);
}

bool
file_same_folder(const char *path, const char *other)
{
	const size_t n = folder_len(path);

	return n == folder_len(other) && memcmp(path, other, n) == 0;
}

void
file_sync_begin(const struct file_new *f)
{
#ifdef __linux__
	sync_file_range(f->fd, 0, 0, SYNC_FILE_RANGE_WRITE);
#else
	(void)f;
#endif
}

int
file_place(struct file_new *f, struct err *e)
{
	int r = 0;

	if (fsync(f->fd) == -1)
		r = err_sys(e, "%s", f->tmp);
	if (close(f->fd) == -1 && r == 0)
		r = err_sys(e, "%s", f->tmp);
	f->fd = -1;
	if (r == 0 && rename(f->tmp, f->path) == -1)
		r = err_sys(e, "%s", f->path);
	if (r == 0) {
		free(f->tmp);
		f->tmp = NULL;		/* there is no such file any more */
	}
	file_abort(f);
	return r;
}

int
file_commit(struct file_new *f, struct err *e)
{
	char *path = mem_str(f->path);
	const int r = file_place(f, e);

	if (r == 0)
		file_sync_folder(path);
	free(path);
	return r;
}

void
file_abort(struct file_new *f)
{
	if (f->fd != -1)
		close(f->fd);
	if (f->tmp != NULL)
		unlink(f->tmp);
	free(f->tmp);
	free(f->path);
	*f = (struct file_new)FILE_NEW_INIT;
}

int
file_write(const char *path, const void *p, size_t n, mode_t mode,
    struct err *e)
{
	struct file_new f = FILE_NEW_INIT;

	if (file_begin(path, mode, &f, e) == -1)
		return -1;
	if (file_write_all(f.fd, p, n, f.tmp, e) == -1) {
		file_abort(&f);
		return -1;
	}
	return file_commit(&f, e);
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
