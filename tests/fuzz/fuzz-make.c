/* SPDX-License-Identifier: MIT */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "self.h"
#include "upstream/make.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct source src = self_source(data, size);
	struct buf flags = BUF_MAX(MAKE_BYTES), word = BUF_INIT;
	struct err e = ERR_INIT;
	struct make m;
	const char *s;

	make_init(&m, &src, "ports/p");
	make_override(&m, "BOARD_VARIANT", "A");
	if (make_file(&m, "Makefile", &e) == 0 &&
	    make_get(&m, "CFLAGS", &flags, &e) == 0)
		for (s = flags.data; make_next_define(&s, &word);)
			if (word.len > flags.len)
				abort();
	make_release(&m);
	buf_release(&flags);
	buf_release(&word);
	free(src.ctx);
	return 0;
}
