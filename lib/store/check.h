/* SPDX-License-Identifier: MIT */
#ifndef MPF_STORE_CHECK_H
#define MPF_STORE_CHECK_H

#include "store/store.h"

/*
 * check: is the database whole?  SQLite's own checks, and what the tables say
 * of each other.  fn hears of each problem, in words; of it a value other than
 * 0 ends the check.
 */
int	store_check(struct store *s, int (*fn)(const char *what, void *ctx),
	    void *ctx, struct err *e);

#endif
