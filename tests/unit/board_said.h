/* SPDX-License-Identifier: MIT */
#ifndef MPF_BOARD_SAID_H
#define MPF_BOARD_SAID_H

#include "../tests/unit/tap.h"
#include "board/facts.h"
#include "repl/parcel.h"

/* board_said: what boards say of themselves, in the words of the scripts. */

struct said {
	const char	*key, *text;
};

/* What the scripts would answer of these. */
static inline void
encode(struct buf *out, const struct said *said)
{
	for (; said->key != NULL; said++)
		parcel_put(out, said->key, said->text, strlen(said->text));
}

static inline void
facts_of(const struct said *said, struct board_answer *a)
{
	struct buf text = BUF_INIT;
	struct probe p;
	struct err e = ERR_INIT;

	encode(&text, said);
	OK(probe_parse(&text, &p, &e) == 0);
	board_facts(&p, a);
	probe_release(&p);
	buf_release(&text);
}

static inline bool
same(const char *a, const char *b)
{
	return a == NULL || b == NULL ? a == b : strcmp(a, b) == 0;
}

#endif
