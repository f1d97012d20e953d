/* SPDX-License-Identifier: MIT */
#ifndef MPF_FACTS_H
#define MPF_FACTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

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
	int64_t		 offset;	/* of images in flash; -1: not stated */
	int		 from, to;	/* releases; see facts_when */
	bool		 released;	/* the download site builds it */
	bool		 custom;
	bool		 software;	/* it differs in software alone */
};

int	facts_open(struct store *s, struct facts **out, struct err *e);
void	facts_close(struct facts *f);		/* NULL is fine */

/* All rows: by port, board, variant, oldest first. */
const struct fact	*facts_rows(const struct facts *f, size_t *n);
/* The i-th row with that board_id, in any case; NULL: it has no more. */
const struct fact	*facts_row_of(const struct facts *f,
			    const char *board_id, size_t i);
/* Is it one of MicroPython's: "rp2"?  NULL is none. */
bool	facts_is_port(const struct facts *f, const char *port);

/*
 * The place of a version among the releases: an even number is a release, an
 * odd one lies between two.  What is older than all counts as the oldest, 0;
 * what is newer than all as the newest, facts_newest.
 */
int	facts_when(const struct facts *f, const struct version *v);
int	facts_newest(const struct facts *f);
/* The releases, and the preview after them, oldest first. */
const struct version	*facts_releases(const struct facts *f, size_t *n);
/* Did the row hold then?  Between two releases: at either. */
bool	fact_holds(const struct fact *row, int when);

/* The port that sys.platform stands for: "pyboard" is stm32; else itself. */
const char	*facts_port(const char *platform);

/* --- names.c --- */

#define FACTS_NAMES	16u	/* more than any board has had */

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
 * known or not, is its own.  at: the firmware that calls itself so, which
 * cannot mean what went before it; NULL: any.
 */
struct board_name	facts_today(const struct facts *f,
			    const struct board_name *name,
			    const struct version *at);
/* Today's name, and all that were called otherwise before; at most max. */
size_t	facts_names(const struct facts *f, const struct board_name *name,
	    struct board_name *out, size_t max);
/* The first release that had the board, under any name; -1: none has. */
int	facts_since(const struct facts *f, const struct board_name *name);

/*
 * What the user may mean by text: BOARD, BOARD-VARIANT, an old id of either,
 * or a machine string; in the case written, else in any.  Names of today,
 * each once, at most max (the rest is not counted); port narrows, NULL does
 * not.  An id names the board without a variant.
 */
size_t	facts_find(const struct facts *f, const char *port, const char *text,
	    struct board_name *out, size_t max);
/*
 * Is it a variant that differs from the board without one in software alone
 * (threads, double precision, partitions)?  By its name of today or of old.
 */
bool	facts_software(const struct facts *f, const struct board_name *name);
/* Has the newest release this one?  Unreleased ones count. */
bool	facts_known(const struct facts *f, const struct board_name *name);
/*
 * Up to max ids of today that look like text, the nearest first; or whose
 * names do.  All are of one port and MCU, as another one's firmware does not
 * run there: of these, or (NULL: not known) of that of the nearest.
 */
size_t	facts_near(const struct facts *f, const char *text, const char *port,
	    const char *mcu, const char **out, size_t max);

#define NEAR_TEXT	160		/* bytes of such ids, for a message */

/* The three nearest, "A, B or C"; "" if there are none. */
void	facts_near_text(const struct facts *f, const char *text,
	    const char *port, const char *mcu, char out[NEAR_TEXT]);

#endif
