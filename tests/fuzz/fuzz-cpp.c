/* SPDX-License-Identifier: MIT */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "self.h"
#include "upstream/cpp.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const dirs[] = { "", NULL };
	struct source src = self_source(data, size);
	struct buf out = BUF_INIT;
	struct err e = ERR_INIT;
	struct cpp c;
	int64_t v;

	cpp_init(&c, &src, dirs);
	cpp_define(&c, "GIVEN=\"given\"");
	cpp_file(&c, "x.h", &e);
	if (!cpp_string(&c, "V", &out) && out.len > 0)
		abort();
	cpp_number(&c, "V", &v);
	cpp_release(&c);
	buf_release(&out);
	free(src.ctx);
	return 0;
}
