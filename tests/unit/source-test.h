/* SPDX-License-Identifier: MIT */
#ifndef MPF_SOURCE_TEST_H
#define MPF_SOURCE_TEST_H

#include <string.h>

#include "upstream/source.h"

/* A tree of a few files: path and text in turn, and NULL. */
static inline const char *
files_read(void *ctx, const char *path, size_t *len)
{
	const char *const *file = ctx;

	for (; *file != NULL; file += 2)
		if (strcmp(file[0], path) == 0) {
			*len = strlen(file[1]);
			return file[1];
		}
	return NULL;
}

static inline struct source
files_source(const char *const *files)
{
	struct source s = { .read = files_read };

	s.ctx = (void *)(uintptr_t)files;
	return s;
}

#endif
