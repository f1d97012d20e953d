/* SPDX-License-Identifier: MIT */
#ifndef MPF_JOURNAL_SYNC_H
#define MPF_JOURNAL_SYNC_H

#include "journal/journal.h"

/*
 * sync: one board that answers, its mpflash.toml and its row, brought to say
 * the same.
 *
 * What the board runs (version, commit, board) outranks its file, and the file
 * outranks the row; of two digests of the same firmware the file's counts.
 * What the row alone knows of that firmware goes into the file.  Dates decide
 * nothing.
 */

struct journal_synced {
	const char	*toml;		/* "written", "queued"... */
	bool		 row;		/* it was written */
	bool		 conflict;	/* file and row had different digests */
	char		 why[JOURNAL_WHY];	/* in words; "" */
};

/*
 * rec: what mpf-detect said of the board.  1: *out; 0: it is no board that can
 * be named; -1.  dry_run: says what would be written.  Writes to the store
 * within a group of its own.
 */
int	journal_sync(const struct record *rec, struct store *s,
	    const char *sysroot, int64_t deadline, bool dry_run,
	    struct journal_synced *out, struct err *e);

#endif
