/* SPDX-License-Identifier: MIT */
#ifndef MPF_FETCH_LOCAL_H
#define MPF_FETCH_LOCAL_H

#include <stdbool.h>
#include <stddef.h>

#include "base/digest.h"
#include "base/err.h"
#include "facts/version.h"
#include "image/image.h"
#include "model/model.h"
#include "store/store.h"

/*
 * local: a firmware file on this machine, and whether it is what it claims.
 */

#define LOCAL_MAX	(64u << 20)	/* bytes; the largest has some 4 MB */

struct local_file {
	char			 sha256[DIGEST_HEX];
	size_t			 size;
	struct image_facts	 facts;
	bool			 versioned;	/* it says which, in version */
	struct version		 version;
	bool			 chip_ok, board_ok;	/* known to fit */
	bool			 signature_ok;		/* the caller's */
};

/*
 * Looks at its bytes, whose sha-256 is known.  ERR_INPUT if they are not what
 * a file of that name holds, or it is another version, or for another chip or
 * board than fw asks for.
 */
int	local_inspect(struct store *s, struct image_source *bytes,
	    const char sha256[DIGEST_HEX], const char *name,
	    const struct firmware *fw, struct local_file *out, struct err *e);
/*
 * What a file is, by its bytes alone, of which only a part at a time is in
 * memory: size, sha256 and facts, in one pass.  sha256 NULL: it is not known.
 */
int	local_read(const char *path, const char *sha256, const char *name,
	    struct local_file *out, struct err *e);
/* The rest of local_inspect, for what local_read has found. */
int	local_judge(struct store *s, const char *name,
	    const struct firmware *fw, struct local_file *out, struct err *e);
/* Both. */
int	local_inspect_file(struct store *s, const char *path,
	    const char sha256[DIGEST_HEX], const char *name,
	    const struct firmware *fw, struct local_file *out, struct err *e);

#endif
