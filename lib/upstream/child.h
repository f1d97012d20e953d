/* SPDX-License-Identifier: MIT */
#ifndef MPF_UPSTREAM_CHILD_H
#define MPF_UPSTREAM_CHILD_H

#include <stdbool.h>
#include <stdio.h>
#include <sys/types.h>

#include "base/buf.h"
#include "base/err.h"

/*
 * child: a program that answers on its standard output.  What it says on
 * standard error is kept for the message.  For git.c.
 */
struct child {
	pid_t		 pid;		/* 0: there is none */
	int		 in, out;	/* its input and output; -1: closed */
	FILE		*said;		/* its standard error */
};

#define CHILD_INIT	{ 0, -1, -1, NULL }

/*
 * argv ends with NULL.  unset: variables that it does not see, to NULL.
 * with_in: its input is c->in, else it is empty.
 */
int	child_open(struct child *c, char *const argv[],
	    const char *const *unset, bool with_in, struct err *e);
/* Adds all that it writes, until it closes its output. */
int	child_read_all(struct child *c, struct buf *out, struct err *e);
/*
 * Waits for its end.  -1: it failed, or is not there; *e then has its last
 * words.  After an earlier error those win over e.
 */
int	child_close(struct child *c, const char *name, struct err *e);

#endif
