/* SPDX-License-Identifier: MIT */
#ifndef MPF_CUSTOM_H
#define MPF_CUSTOM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "http/http.h"
#include "model/model.h"
#include "store/store.h"

/*
 * custom: what mpf-add does.  A file of the user's own, from wherever it is,
 * becomes an entry of the firmware folder, with all that is known of it.
 *
 * All of a file is in memory: the bytes that were looked at are those that
 * are written, whatever happens to the file meanwhile.  In the folder it is
 * PORT/custom/DIGEST/NAME, so that the same bytes are one file.
 */

#define CUSTOM_MAX	(64u << 20)	/* bytes; the largest has some 4 MB */

struct custom;

struct custom_opts {
	const char	*dir;		/* the firmware folder */
	/*
	 * Keys as minisign_key_load takes them; ends with NULL.  With any, a
	 * file is added only if one of them has signed it.  NULL: none.
	 */
	const char *const *pubkeys;
	/* A program and its arguments, between blanks, or NULL. */
	const char	*scan;
	bool		 force;		/* what is said counts, not the file */
	bool		 dry_run;	/* writes nothing */
	struct http_opts http;
	void		(*say)(const char *fmt, ...);	/* NULL: to nobody */
};

/* Looks at the keys, and at GITHUB_API_URL and GITHUB_TOKEN. */
int	custom_open(const struct custom_opts *o, struct custom **out,
	    struct err *e);
void	custom_close(struct custom *c);		/* NULL is fine */

/*
 * Each file that word means: itself, or in a folder all that are firmware (of
 * a folder that something was built in, the whole image alone).  fn's non-zero
 * result ends it.
 */
int	custom_each(const char *word, int (*fn)(const char *source,
	    void *ctx), void *ctx, struct err *e);

/* What was found out; its strings are its own, or borrowed from said. */
struct custom_entry {
	struct firmware	 firmware;
	struct image	 image;
	char		**kept;
	size_t		 n_kept;
};

/*
 * What the user says (the keys of model.h, board_id and fits for --board,
 * source for the file) and what the file does become an entry, which is
 * written to the folder.  git_path: its repository; NULL: the work tree that
 * it lies in.  bytes: what came from standard input; NULL.
 *
 * ERR_MISMATCH: they contradict each other; ERR_UNSUPPORTED: no firmware to
 * flash, with what to give instead; ERR_VERIFY: not signed, or refused by the
 * scanner.  The caller releases *out in any case.
 */
int	custom_take(const struct custom *c, const struct firmware *said,
	    const char *git_path, const struct buf *bytes,
	    struct custom_entry *out, struct err *e);
/* All of standard input, up to out's ceiling. */
int	custom_input(struct buf *out, struct err *e);
void	custom_release(struct custom_entry *en);

/*
 * The rows of an entry, and its place in the history; within a group of
 * writes.  An entry of the same bytes that is there already keeps what is not
 * said anew; *again is set, and en says what all of it is then.
 */
int	custom_keep(struct store *s, struct custom_entry *en,
	    const char *now, bool *again, struct err *e);

#endif
