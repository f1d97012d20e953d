/* SPDX-License-Identifier: MIT */
#ifndef MPF_FUZZ_SELF_H
#define MPF_FUZZ_SELF_H

#include <string.h>

#include "base/mem.h"
#include "upstream/source.h"

/* A tree in which every file is the fuzzer's; the caller frees src.ctx. */
static inline const char *
self_read(void *ctx, const char *path, size_t *len)
{
	(void)path;
	*len = strlen(ctx);
	return ctx;
}

static inline struct source
self_source(const void *data, size_t size)
{
	struct source src = { .read = self_read, .ctx = mem_alloc(size + 1) };

	memcpy(src.ctx, data, size);
	return src;
}

#endif
