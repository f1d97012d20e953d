/* SPDX-License-Identifier: MIT */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "upstream/make.h"

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
	struct buf flags = BUF_MAX(MAKE_BYTES), word = BUF_INIT;
	struct err e = ERR_INIT;
	struct make m;
	const char *s;

	memcpy(text, data, size);
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
	free(text);
	return 0;
}
