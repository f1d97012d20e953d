/* SPDX-License-Identifier: MIT */
#ifndef MPF_UPSTREAM_CATALOG_H
#define MPF_UPSTREAM_CATALOG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "facts/version.h"
#include "upstream/git.h"

/*
 * catalog: share/boards.tsv: which boards and variants there are, and in which
 * versions which facts about them hold.
 */

/* In the order of the columns, after port, board, variant, first and last. */
enum fact {
	FACT_NAME,		/* MICROPY_HW_BOARD_NAME */
	FACT_HW_MCU,		/* MICROPY_HW_MCU_NAME */
	FACT_MACHINE,		/* "" where it is NAME with HW_MCU */
	FACT_MCU, FACT_PRODUCT, FACT_VENDOR, FACT_URL,	/* board.json */
	FACT_VID, FACT_PID,	/* four hex digits, where the board sets them */
	FACT_OFFSET,		/* board.json, deploy_options.flash_offset */
	FACT_JSON_ID,		/* board.json, id: the name on the server */
	FACT_VARIANT_TEXT,	/* board.json, variants */
	FACT_RELEASED,		/* 1: the download server builds it */
	FACT_COUNT
};

extern const char *const catalog_facts[FACT_COUNT];	/* of the columns */

#define CATALOG_VALUE	256u	/* bytes of one fact at most */

struct catalog_version {
	char		 name[VERSION_TEXT];	/* "v1.29.0-preview" */
	struct version	 v;
	char		 commit[GIT_ID];	/* "" where it is not known */
	int64_t		 time;			/* of the commit; -1 */
};

struct row {
	char		*port, *board, *variant;
	size_t		 first, last;		/* of the versions */
	char		*f[FACT_COUNT];		/* none is NULL */
};

struct catalog {
	struct catalog_version *version;		/* oldest first */
	size_t		 n_versions;
	char		*tip;		/* what git describe says of it */
	struct row	*row;
	size_t		 n_rows;
	char		**given_up;	/* "PORT ID": old_variants, at the tip;
					   not in the file */
	size_t		 n_given_up;
};

#define CATALOG_INIT	{ NULL, 0, NULL, NULL, 0, NULL, 0 }

void	catalog_release(struct catalog *t);
/* Adds a row with no facts yet: each is "". */
struct row	*catalog_add(struct catalog *t, const char *port,
		    const char *board, const char *variant, size_t version);
void	catalog_drop(struct catalog *t);	/* the row added last */
/*
 * A fact; bytes that a field cannot hold become blanks.  False: it is too
 * long, and left out.
 */
bool	catalog_set(struct row *r, enum fact f, const char *text);
/* By port, board and variant. */
int	catalog_compare(const struct row *a, const struct row *b);
/* "BOARD" or "BOARD-VARIANT", into out. */
void	catalog_id(const struct row *r, struct buf *out);
/*
 * In the order of the file, and with one row for versions in a row of which
 * the facts that tell boards apart are the same.  What only describes a board
 * (mcu, product, vendor, url, flash_offset, variant_text) is in that row as
 * its last version has it.
 */
void	catalog_sort(struct catalog *t);
void	catalog_print(const struct catalog *t, struct buf *out);
/* text is cut up; name is for messages. */
int	catalog_parse(char *text, size_t len, const char *name,
	    struct catalog *out, struct err *e);
void	catalog_give_up(struct catalog *t, const char *port, const char *board,
	    const char *variant);
/* Its place among the versions, or -1. */
long	catalog_version(const struct catalog *t, const char *name);

#endif
