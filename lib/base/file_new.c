/* SPDX-License-Identifier: MIT */
#ifdef __linux__
#define _GNU_SOURCE		/* sync_file_range */
#endif
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/mem.h"

#define LINKS_MAX	40		/* one behind another, as in Linux */
#define NAMES_MAX	1000		/* left by processes with our pid */

/* The length of the folder's name in path, its '/' included. */
static size_t
folder_len(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash == NULL ? 0 : (size_t)(slash - path) + 1;
}

char *
file_target(const char *path, struct err *e)
{
	char *at, to[PATH_MAX], *next;
	ssize_t n = 0;

	if (file_check_kind(path, e) == -1)
		return NULL;
	at = mem_str(path);
	for (int i = 0; i < LINKS_MAX; i++) {
		n = readlink(at, to, sizeof(to));
		if (n == -1 || n == sizeof(to))
			break;
		next = mem_printf("%.*s%.*s", to[0] == '/' ? 0 :
		    (int)folder_len(at), at, (int)n, to);
		free(at);
		at = next;
	}
	if (n == -1)			/* not a link, or not there at all */
		return at;
	free(at);
	errno = n == sizeof(to) ? ENAMETOOLONG : ELOOP;
	err_sys(e, "%s", path);
	return NULL;
}

/*
 * A process of another container may have our pid: no two have one name, and
 * what has it already is left alone.
 */
static int
open_new(struct file_new *f, mode_t mode, struct err *e)
{
	const size_t n = folder_len(f->path);
	int i = 0;

	do {
		free(f->tmp);
		f->tmp = mem_printf("%.*s.%s.%ld-%d.part", (int)n, f->path,
		    f->path + n, (long)getpid(), i++);
		f->fd = file_make(f->tmp, O_WRONLY, mode);
	} while (f->fd == -1 && errno == EEXIST && i < NAMES_MAX);
	if (f->fd != -1) {
		flock(f->fd, LOCK_EX | LOCK_NB);	/* see file_sweep */
		return 0;
	}
	err_sys(e, "%s", f->tmp);
	free(f->tmp);
	f->tmp = NULL;			/* it is not ours */
	return -1;
}

int
file_begin(const char *path, mode_t mode, struct file_new *out, struct err *e)
{
	out->path = file_target(path, e);
	if (out->path != NULL && open_new(out, mode, e) == 0)
		return 0;
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
