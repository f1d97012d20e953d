/* SPDX-License-Identifier: MIT */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "self.h"
#include "upstream/cmake.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct source src = self_source(data, size);
	struct err e = ERR_INIT;
	struct cmake c;
	const char *v;

	cmake_init(&c, &src, "ports/p");
	vars_puts(c.vars, "VARIANT", "A");
	cmake_file(&c, "x.cmake", &e);
	v = vars_gets(c.vars, "V");
	if (v != NULL && strlen(v) > CMAKE_BYTES)
		abort();
	cmake_release(&c);
	free(src.ctx);
	return 0;
}
