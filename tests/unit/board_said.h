/* SPDX-License-Identifier: MIT */
#ifndef MPF_BOARD_SAID_H
#define MPF_BOARD_SAID_H

#include "../tests/unit/tap.h"
#include "board/facts.h"

/* board_said: what boards say of themselves, in the words of the scripts. */

struct said {
	const char	*key, *text;
};

/* "KEY-sum SIZE SUM", of the file that is among these. */
static inline void
sum(struct buf *out, const struct said *said, const char *key)
{
	const char *text = "";

	for (; said->key != NULL; said++)
		if (strcmp(said->key, key) == 0)
			text = said->text;
	buf_addf(out, "%s-sum %zu %lu\n", key, strlen(text),
	    probe_sum(text, strlen(text)));
}

/* What the scripts would print of these. */
static inline void
encode(struct buf *out, const struct said *said)
{
	const struct said *all = said;

	for (; said->key != NULL; said++) {
		buf_addf(out, "%s ", said->key);
		for (const char *c = said->text; *c != '\0'; c++)
			buf_addf(out, "%02x", (unsigned char)*c);
		buf_addc(out, '\n');
	}
	sum(out, all, "info");
	sum(out, all, "record");
	buf_adds(out, "end\n");
}

static inline void
facts_of(const struct said *said, struct board_answer *a)
{
	struct buf text = BUF_INIT;
	struct probe p;
	struct err e = ERR_INIT;

	encode(&text, said);
	OK(probe_parse(text.data, text.len, &p, &e) == 0);
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
