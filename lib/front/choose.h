/* SPDX-License-Identifier: MIT */
#ifndef MPF_FRONT_CHOOSE_H
#define MPF_FRONT_CHOOSE_H

#include "front/devices.h"
#include "pick/pick.h"

/*
 * choose: what a person chooses from lists at the terminal: the port, the board
 * and the version, in this order.  The value "?" asks for it, and -i for all
 * that no option says.
 */

struct choose {
	const char	*command;	/* "flash" */
	const struct devices *devices;	/* where to look */
	/* The options; NULL: the command has no such option. */
	struct opt_list	*serial, *board, *version;
	const struct opt_list *mirror;	/* NULL */
	bool		 offline;
	/* What was chosen, to which the options point; NULL: nothing. */
	char		*chosen[3];
};

/* Puts what is chosen into the options. */
int	choose_options(struct front *f, struct choose *c, struct err *e);
void	choose_release(struct choose *c);

/* --- lists to choose from: choose_items.c --- */

struct items {
	struct pick_item *v;		/* with strings of their own */
	size_t		  n;
};

/* Copies both, unless the value is there. */
void	items_add(struct items *l, const char *value, const char *text);
/* The ports and drives of the records, with their boards. */
void	items_devices(struct items *l, const struct front_records *r);
/* Boards that records are of. */
void	items_boards(struct items *l, const struct front_records *r);
/* The versions of records of firmware, as they come. */
void	items_versions(struct items *l, const struct front_records *r);
/* All boards, or all releases, of the installed table. */
int	items_known_boards(struct items *l, struct err *e);
int	items_known_versions(struct items *l, struct err *e);
void	items_release(struct items *l);

#endif
