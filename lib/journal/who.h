/* SPDX-License-Identifier: MIT */
#ifndef MPF_JOURNAL_WHO_H
#define MPF_JOURNAL_WHO_H

#include <stdint.h>

/* who: the user and the host of an event, and how long its stages took. */

struct journal_who {
	char	 user[64];	/* the name of the real user, else the number */
	char	 host[256];	/* MPF_HOST, else that of the system */
	char	 stages[96];	/* JSON: {"flash":6255}; "": not known */
};

/*
 * Milliseconds of each stage; -1: not known.  Under sudo(8): the user who
 * began it.
 */
struct journal_who	journal_who(int64_t flash_ms, int64_t record_ms);

#endif
