/* SPDX-License-Identifier: MIT */
#ifndef MPF_TOOL_USAGE_H
#define MPF_TOOL_USAGE_H

#include <getopt.h>

#include "tool/run.h"

/* usage: what options.c shares with what speaks of options: help, refusals. */

#define LONG_ONLY	256		/* codes of those with no letter */

struct options {
	const struct tool *t;
	struct common	*common;	/* NULL: it has its own alone */
	struct opt	*all;		/* the tool's, then the common ones */
	size_t		 n;
	struct option	*table;		/* for getopt_long: the long names */
	size_t		 n_table;
	struct buf	 letters;
	char		**own;		/* values that were made longer */
	size_t		 n_own;
};

/* What getopt_long did not like in arg: ch is its answer.  -1, with a hint. */
int	usage_refuse(const struct options *o, int ch, const char *arg,
	    struct err *e);

#endif
