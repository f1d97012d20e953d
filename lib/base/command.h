/* SPDX-License-Identifier: MIT */
#ifndef MPF_BASE_COMMAND_H
#define MPF_BASE_COMMAND_H

#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"

/*
 * command: runs another program to its end.  Never through a shell: each
 * argument is one argument, whatever is in it.
 */

struct command {
	const char *const *argv;	/* the program, as in PATH, first */
	/*
	 * What its environment has besides ours, "NAME=VALUE"; "NAME" alone
	 * is taken out of it.  Ends with NULL; NULL: nothing.
	 */
	const char *const *env;
	int64_t		 deadline;	/* clock_ms(): it is killed then */
	/*
	 * What it writes to its standard output and error, as far as their
	 * ceilings allow; the rest is dropped.  They may be the same.  NULL:
	 * all of it is.
	 */
	struct buf	*out, *errors;
};

/*
 * Standard input is empty.  0: it ran to its end, and *status is what a shell
 * would call it (128 and the signal, if one ended it).  ERR_NOT_FOUND or
 * ERR_PERMISSION: it could not be run; ERR_TIMEOUT; ERR_CANCELLED after a
 * signal to us, which ends it too.
 */
int	command_run(const struct command *c, int *status, struct err *e);
/*
 * The file of another program of ours: beside this one, as in the build
 * folder, else its name alone, for PATH.  The caller frees it.
 */
char	*command_beside(const char *name);

#endif
