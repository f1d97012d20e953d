/* SPDX-License-Identifier: MIT */
#ifndef MPF_FILES_H
#define MPF_FILES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "model/codec.h"

/*
 * files: all that the file system of a board holds: saved to an archive,
 * restored from it, and wiped.
 *
 * Each function works in sessions (board/session.h) with the board at the
 * device's place, and does nothing to a board that is not the one of the
 * record.  An archive is a tar file with "manifest.ndjson" (the board, and
 * the SHA-256 of each file) and the files below "files/".
 */

struct files_job {
	const struct device	*device;
	const struct board	*board;
	const char		*sysroot;	/* NULL: this system */
	int64_t			 deadline;	/* clock_ms() */
	/* step "read", "write", "erase"; total 0: unknown.  NULL: nobody. */
	void	(*progress)(const struct record *rec, const char *step,
		    int64_t done, int64_t total, const char *unit);
	const struct record	*rec;
};

/* What was done. */
struct files_done {
	size_t	 count;			/* files, without folders */
	int64_t	 size_bytes;		/* of them */
	size_t	 unchanged;		/* of them, that were there already */
	char	*path;			/* the archive; or NULL */
};

void	files_done_release(struct files_done *d);

/*
 * Writes all files into a new archive in folder (made if it is missing),
 * which its owner alone may read: BOARD-ID-TIME.tar, TIME in UTC.
 */
int	files_save(const struct files_job *job, const char *folder,
	    struct files_done *out, struct err *e);

/*
 * Brings back what an archive holds; other files on the board stay.  from is
 * an archive, or a folder with archives, of which the newest of this board is
 * taken.  Before anything is written, all of the archive is checked, and
 * whether there is room; files that are there already are left.  ERR_MISMATCH
 * if it is another board's, unless other_board is set; ERR_INPUT if the archive
 * is not as files_save made it.
 */
int	files_restore(const struct files_job *job, const char *from,
	    bool other_board, struct files_done *out, struct err *e);

/*
 * Makes the file system anew.  mpflash.toml is kept, and with keep all files:
 * they are saved in the folder for states meanwhile, and if they cannot be
 * brought back, the error names that archive, and it stays.  out tells of what
 * was kept.
 */
int	files_format(const struct files_job *job, bool keep,
	    struct files_done *out, struct err *e);

/*
 * Erases each block of the file system and starts the board again, which makes
 * a new one.  out tells of what went.
 */
int	files_erase(const struct files_job *job, struct files_done *out,
	    struct err *e);

/* NULL, or why that cannot be done on boards of this port (NULL: unknown). */
const char	*files_cannot_format(const char *port);
const char	*files_cannot_erase(const char *port);

#endif
