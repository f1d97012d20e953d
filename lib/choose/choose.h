/* SPDX-License-Identifier: MIT */
#ifndef MPF_CHOOSE_H
#define MPF_CHOOSE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "facts/facts.h"
#include "facts/pick.h"
#include "facts/skip.h"
#include "model/model.h"
#include "store/store.h"

/*
 * choose: which firmware a board gets, and whether it needs it.
 *
 * Which board it is: what the user says (--board), else board_info.toml on
 * the board, else what the firmware says of itself, else the machine string
 * with the version.  What several fit is an error with the candidates, never
 * a guess; what did not answer is left alone unless it was named exactly.
 */

struct choose_opts {
	const char		*wanted;	/* "stable"; NULL: that */
	const char		*board;		/* NULL: as each board is */
	const char		*variant;	/* NULL: that; "-": none */
	const char *const	*serial;	/* only these; NULL: all */
	int64_t			 max_age_s;	/* of the index */
	bool			 force;		/* flash what is up to date */
	bool			 custom;	/* what the user added */
};

/* What a record says besides device and board; NULL, -1: nothing. */
struct choose_said {
	const char	*info_id;	/* board_info.toml: mpflash.board_id */
	int		 info_ignore;	/*	mpflash.ignore: 1, 0 */
	const char	*record_id;	/* mpflash.toml: firmware.board_id */
	const char	*record_version;	/*	firmware.version */
	const char	*record_hash;		/*	source.hash */
};

/* Its strings live until the next choice, and as long as what was given. */
struct choice {
	struct firmware		 firmware;
	/* What runs there, by today's name; board_id NULL: not found out. */
	struct board_name	 runs;
	const struct picked	*runner_up;	/* NULL: none */
	const char *const	*candidates;	/* ends with NULL; NULL: none */
};

struct choose;

/* The store is borrowed.  ERR_USAGE, or ERR_NOT_FOUND for an unknown board. */
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

/* The last part of a path or of an address; NULL: it has none. */
const char	*choose_file_name(const char *url);

#endif
