/* SPDX-License-Identifier: MIT */
#ifndef MPF_BOARD_SCAN_H
#define MPF_BOARD_SCAN_H

#include "board/board.h"
#include "board/names.h"

/* scan: one board_scan under way.  For the files of this module. */

struct scan {
	const struct bus		*bus;
	const struct board_scan_opts	*o;
	struct board_list		*out;
	const char *const		*serial, *const *ignore;
	bool				*used;	/* for each of serial */
};

/* A new place at the end of the list. */
struct board_place	*scan_add(struct scan *s);
/* Is this place asked for? */
enum hit		 scan_wanted(struct scan *s, const struct names *names);
bool			 scan_ignored(const struct scan *s,
			    const struct names *names);
/* All that hangs on USB, bootloaders first. */
int			 scan_usb(struct scan *s, struct err *e);

#endif
