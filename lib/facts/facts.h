/* SPDX-License-Identifier: MIT */
#ifndef MPF_FACTS_H
#define MPF_FACTS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "facts/version.h"
#include "store/store.h"

/*
 * facts: what the store knows of boards, in memory, to be asked often.
 *
 * Read once from the store, which need not stay open.  All strings that come
 * out live as long as the handle, unless said otherwise.
 */

struct facts;

/* A board or variant of it, as it was over a range of releases. */
struct fact {
	const char	*port, *board_id;
	const char	*variant;	/* NULL: none */
	const char	*machine;	/* what MicroPython says it runs on */
	const char	*uname;		/* os.uname().machine says this */
	const char	*mcu;		/* "esp32s3"; NULL: not stated */
	int		 from, to;	/* releases; see facts_when */
	bool		 released;	/* the download site builds it */
	bool		 custom;
};

int	facts_open(struct store *s, struct facts **out, struct err *e);
void	facts_close(struct facts *f);		/* NULL is fine */

/* All rows: by port, board, variant, oldest first. */
const struct fact	*facts_rows(const struct facts *f, size_t *n);

/*
 * The place of a version among the releases: an even number is a release, an
 * odd one lies between two.  What is older than all counts as the oldest, 0;
 * what is newer than all as the newest, facts_newest.
 */
int	facts_when(const struct facts *f, const struct version *v);
int	facts_newest(const struct facts *f);
/* Did the row hold then?  Between two releases: at either. */
bool	fact_holds(const struct fact *row, int when);

/* --- names.c --- */

/* Which board; borrowed from the handle or from what was asked with. */
struct board_name {
	const char	*port;		/* NULL: not known */
	const char	*board_id;
	const char	*variant;	/* NULL: none */
};

#define BOARD_NAME_TEXT	128	/* bytes for "BOARD-VARIANT" and a NUL */

/* Cut short where it does not fit. */
void	board_name_text(const struct board_name *name,
	    char out[BOARD_NAME_TEXT]);
bool	board_name_equal(const struct board_name *a,
	    const struct board_name *b);
/*
 * The board's name of today: renames followed to their end.  Without a port
 * those of all ports count, if they agree.  A name that was never changed,
 * known or not, is its own.
 */
struct board_name	facts_today(const struct facts *f,
			    const struct board_name *name);
/* Its i-th older name, as today's is asked for; false: it has no more. */
bool	facts_before(const struct facts *f, const struct board_name *name,
	    size_t i, struct board_name *out);

/*
 * What the user may mean by text: BOARD, BOARD-VARIANT, an old id of either,
 * or a machine string; in the case written, else in any.  Names of today,
 * each once, at most max (the rest is not counted); port narrows, NULL does
 * not.  An id names the board without a variant.
 */
size_t	facts_find(const struct facts *f, const char *port, const char *text,
	    struct board_name *out, size_t max);
/* Has the newest release this one?  Unreleased ones count. */
bool	facts_known(const struct facts *f, const struct board_name *name);
/* Up to max ids of today that look like text, the nearest first. */
size_t	facts_near(const struct facts *f, const char *text, const char **out,
	    size_t max);

#endif
