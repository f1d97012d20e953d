/* SPDX-License-Identifier: MIT */
#ifndef MPF_STORE_DERIVED_H
#define MPF_STORE_DERIVED_H

#include "base/err.h"
#include "store/store.h"

/*
 * derived: what is made of the tables and can be made again at any time: the
 * views for other programs (mpflash.db(5)), the words that the search knows,
 * and the triggers that guard the history.  No step of the schema makes any of
 * it, so that all of it may change with each version.  For lib/store alone.
 */

/* Before the tables change. */
int	derived_drop(struct store *s, struct err *e);
/* After that; what is there already, and as it should be, stays. */
int	derived_make(struct store *s, struct err *e);
/* derived_make's part in views.c. */
int	views_make(struct store *s, struct err *e);

/* The indexes of words. */
enum find_what { FIND_FILE, FIND_DEVICE, FIND_EVENT, FIND_BOARD };

/*
 * Before a row is taken away its words are taken out, and after it was changed
 * they are added.  key: its file, or its uid; a row that is not there is fine.
 * Of what only grows, events and boards, nothing can be taken.
 */
int	find_take(struct store *s, enum find_what what, const char *key,
	    struct err *e);
int	find_add(struct store *s, enum find_what what, const char *key,
	    struct err *e);
int	find_add_number(struct store *s, enum find_what what, int64_t key,
	    struct err *e);
/* All rows anew. */
int	find_refill(struct store *s, enum find_what what, struct err *e);

#endif
