/* SPDX-License-Identifier: MIT */
#ifndef MPF_CHOOSE_IMPL_H
#define MPF_CHOOSE_IMPL_H

#include "choose/choose.h"
#include "facts/identify.h"

/* impl: what the files of this module share.  For them alone. */

#define FOUND_MAX	8u	/* boards that --board may mean */
#define CACHE_MAX	64u	/* answers of the index that are kept */

/* What the index says for one board, variant and kind of bootloader. */
struct answer {
	char		*port, *board_id, *variant, *mode;	/* the key */
	bool		 page;		/* there is one */
	char		*url;
	int64_t		 fetched_at;
	struct pick	 pick;
};

struct choose {
	struct choose_opts	 o;
	struct wanted		 wanted;
	struct store		*store;
	struct facts		*facts;

	/* --board: the names of today that it may mean. */
	struct board_name	 named[FOUND_MAX];
	size_t			 n_named;
	bool			 no_variant;	/* --variant - */

	struct answer		*cache[CACHE_MAX];
	size_t			 n_cached, next;
	struct picked		 custom;	/* the last one found */

	/* Of the last choice; its strings point here. */
	const char		**candidates;
	size_t			 n_candidates;
	char			*id, *variant;	/* split from a text */
	char			 version[VERSION_TEXT];
	char			 reason[SKIP_REASON + 2 * BOARD_NAME_TEXT];
};

/* What is being chosen for. */
struct subject {
	const struct device		*d;
	const struct board		*b;
	const struct choose_said	*said;
	bool				 exact;	/* named by the user */
};

/* --- gate.c --- */

enum gate {
	GATE_SKIP,		/* leave it alone; out->firmware.reason */
	GATE_ASK,		/* it answers */
	GATE_BOOTLOADER,
	GATE_BLIND		/* it does not answer, but the user insists */
};

/* May it be flashed at all?  -1: it was named, but cannot be. */
int	choose_gate(struct choose *c, struct subject *su, enum gate *out,
	    struct err *e);

/* --- who.c --- */

/* Which board firmware to get; and in *runs what it is now, if known. */
int	choose_who(struct choose *c, const struct subject *su, enum gate how,
	    struct board_name *get, struct board_name *runs, struct err *e);
/* Looks --board up, once. */
int	choose_named(struct choose *c, struct err *e);

/* --- runs.c --- */

/*
 * What is there now, by today's names.  IDENTITY_NONE also where there is
 * nothing to tell it by.
 */
void	choose_runs(struct choose *c, const struct subject *su,
	    struct identity *out);

/* --- tidy.c --- */

bool	same_text(const char *a, const char *b);	/* NULL is "" */
/* ERR_INPUT where that is no id; a port that is none is dropped. */
int	tidy_name(const struct subject *su, struct board_name *name,
	    struct err *e);
/* Drops what is not as it should be. */
void	tidy_firmware(struct firmware *fw);

/* --- candidates.c --- */

void	candidates_clear(struct choose *c);
void	candidates_add(struct choose *c, const struct board_name *name);
/* All released boards that a device in such a bootloader may be. */
void	candidates_by_chip(struct choose *c, const struct device *d,
	    const char **chip);
/* "A, B, C and 12 more" */
void	candidates_text(const struct choose *c, char *out, size_t size);
/* "two", "three"... or figures. */
const char	*count_text(size_t n, char out[24]);

/* --- index.c --- */

int	choose_index(struct choose *c, const struct board_name *get,
	    const char *mode, const struct answer **out, struct err *e);
int	choose_custom(struct choose *c, const struct board_name *get,
	    struct firmware *fw, struct err *e);
void	choose_forget(struct choose *c);
void	choose_drop_custom(struct choose *c);

#endif
