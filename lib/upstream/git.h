/* SPDX-License-Identifier: MIT */
#ifndef MPF_UPSTREAM_GIT_H
#define MPF_UPSTREAM_GIT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"

/*
 * git: what a repository holds, asked of git(1), which runs as a child with
 * a list of arguments.  The work tree is not looked at, and nothing is
 * written.  SIGPIPE has to be ignored (base/stop).
 *
 * Source: git-cat-file(1), "BATCH OUTPUT"; git-for-each-ref(1).
 */

#define GIT_ID		65u		/* hex of SHA-1 or SHA-256, and a NUL */
#define GIT_OBJECT_MAX	(16u << 20)	/* bytes of one that is of interest */

struct git;

struct git_tag {
	char		*name;
	char		 commit[GIT_ID];
	int64_t		 time;		/* of the commit, in seconds */
};

/* repo: a folder with a work tree, in one, or a bare repository. */
int	git_open(const char *repo, struct git **out, struct err *e);
void	git_close(struct git *g);		/* NULL is fine */
const char *git_name(const struct git *g);	/* as it was opened */
/* Were parts of its history left out when it was cloned? */
bool	 git_shallow(const struct git *g);

/* All tags of commits, in the order of their names. */
int	git_tags(const struct git *g, struct git_tag **out, size_t *n,
	    struct err *e);
void	git_tags_free(struct git_tag *tags, size_t n);
/* The commit that rev names, as a tag without a name. */
int	git_commit(const struct git *g, const char *rev, struct git_tag *out,
	    struct err *e);
/*
 * Adds what git describe says of a commit, counted from the tag of a release
 * or of a preview's begin: "v1.29.0-preview-731-g1c3c201149".  Ten digits,
 * however many the repository needs, so that all of its clones agree.
 */
int	git_describe(const struct git *g, const char *commit, struct buf *out,
	    struct err *e);

enum git_type { GIT_BLOB, GIT_TREE, GIT_OTHER };

/*
 * Adds an object's bytes.  name: an id, or "COMMIT^{tree}".  ERR_INPUT: it
 * is larger than GIT_OBJECT_MAX.  Any other error is the end of the talk with
 * git.  The id's length, in hex digits, is in *digits.
 */
int	git_object(struct git *g, const char *name, enum git_type *type,
	    size_t *digits, struct buf *out, struct err *e);

#endif
