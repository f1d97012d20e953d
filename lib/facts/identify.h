/* SPDX-License-Identifier: MIT */
#ifndef MPF_FACTS_IDENTIFY_H
#define MPF_FACTS_IDENTIFY_H

#include "facts/facts.h"
#include "model/model.h"

/*
 * identify: which board it is that answered.  Never a guess: what several
 * fit is said to be several.
 */

enum identity_kind {
	IDENTITY_NONE,
	IDENTITY_ONE,
	/* The board is sure; which of its variants is not. */
	IDENTITY_VARIANTS,
	IDENTITY_BOARDS		/* several boards say the same */
};

#define IDENTITY_MAX	16	/* candidates; the rest is not counted */

struct identity {
	enum identity_kind	kind;
	struct board_name	candidate[IDENTITY_MAX];	/* each once */
	size_t			n;
	bool			more;		/* there were too many */
	char			id[BOARD_NAME_TEXT];	/* of no known board */
};

/*
 * By the machine string and the version alone: firmware up to v1.24 does not
 * name itself (sys.implementation._build is since v1.25).  The facts of that
 * version count; for one between two releases those of both; for an unknown
 * one all; if they do not know the string, those of the newest release that
 * did.  The string as it is comes first, then in other case and spacing, then
 * without its MCU, where port and MCU agree as far as they are known.  Both
 * narrow where they can; the port is no more than a hint, as many nrf boards
 * report another, and an MCU that names a port is none.  Other families than
 * MicroPython are none of ours.
 *
 * Of b: family, description, version, port and mcu; each may be NULL.  The
 * names are as they were called then.
 */
void	identify(const struct facts *f, const struct board *b,
	    struct identity *out);
/* The MCU that the board states in its string, or else apart, or NULL. */
const char	*identify_mcu(const struct facts *f, const struct board *b);
/* The same, of several names: their today's, and what they then amount to. */
void	identity_today(const struct facts *f, struct identity *id);

/* --- by all that is known --- */

/* What was written down about a board; NULL: nothing. */
struct identity_notes {
	const char	*info_id;	/* board_info.toml: mpflash.board_id */
	const char	*record_id;	/* mpflash.toml: firmware.board_id */
	const char	*record_version;	/*	firmware.version */
};

/*
 * By today's names: what info_id says; else b->board_id, where that names one
 * board; else the machine string.  What mpflash.toml says counts if the
 * version is still that, and settles which one of several it is, or names
 * what no table knows.  On ERR_MISMATCH, an id that no board of b's port has,
 * it says what is wrong.  Its names live as long as what was given.
 */
int	identify_board(const struct facts *f, const struct board *b,
	    const struct identity_notes *notes, struct identity *out,
	    struct err *e);
/* The candidate that an id, BOARD or BOARD-VARIANT, means is the one. */
void	identity_settle(const struct facts *f, struct identity *id,
	    const char *text);
/* Both are versions, and the same; builds do not count. */
bool	identity_same_version(const char *a, const char *b);

#endif
