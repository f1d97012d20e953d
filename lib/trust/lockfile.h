/* SPDX-License-Identifier: MIT */
#ifndef MPF_TRUST_LOCKFILE_H
#define MPF_TRUST_LOCKFILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/digest.h"
#include "base/err.h"

/*
 * lockfile: mpf.lock(5), the list of firmware files that a project uses, each
 * with its size and digest, as it was when it was first seen.
 *
 * One line a file, sorted by address, so that a diff says what changed, a
 * merge is one of lines, and the same files always give the same bytes.
 */

#define LOCKFILE_NAME	"mpf.lock"
#define LOCKFILE_MAX	(1u << 20)	/* bytes: some thousands of files */
#define LOCKFILE_URL	2048u		/* bytes of one address */

struct lockfile_entry {
	char	*url;
	int64_t	 size;				/* bytes */
	char	 sha256[DIGEST_HEX];
	char	 first_seen[CLOCK_TEXT];	/* RFC 3339, UTC */
};

struct lockfile {
	struct lockfile_entry	*v;		/* sorted by url */
	size_t			 n, cap;
	bool			 changed;	/* since it was read */
};

#define LOCKFILE_INIT	{ NULL, 0, 0, false }

/*
 * Adds what text holds.  ERR_INPUT names the line, and says of two lines with
 * one address and several digests which that is; ERR_UNSUPPORTED: another
 * version of the format.
 */
int	lockfile_parse(const char *text, size_t n, struct lockfile *out,
	    struct err *e);
/* ERR_NOT_FOUND if it is missing. */
int	lockfile_load(const char *path, struct lockfile *out, struct err *e);
void	lockfile_release(struct lockfile *l);

/* NULL: not in it. */
const struct lockfile_entry	*lockfile_find(const struct lockfile *l,
	    const char *url);
/*
 * 1: it is in it; 0: it is not; ERR_VERIFY: with another digest or size (-1:
 * whatever size).
 */
int	lockfile_check(const struct lockfile *l, const char *url, int64_t size,
	    const char *sha256, struct err *e);
/*
 * Adds it.  What is in it already stays, but for the earlier time of both,
 * which counts.  ERR_INPUT where url does not fit into a line.
 */
int	lockfile_add(struct lockfile *l, const struct lockfile_entry *new,
	    struct err *e);

void	lockfile_write(const struct lockfile *l, struct buf *out);
/*
 * Writes it to path, with what another process has put there meanwhile.  A
 * file that would not change is left alone.  ERR_VERIFY if the other one saw
 * a file of another digest.
 */
int	lockfile_save(const char *path, const struct lockfile *l,
	    struct err *e);

#endif
