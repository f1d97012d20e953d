/* SPDX-License-Identifier: MIT */
#ifndef MPF_FACTS_SKIP_H
#define MPF_FACTS_SKIP_H

#include <stdbool.h>

#include "model/model.h"

#define SKIP_REASON	160	/* bytes for a reason, with the NUL */
/* In a reason to flash, until a version is pinned. */
#define SKIP_LATER	", to be looked up"

/*
 * skip: does the board already run it?  The same rule for resolve and fetch.
 *
 * A release: version, board and variant are the same.  A preview, or commits
 * on a release: build and commit too, known on both sides (a commit may be cut
 * short on either).  Firmware of the user's own: the sha-256 that the record
 * on the board has is that of the file, and nothing else will do.
 *
 * b->board_id and ->variant, and fw's, are today's names.  hash is the record's
 * source.hash, "sha256:HEX" or HEX, or NULL.
 */
bool	skip_same(const struct board *b, const char *hash,
	    const struct firmware *fw);
/* "the board already runs v1.28.0" */
void	skip_reason(const struct firmware *fw, char out[SKIP_REASON]);

#endif
