/* SPDX-License-Identifier: MIT */
#ifndef MPF_FACTS_VERSION_H
#define MPF_FACTS_VERSION_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

/*
 * version: MicroPython's versions, in every form they are written in.
 *
 *	1.24.1  v1.24.1  v1.19  v1.29.0-preview  1.25.0.preview
 *	v1.24.0-preview.201.g269a0e0e1[.dirty]	(sys.version since v1.22)
 *	v1.18-496-gaa53d2f84[-dirty]		(before; also on a release)
 *	v1.28.0-6.g974b56afa6			(commits on a release)
 *	unstable-v1.19.1-784-g1a2b3c4d5		(old file names)
 *	v1_23_0_preview				(flat, in names)
 *
 * Compared as numbers, never as text.  Before v1.20 MicroPython wrote two
 * numbers for a first release: v1.19 is v1.19.0.
 */

#define VERSION_TEXT	64	/* bytes for any printed form, with the NUL */

struct version {
	unsigned	major, minor, patch;
	bool		preview;
	int		build;		/* commits since the tag; -1: unknown */
	char		commit[41];	/* hex without "g"; "" unknown */
	bool		dirty;
};

/* All of text must be a version. */
bool	version_parse(const char *text, struct version *out);
/*
 * "v1.24.1", "v1.29.0-preview", "v1.19" (as MicroPython named it): what
 * records, tables and TOML hold.
 */
void	version_text(const struct version *v, char out[VERSION_TEXT]);
/*
 * Negative, 0 or positive.  A preview comes before its release; build counts
 * where both have one; commit and dirty do not count.
 */
int	version_compare(const struct version *a, const struct version *b);
/* As tagged: neither a preview, nor commits on a release, nor dirty. */
bool	version_released(const struct version *v);

enum wanted_kind {
	WANTED_STABLE, WANTED_PREVIEW, WANTED_LATEST, WANTED_EXACT,
	WANTED_SERIES,			/* "1.22": its newest patch release */
	WANTED_RANGE			/* ">=1.22,<1.25" */
};

#define WANTED_TERMS	8

struct wanted {
	enum wanted_kind	kind;
	struct version		exact;
	struct {
		char		op;	/* '<', 'l' <=, '>', 'g' >=, '=', '!' */
		struct version	v;
	} term[WANTED_TERMS];
	size_t			n_terms;
};

/*
 * The user's word; false: invalid.  Two numbers are a series, so its first
 * release is "1.22.0"; a preview without a build is its newest build.  In a
 * range, missing numbers are 0: "<=1.22" leaves v1.22.1 out.
 */
bool	wanted_parse(const char *text, struct wanted *out);
/* ERR_USAGE, with the ways to say it, if --version is none. */
int	wanted_check(const char *text, struct wanted *out, struct err *e);
/*
 * May this version be the one?  (Which of several: the newest.)  Stable, a
 * series and a range admit releases only; a range that names a preview,
 * previews too.
 */
bool	wanted_admits(const struct wanted *w, const struct version *v);

#define WANTED_WAYS	4

/*
 * All the ways in which a table may name the one release that is wanted; ""
 * ends them if they are fewer.  False: it is not one release.
 */
bool	wanted_ways(const struct wanted *w,
	    char out[WANTED_WAYS][VERSION_TEXT]);

#endif
