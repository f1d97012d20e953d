/* SPDX-License-Identifier: MIT */
#ifndef MPF_UPSTREAM_NEST_H
#define MPF_UPSTREAM_NEST_H

#include <stdbool.h>

#include "base/err.h"

/*
 * nest: conditions in each other, and which of their branches count: #if,
 * if() and ifeq alike.  Pure.
 */

#define NEST_MAX	64u

struct nest {
	unsigned	 n;
	struct {
		bool	 live;		/* this branch, and all around it */
		bool	 around;	/* all around it */
		bool	 taken;		/* one of its branches was live */
		bool	 last;		/* this is its else */
	} at[NEST_MAX];
};

/* Does what stands here count? */
bool	nest_live(const struct nest *w);
/* Would another branch be live, if its condition holds? */
bool	nest_open(const struct nest *w);

int	nest_begin(struct nest *w, bool is, struct err *e);
/* last: an else, behind which no other may come. */
int	nest_branch(struct nest *w, bool is, bool last, struct err *e);
int	nest_end(struct nest *w, struct err *e);
/* Is there none that did not end? */
int	nest_done(const struct nest *w, struct err *e);

#endif
