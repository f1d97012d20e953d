/* SPDX-License-Identifier: MIT */
#ifndef MPF_CUSTOM_GIT_H
#define MPF_CUSTOM_GIT_H

#include "base/buf.h"
#include "base/err.h"

/*
 * git: asks git(1) about a repository that somebody else may have made.
 *
 * Nothing in a repository is run: hooks, the file system monitor, filters,
 * pagers, external diffs, programs for signatures and for ssh, and all ways to
 * other machines are switched off, by the environment, which wins over the
 * repository's configuration.  Git itself refuses a repository of another
 * user (safe.directory), and so it stays.
 */

struct git;

/* 0; ERR_NOT_FOUND: git is not installed, or dir is in no work tree. */
int	git_open(const char *dir, struct git **out, struct err *e);
void	git_close(struct git *g);		/* NULL is fine */
/*
 * Runs "git ARGS..." (the list ends with NULL).  1: out is what it said, but
 * for newlines at its end; 0: it did not succeed, as where there is no such
 * thing; -1: *e.
 */
int	git_ask(struct git *g, const char *const *args, struct buf *out,
	    struct err *e);

#endif
