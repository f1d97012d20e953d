/* SPDX-License-Identifier: MIT */
#ifndef MPF_FACTS_IDENTIFY_H
#define MPF_FACTS_IDENTIFY_H

#include "facts/facts.h"
#include "model/model.h"

/*
 * identify: which board it is that answered, for firmware up to v1.24, which
 * does not say so itself (sys.implementation._build is since v1.25).
 *
 * By the machine string and the version: the facts of that version count;
 * for one between two releases those of both; if they do not know the string,
 * those of the newest release that did.  The port narrows where it can, but
 * is no more than a hint, as many nrf boards report another.
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
	/* As they were called then, each once; see facts_today. */
	struct board_name	candidate[IDENTITY_MAX];
	size_t			n;
};

/* Of b: description, version and port; each may be NULL. */
void	identify(const struct facts *f, const struct board *b,
	    struct identity *out);
/* The same, of several names: their today's, and what they then amount to. */
void	identity_today(const struct facts *f, struct identity *id);

#endif
