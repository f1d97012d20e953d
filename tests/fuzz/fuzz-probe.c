/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "board/facts.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Whatever a board prints, its facts are short and fit to be shown. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct board_answer a;
	struct buf fields = BUF_INIT;
	struct probe p;
	struct err e = ERR_INIT;
	int got;

	buf_add(&fields, data, size);
	got = probe_parse(&fields, &p, &e);
	buf_release(&fields);
	if (got == -1)
		return 0;
	if (p.uid_len > PROBE_UID_MAX || p.info.len > PROBE_FILE_MAX)
		abort();
	board_facts(&p, &a);
	if (a.board.family == NULL ||
	    strlen(a.board.family) > 3 * PROBE_TEXT_MAX ||
	    strpbrk(a.board.family, "\n\x1b") != NULL)
		abort();
	board_answer_release(&a);
	probe_release(&p);
	return 0;
}
