/* SPDX-License-Identifier: MIT */
#ifndef MPF_STORE_TSV_H
#define MPF_STORE_TSV_H

#include <stddef.h>

#include "base/err.h"

/*
 * tsv: lines of fields between tabs, as in share/boards.tsv.  Pure: the text
 * is cut up in place, and the fields point into it.
 */

#define TSV_FIELDS	64u		/* at most, in one line */
#define TSV_LINE	4096u		/* bytes at most, of one line */

struct tsv {
	char		*text;		/* what is left of it */
	size_t		 len;
	const char	*name;		/* for messages */
	unsigned	 line;
	size_t		 n;		/* fields of the line last read */
	char		*field[TSV_FIELDS];
};

/*
 * 1: the next line is in field[0..n); 0: no more; -1: a NUL, or more than
 * the limits allow.  text must be followed by a NUL.
 */
int	tsv_line(struct tsv *t, struct err *e);

#endif
