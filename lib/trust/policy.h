/* SPDX-License-Identifier: MIT */
#ifndef MPF_TRUST_POLICY_H
#define MPF_TRUST_POLICY_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

/*
 * policy: the text of mpf-policy(5): what may be flashed at all.  A rule a
 * line; rules of one kind are alternatives.  Reading alone: what the rules
 * mean is the business of lib/flash.
 */

#define POLICY_MAX	65536u		/* bytes of a file */
#define POLICY_RULES	1000u

enum policy_kind {
	POLICY_KEY,			/* a key of minisign, or its file */
	POLICY_BOARD,			/* a shell pattern */
	POLICY_VERSION,			/* as mpf-resolve --version */
	POLICY_SOURCE,			/* a shell pattern */
	POLICY_DOWNGRADE,		/* "yes", "no" */
	POLICY_KINDS
};

struct policy_rule {
	enum policy_kind kind;
	unsigned	 line;		/* from 1 */
	char		*value;
};

struct policy {
	char		*path;		/* for messages */
	struct policy_rule *v;
	size_t		 n;
};

#define POLICY_INIT	{ NULL, NULL, 0 }

/* "board" */
const char	*policy_name(enum policy_kind kind);
/* ERR_INPUT names path and line. */
int	policy_parse(const char *text, size_t n, const char *path,
	    struct policy *out, struct err *e);
/*
 * No such file is an empty policy. system: only root, or the user of this
 * process, may be able to change it; else ERR_PERMISSION.  What cannot be
 * read is an error, as it might forbid what is about to be done.
 */
int	policy_load(const char *path, bool system, struct policy *out,
	    struct err *e);
void	policy_release(struct policy *p);

#endif
