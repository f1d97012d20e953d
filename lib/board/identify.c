/* SPDX-License-Identifier: MIT */
#include "facts/identify.h"

#include <stdlib.h>

#include "base/dirs.h"
#include "base/mem.h"
#include "board/board.h"
#include "board/facts.h"
#include "facts/facts.h"
#include "store/store.h"

int
board_facts_open(struct facts **out, struct err *e)
{
	char *dir = dirs_firmware(NULL);
	struct store *s = NULL;
	int r = -1;

	if (store_open(dir, STORE_READ, &s, e) == 0 ||
	    store_memory(&s, e) == 0)
		r = facts_open(s, out, e);
	store_close(s);
	free(dir);
	return r;
}

void
board_identify(const struct facts *f, struct board_answer *a)
{
	struct identity id;
	struct err ignored = ERR_INIT;

	if (a->board.board_id != NULL ||
	    identify_board(f, &a->board, &a->notes, &id, &ignored) == -1)
		return;
	if (id.kind != IDENTITY_ONE && id.kind != IDENTITY_VARIANTS)
		return;
	a->board.board_id = answer_keep(a, mem_str(id.candidate[0].board_id));
	if (id.kind == IDENTITY_ONE)
		a->board.variant = answer_keep(a,
		    mem_str(id.candidate[0].variant));
}
