/* SPDX-License-Identifier: MIT */
#ifndef MPF_JOURNAL_SAID_H
#define MPF_JOURNAL_SAID_H

#include "journal/journal.h"

/*
 * said: what an mpflash.toml said before, against what is so.  For
 * lib/journal alone.
 */

#define JOURNAL_HASH	160	/* bytes for "sha256:HEX" and NUL */

/* "" where it is not known. */
void	journal_hash(const struct journal *j, char out[JOURNAL_HASH]);

/* Is [firmware] of t about the firmware of j?  It may say less of it. */
bool	said_true(const struct journal *j, const struct toml *t);
/* Is source.hash of t that of j? */
bool	said_hash(const struct journal *j, const struct toml *t);
/*
 * Takes over what the file on the board (board.record) says of when and from
 * what it got the firmware of j.  False: it is about another one, or has no
 * source.
 */
bool	said_take(struct journal *j, const struct record *rec);

#endif
