/* SPDX-License-Identifier: MIT */
#ifndef MPF_UPSTREAM_MAKE_IF_H
#define MPF_UPSTREAM_MAKE_IF_H

#include <stdbool.h>

#include "base/err.h"
#include "upstream/vars.h"

/* make_if: the conditions of a makefile.  For make.c, and for tests. */

/* Behind the word, and the blanks after it; NULL: s begins otherwise. */
const char	*make_after(const char *s, const char *word);
/*
 * 1: s is ifeq, ifneq, ifdef or ifndef, and *is whether it holds; where it
 * does not count, it is not worked out, and false.  0: s is none.  -1.
 */
int		 make_if(const struct vars *vars, const char *s, bool counts,
		    bool *is, struct err *e);

#endif
