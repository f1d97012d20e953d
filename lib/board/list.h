/* SPDX-License-Identifier: MIT */
#ifndef MPF_BOARD_LIST_H
#define MPF_BOARD_LIST_H

#include "board/board.h"

/* list: the places that a scan has found.  For the files of this module. */

/* The list frees s; NULL is fine. */
char	*list_own(struct board_list *l, char *s);
/* Those that another program has open are busy, but for named ones. */
void	list_holders(struct board_list *l, const struct bus *b);

#endif
