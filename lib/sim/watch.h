/* SPDX-License-Identifier: MIT */
#ifndef MPF_SIM_WATCH_H
#define MPF_SIM_WATCH_H

#include <stdbool.h>

/*
 * watch: something happened to that file or folder; go and look.
 *
 * By inotify(7) where there is one; elsewhere watch_fd is -1 and the owner
 * looks every WATCH_POLL_MS.
 */

#define WATCH_POLL_MS	10

struct sim_watch {
	int	 fd;
};

#define SIM_WATCH_INIT	{ -1 }

enum sim_watch_for {
	SIM_WATCH_OPEN,			/* this file is opened or closed */
	SIM_WATCH_CHANGE		/* what is in this folder changes */
};

void	sim_watch_open(struct sim_watch *w, const char *path,
	    enum sim_watch_for what);
/* Forgets what it has told; was there among it that somebody closed it? */
bool	sim_watch_drain(struct sim_watch *w);
void	sim_watch_close(struct sim_watch *w);	/* not open is fine */

#endif
