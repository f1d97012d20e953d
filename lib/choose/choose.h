/* SPDX-License-Identifier: MIT */
#ifndef MPF_CHOOSE_H
#define MPF_CHOOSE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "facts/facts.h"
#include "facts/identify.h"
#include "facts/pick.h"
#include "facts/skip.h"
#include "means/means.h"
#include "model/model.h"
#include "store/store.h"

/*
 * choose: which firmware a board gets, and whether it needs it.
 *
 * Which board it is: what the user says (--board), else facts/identify.h.
 * What several fit is an error with the candidates, never a guess; what did
 * not answer is left alone unless it was named exactly, or is an ESP chip
 * whose boot ROM said that its flash is blank: that gets the generic build
 * which fits.
 *
 * Lists end with NULL; NULL is none.  Patterns are the shell's.  Each of them
 * narrows what is looked at; only an exact --serial beats --ignore.
 */

struct choose_opts {
	const char		*wanted;	/* "stable"; NULL: that */
	/* An id: it is this one; patterns: only those that are such. */
	const char *const	*board;
	const char		*variant;	/* NULL: that; "-": none */
	const char *const	*serial;	/* only these devices */
	const char *const	*ignore;	/* devices, boards or ports */
	const char *const	*port;		/* only MicroPython's ports */
	int64_t			 max_age_s;	/* of the index */
	bool			 force;		/* flash what is up to date */
	bool			 custom;	/* what the user added */
	bool			 other_tools;	/* boards that need these */
};

/* What a record says besides device and board; NULL, -1: nothing. */
struct choose_said {
	struct identity_notes	 notes;
	int		 info_ignore;	/* board_info.toml: mpflash.ignore */
	const char	*record_hash;	/* mpflash.toml: source.hash */
	struct chip	 chip;		/* by its boot ROM; .name NULL */
};

/* Its strings live until the next choice, and as long as what was given. */
struct choice {
	struct firmware		 firmware;
	/* What runs there, by today's name; board_id NULL: not found out. */
	struct board_name	 runs;
	const struct picked	*runner_up;	/* NULL: none */
	/* What it may be, or else which builds say the same; ends with NULL. */
	const char *const	*candidates;	/* NULL: none */
	bool			 named;	/* exactly: by detect, or --serial */
};

struct choose;

/*
 * The store is borrowed.  ERR_USAGE, or ERR_NOT_FOUND for a board or a port
 * that nobody knows.
 */
int	choose_open(const struct choose_opts *o, struct store *s,
	    struct choose **out, struct err *e);
void	choose_close(struct choose *c);		/* NULL is fine */

/*
 * The choice for this device; b: what is known of it, which may be nothing.
 * On -1 out->candidates may be set all the same.
 */
int	choose_one(struct choose *c, const struct device *d,
	    const struct board *b, const struct choose_said *said,
	    struct choice *out, struct err *e);

/*
 * When all were chosen for: ERR_NOT_FOUND if a device was named exactly and
 * never came.
 */
int	choose_all_seen(const struct choose *c, struct err *e);

/* The last part of a path or of an address, or NULL. */
const char	*choose_file_name(const char *url);

#endif
