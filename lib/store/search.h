/* SPDX-License-Identifier: MIT */
#ifndef MPF_STORE_SEARCH_H
#define MPF_STORE_SEARCH_H

#include "store/store.h"

/*
 * search: what has all of some words, by an index of words (FTS5).
 *
 * A word is letters and digits; all else parts words, and case and accents do
 * not count, so "RPI_PICO" is the words rpi and pico, one after the other.  "*"
 * at the end of a word stands for the rest of it.  Nothing in a word is SQL or
 * has a meaning of its own to FTS5.
 */

/* One row; exactly one of these is not NULL. */
struct search_hit {
	const struct store_device	*device;
	const struct store_file		*file;
	const struct store_event	*event;
	const struct store_board	*board;	/* as MicroPython defines it */
};

#define SEARCH_WORDS_MAX	32u
#define SEARCH_WORD_MAX		256u		/* bytes of one */

/*
 * words ends with NULL.  Of each kind at most limit rows, the newest first:
 * known boards, firmware, events, definitions.  Of fn a value other than 0
 * ends it.  ERR_USAGE: no words, or too many.
 */
int	store_search(struct store *s, const char *const *words, int64_t limit,
	    int (*fn)(const struct search_hit *hit, void *ctx), void *ctx,
	    struct err *e);

#endif
