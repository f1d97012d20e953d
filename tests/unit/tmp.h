/* SPDX-License-Identifier: MIT */
#ifndef MPF_TEST_TMP_H
#define MPF_TEST_TMP_H

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

/* A folder of the test's own, which is its working directory meanwhile. */
static char tmp_path[4096];

static inline int
tmp_remove_one(const char *path, const struct stat *st, int type,
    struct FTW *ftw)
{
	(void)st;
	(void)type;
	(void)ftw;
	return remove(path);
}

static inline void
tmp_enter(void)
{
	const char *base = getenv("TMPDIR");

	snprintf(tmp_path, sizeof(tmp_path), "%s/mpf-test-XXXXXX",
	    base != NULL && base[0] != '\0' ? base : "/tmp");
	if (mkdtemp(tmp_path) == NULL || chdir(tmp_path) == -1) {
		perror(tmp_path);
		exit(2);
	}
}

static inline void
tmp_leave(void)
{
	if (chdir("/") == -1 ||
	    nftw(tmp_path, tmp_remove_one, 16, FTW_DEPTH | FTW_PHYS) == -1)
		perror(tmp_path);
}

#endif
