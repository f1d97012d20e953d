/* SPDX-License-Identifier: MIT */
#ifndef MPF_PICK_IMPL_H
#define MPF_PICK_IMPL_H

#include "base/buf.h"
#include "pick/pick.h"

/* impl: what the files of this module share.  For them alone. */

/* --- keys: keys.c --- */

enum pick_key {
	KEY_NONE,		/* bytes that mean nothing here */
	KEY_TEXT,		/* *len bytes of UTF-8 */
	KEY_UP, KEY_DOWN, KEY_PAGE_UP, KEY_PAGE_DOWN, KEY_HOME, KEY_END,
	KEY_BACK, KEY_WORD_BACK, KEY_CLEAR,
	KEY_ENTER, KEY_CANCEL
};

/*
 * The key at the beginning of the n bytes that came from the terminal, and its
 * length in *len.  0: it is not whole yet.  late: the rest of a sequence would
 * have come by now, so that a lone ESC is the Esc key.
 */
int	keys_take(const char *p, size_t n, bool late, enum pick_key *key,
	    size_t *len);

/* --- the list: list.c --- */

struct pick_list {
	const struct pick *p;
	struct buf	 filter;
	size_t		*shown;		/* the items that match */
	size_t		 n_shown;
	size_t		 at;		/* of those, the marked one */
	size_t		 top;		/* ... and the first in the window */
	size_t		 page;		/* lines of items in the window */
};

void	list_init(struct pick_list *l, const struct pick *p);
void	list_release(struct pick_list *l);
/* KEY_ENTER and KEY_CANCEL are for the caller. */
void	list_key(struct pick_list *l, enum pick_key key, const char *text,
	    size_t len);
/* The whole window, of so many rows and cells; at the end is the cursor. */
void	list_draw(struct pick_list *l, size_t rows, size_t cells,
	    struct buf *out);

#endif
