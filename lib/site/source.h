/* SPDX-License-Identifier: MIT */
#ifndef MPF_SITE_SOURCE_H
#define MPF_SITE_SOURCE_H

#include "base/err.h"
#include "site/index.h"

/*
 * source: what firmware.source and --source may say besides an address:
 * files and folders of this machine, and assets of a release on GitHub.
 */

enum source_kind {
	SOURCE_URL,		/* https, or http to the loopback */
	SOURCE_FILE,		/* file://, or a name */
	SOURCE_GITHUB		/* github:OWNER/REPO@TAG#GLOB */
};

enum source_kind	 source_kind(const char *source);
/*
 * The path of a SOURCE_FILE, absolute; NULL: there is no such thing, *e.  The
 * caller frees it.
 */
char	*source_path(const char *source, struct err *e);
/* "file:///a%20b"; the caller frees it. */
char	*source_url(const char *path);
/*
 * A name of these characters alone: letters, digits, '.', '-', '_'.  What it
 * has besides becomes '_'.  The caller frees it.
 */
char	*source_safe_name(const char *url);

/*
 * What there is for a board in a folder, and in the folders in it, as in a
 * firmware folder: BOARD[-VARIANT]-[YYYYMMDD-]VERSION.EXT, at most
 * SOURCE_FILES.
 */
#define SOURCE_FILES	4096u
int	source_folder(const char *path, const char *board_id,
	    struct index *out, struct err *e);

#endif
