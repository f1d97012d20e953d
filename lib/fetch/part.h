/* SPDX-License-Identifier: MIT */
#ifndef MPF_FETCH_PART_H
#define MPF_FETCH_PART_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>
#include <time.h>

#include "base/digest.h"
#include "base/err.h"
#include "base/file.h"

/*
 * part: a file that is coming in, in ".NAME.part" beside its final name.
 *
 * One process at a time has it, by flock(2) on that very file, which is held
 * until it has its final name: a process that waits finds the file there.
 * Beside it ".NAME.from" says of what it is the beginning: the address, and
 * the strong ETag that the server gave it.  A process that was killed leaves
 * both, and the next one goes on.  There is never a note without a part.
 */

struct part {
	struct file_new	 out;		/* for file_commit; fd -1: not open */
	int		 lock;		/* the same file, and open for longer */
	char		*note;		/* the name of ".NAME.from" */
	char		*etag;		/* of what is there; NULL: unknown */
	int64_t		 size;		/* bytes there */
	int64_t		 pos;		/* the next one comes here */
	struct digest	*digest;	/* of the bytes before size */
};

#define PART_INIT	{ .out = FILE_NEW_INIT, .lock = -1 }

/* From part_begin and part_add: not what is there. */
#define PART_OTHER	1

/*
 * Opens the part of path, with what was left there of url by others, or
 * empty.  1; 0 while another process has it; -1.
 */
int	part_open(const char *path, const char *url, struct part *out,
	    struct err *e);
/*
 * Bytes come from here on, of url, with this ETag (NULL: none).  from beyond
 * what is there is PART_OTHER, from 0 begins anew.
 */
int	part_begin(struct part *p, const char *url, int64_t from,
	    const char *etag, struct err *e);
/* The next bytes; those that are there already are compared. */
int	part_add(struct part *p, const void *bytes, size_t n, struct err *e);
/* All is there: its SHA-256.  Nothing can be added any more. */
void	part_whole(struct part *p, char sha256[DIGEST_HEX]);
/*
 * From here on nobody can go on with it, and out is ready for file_place or
 * file_commit.
 */
void	part_ready(struct part *p);
/* Lets go; keep: for the next process, where that is of use. */
void	part_close(struct part *p, bool keep);

/* What a part was when it was looked at; begins as all 0. */
struct part_seen {
	ino_t		 ino;
	off_t		 size;
	struct timespec	 at;		/* written to */
};

/*
 * Has the process with the part of path done anything to it since?  What
 * there is now goes into *seen.
 */
bool	part_grew(const char *path, struct part_seen *seen);

/*
 * Removes the parts in a folder that nobody has touched for a week, but for
 * those that a process has.
 */
void	part_sweep(const char *dir);

/* A note, "url URL\netag ETAG\n", for this url; false: it is invalid. */
bool	part_note_parse(const char *text, size_t n, const char *url,
	    char etag[256]);

#endif
