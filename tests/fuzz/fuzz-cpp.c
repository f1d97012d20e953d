/* SPDX-License-Identifier: MIT */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "upstream/cpp.h"

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
	static const char *const dirs[] = { "", NULL };
	char *text = mem_alloc(size + 1);
	struct source src = { .read = read_self, .ctx = text };
	struct buf out = BUF_INIT;
	struct err e = ERR_INIT;
	struct cpp c;
	int64_t v;

	memcpy(text, data, size);
	cpp_init(&c, &src, dirs);
	cpp_define(&c, "GIVEN=\"given\"");
	cpp_file(&c, "x.h", &e);
	if (!cpp_string(&c, "V", &out) && out.len > 0)
		abort();
	cpp_number(&c, "V", &v);
	cpp_release(&c);
	buf_release(&out);
	free(text);
	return 0;
}
