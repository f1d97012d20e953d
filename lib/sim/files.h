/* SPDX-License-Identifier: MIT */
#ifndef MPF_SIM_FILES_H
#define MPF_SIM_FILES_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

/*
 * files: a simulated board's flash file system.
 *
 * In memory, so that it outlives soft resets and new firmware, as on a real
 * board; with a folder behind it, it outlives the process too, and people can
 * put files there beforehand.  Names are "/a.py" or "a.py"; what has a slash in
 * its name is in folders, which need not have been made.  Functions return 0 or
 * the number that MicroPython's OSError would hold.
 */

#define SIM_FILES_MAX	(1024u * 1024)	/* bytes of all files: then ENOSPC */

enum { SIM_ENOENT = 2, SIM_ENOSPC = 28, SIM_EROFS = 30 };

struct sim_files;

/* dir NULL: in memory only; else its files are read now. */
struct sim_files	*sim_files_open(const char *dir, struct err *e);
void			 sim_files_close(struct sim_files *fs);

/* Borrowed until the next change. */
int	sim_files_read(const struct sim_files *fs, const char *name,
	    const uint8_t **p, size_t *n);
int	sim_files_write(struct sim_files *fs, const char *name,
	    const void *p, size_t n);
int	sim_files_append(struct sim_files *fs, const char *name,
	    const void *p, size_t n);
int	sim_files_rename(struct sim_files *fs, const char *from,
	    const char *to);
int	sim_files_remove(struct sim_files *fs, const char *name);
/* All files and folders go: new firmware has its file system elsewhere. */
void	sim_files_clear(struct sim_files *fs);
/* An empty folder, which is kept in memory only. */
int	sim_files_mkdir(struct sim_files *fs, const char *name);
/* The same, failing as set by sim_files_fail. */
int	sim_files_format(struct sim_files *fs);
size_t	sim_files_free(const struct sim_files *fs);	/* bytes */
/* From now on each write fails so (0: none does). */
void	sim_files_fail(struct sim_files *fs, int number);

/* The i-th name ("a.py") and its size; NULL past the last. */
const char	*sim_files_name(const struct sim_files *fs, size_t i,
		    size_t *size);
/*
 * The i-th folder ("a/b"), in no order; NULL past the last.  A folder that
 * several files are in comes several times.
 */
const char	*sim_files_folder(const struct sim_files *fs, size_t i,
		    size_t *len);

#endif
