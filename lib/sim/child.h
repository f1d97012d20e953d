/* SPDX-License-Identifier: MIT */
#ifndef MPF_SIM_CHILD_H
#define MPF_SIM_CHILD_H

#include <stdbool.h>
#include <sys/types.h>

#include "base/err.h"

/*
 * child: another program: a real MicroPython behind the tty, or the command
 * that the boards are for.
 */

struct sim_child {
	pid_t	 pid;			/* 0: none, or it has ended */
	int	 fd;			/* our end of its terminal; -1: none */
	int	 status;		/* as a shell has it, once it ended */
};

#define SIM_CHILD_INIT	{ .fd = -1 }

/* Shell text on a raw pty of its own, where ^C is SIGINT as on a board. */
int	sim_child_open_pty(struct sim_child *c, const char *command,
	    struct err *e);
/* argv[0] with our own input and output. */
int	sim_child_open(struct sim_child *c, char *const argv[],
	    struct err *e);
/* Has it ended by now?  Its status is then there. */
bool	sim_child_ended(struct sim_child *c);
/* Ends it, if it has not, and waits for that. */
void	sim_child_close(struct sim_child *c);

#endif
