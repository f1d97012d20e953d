/* SPDX-License-Identifier: MIT */
#ifndef MPF_FACTS_IMPL_H
#define MPF_FACTS_IMPL_H

#include "facts/facts.h"

/* impl: the handle, for the files of this module alone. */

#define KEEP_LOOK	16u	/* rows beside one another share their texts */

struct rename {
	struct board_name	from, to;	/* board_id "*": any */
};

struct facts {
	struct version	*releases;	/* oldest first */
	size_t		 n_releases;
	struct fact	*rows;
	size_t		 n_rows, rows_room;
	struct rename	*renames;
	size_t		 n_renames;
	char		**kept;
	size_t		 n_kept, room;
};

#endif
