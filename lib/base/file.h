/* SPDX-License-Identifier: MIT */
#ifndef MPF_BASE_FILE_H
#define MPF_BASE_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "base/buf.h"
#include "base/err.h"

/*
 * file: whole files in, and whole files or none out.
 */

/*
 * Opens a regular file as open(2) and openat(2) do, but never waits, as they
 * would for the other end of a pipe.  What is no regular file is refused with
 * ERR_INPUT, and a device is not even opened for a moment.  Returns the
 * descriptor; on -1 errno is that of open(2), or ENOTSUP for such a refusal.
 */
int	file_open(const char *path, int flags, mode_t mode, struct err *e);
int	file_open_at(int dir, const char *name, int flags, mode_t mode,
	    struct err *e);
/* A folder, likewise; to be read, and for openat(2). */
int	file_open_folder(int dir, const char *name, struct err *e);
/*
 * The same refusal for a file that a library opens by itself.  A file that is
 * not there is fine.
 */
int	file_check_kind(const char *path, struct err *e);

/*
 * Adds the file's bytes to out; ERR_INPUT if it holds more than out->max
 * allows, ERR_NOT_FOUND if it is missing.
 */
int	file_read(const char *path, struct buf *out, struct err *e);
int	file_read_at(int dir, const char *name, struct buf *out,
	    struct err *e);
/* Hands the whole file to fn, in pieces; its size in bytes goes to *size. */
int	file_pieces(const char *path, void (*fn)(const void *p, size_t n,
	    void *ctx), void *ctx, size_t *size, struct err *e);
/*
 * A mode for what is made in a folder of the user's, which file_open,
 * file_begin, file_write and file_mkdirs take: files are for their owner alone,
 * 0600, and folders 0700.  But a folder with the set-group-ID bit hands its own
 * mode down, whatever the umask: in one of 2770 files are 0660 and folders
 * 2770; in one of 2755, 0644 and 2755.  What root makes is of the folder's
 * owner.
 */
#define FILE_OWN	((mode_t)-1)
/*
 * A descriptor of a file that was not there; -1 and errno, EEXIST for a link to
 * nowhere as well.  With FILE_OWN, whose folder it lies in is asked of that
 * folder itself: a link cannot make root give away a file elsewhere.
 */
int	file_make(const char *path, int flags, mode_t mode);

/* The folder and those above it, as mkdir -p; there already is fine. */
int	file_mkdirs(const char *path, mode_t mode, struct err *e);

/*
 * A file in the making, under a temporary name beside its final one: nobody
 * ever sees half of it.  After file_begin either file_commit or file_abort.
 */
struct file_new {
	int	 fd;		/* write to it; -1: not open */
	char	*tmp;		/* ".NAME.PID-N.part", in the final folder */
	char	*path;		/* the final name */
};

#define FILE_NEW_INIT	{ -1, NULL, NULL }

/*
 * The file that gets written where path is its name: that which a symbolic
 * link leads to, there or not, so that the link stays one.  What is there and
 * no regular file is not to be replaced: NULL, and ERR_INPUT.  The caller
 * frees it.  file_begin and file_write ask it.
 */
char	*file_target(const char *path, struct err *e);
int	file_begin(const char *path, mode_t mode, struct file_new *out,
	    struct err *e);
/* Syncs, renames, syncs the folder; on failure the temporary file is gone. */
int	file_commit(struct file_new *f, struct err *e);
void	file_abort(struct file_new *f);		/* nothing begun is fine */
/*
 * For several files at once: lets the disk begin with what was written, which
 * is a hint; commits without a sync of the folder; syncs path's folder.
 */
void	file_sync_begin(const struct file_new *f);
int	file_place(struct file_new *f, struct err *e);
void	file_sync_folder(const char *path);
/* Is it the same folder that they are in? */
bool	file_same_folder(const char *path, const char *other);

/*
 * Removes from a folder, but not from those in it, what file_begin made for
 * processes that are gone: files that nobody has locked, and nobody has written
 * to for ten minutes.
 */
void	file_sweep(const char *dir);

/* All of the above at once: path holds these bytes afterwards, or its old. */
int	file_write(const char *path, const void *p, size_t n, mode_t mode,
	    struct err *e);
/* Writes all n bytes to fd whatever write(2) takes at a time. */
int	file_write_all(int fd, const void *p, size_t n, const char *name,
	    struct err *e);

#endif
