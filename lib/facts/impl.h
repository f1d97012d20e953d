/* SPDX-License-Identifier: MIT */
#ifndef MPF_FACTS_IMPL_H
#define MPF_FACTS_IMPL_H

#include "facts/facts.h"

/* impl: the handle, for the files of this module alone. */

#define TEXTS_BYTES	16384u	/* of texts, allocated at a time */
#define TOLD_MAX	64u	/* versions; the table has half as many */

/* Copies of texts, one behind the other. */
struct texts {
	struct texts	*next;
	size_t		 used, size;
	char		 bytes[];
};

/* When a version of a row was: facts_when. */
struct told_version {
	const char	*version;
	bool		 known;		/* it is one */
	int		 when;
};

struct rename {
	struct board_name	from, to;	/* board_id "*": any */
	struct version		since;		/* the first with the new one */
};

/* A row under one of its names, "raspberry pi pico"; see shape.h. */
struct name_key {
	const char	*name;		/* folded */
	const char	*mcu;		/* as written; NULL: it leaves it out */
	unsigned	 row;
};

struct facts {
	struct version	*releases;	/* oldest first */
	size_t		 n_releases;
	struct fact	*rows;
	size_t		 n_rows, rows_room;
	unsigned	*by_id;		/* rows by board_id, in any case */
	struct name_key	*by_name;	/* by name */
	size_t		 n_by_name;
	struct rename	*renames;
	size_t		 n_renames;
	struct texts	*texts;
	struct told_version told[TOLD_MAX];
	size_t		 n_told;
};

/* A copy that lives as long as f; NULL is NULL. */
const char	*facts_keep(struct facts *f, const char *text);

/* --- lookup.c --- */

/* Sorts the rows, when all are there. */
void	lookup_build(struct facts *f);
void	lookup_free(struct facts *f);
/* The i-th row under that folded name; NULL: it has no more. */
const struct name_key	*lookup_name(const struct facts *f, const char *name,
			    size_t i);

#endif
