/* SPDX-License-Identifier: MIT */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "upstream/cmake.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Whatever is included is the file itself. */
static const char *
read_self(void *ctx, const char *path, size_t *len)
{
	(void)path;
	*len = strlen(ctx);
	return ctx;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = mem_alloc(size + 1);
	struct source src = { .read = read_self, .ctx = text };
	struct err e = ERR_INIT;
	struct cmake c;
	const char *v;

	memcpy(text, data, size);
	cmake_init(&c, &src, "ports/p");
	vars_puts(c.vars, "VARIANT", "A");
	cmake_file(&c, "x.cmake", &e);
	v = vars_gets(c.vars, "V");
	if (v != NULL && strlen(v) > CMAKE_BYTES)
		abort();
	cmake_release(&c);
	free(text);
	return 0;
}
