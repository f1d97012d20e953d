/* SPDX-License-Identifier: MIT */
#ifndef MPF_JOURNAL_ANSWER_H
#define MPF_JOURNAL_ANSWER_H

#include "base/buf.h"
#include "journal/journal.h"

/*
 * answer: what a board prints when share/probe/probe.py asks it, as far as
 * the journal needs it: lines "uid HEX", "record HEX" (the bytes of its
 * mpflash.toml), "record-too-large", and "end" at last.  Other lines are
 * other facts, or those of a timer or a thread.
 */
struct answer {
	struct buf	uid;		/* hex, as it came; empty: none */
	struct buf	file;
	bool		has_file;
};

#define ANSWER_INIT	{ BUF_INIT, BUF_MAX(JOURNAL_FILE_MAX), false }

/*
 * ERR_PROTOCOL if there is no end or no hex; ERR_INPUT if the file is too
 * large.  answer_release it in any case.
 */
int	answer_read(const char *text, struct answer *a, struct err *e);
void	answer_release(struct answer *a);

#endif
