/* SPDX-License-Identifier: MIT */
#ifndef MPF_FRONT_FLOW_H
#define MPF_FRONT_FLOW_H

#include "front/impl.h"

/* flow: a run of one or two pipes, on its way. */

#define PIPES	2

/* One pipe of the run, and what this process has of it. */
struct run_pipe {
	struct front_pipe *p;
	int		 in, out;	/* -1: closed, or not there */
	struct buf	 pending;	/* what is to go in */
	struct stream	 from;
};

struct flow {
	struct front	*f;
	struct run_pipe	 pipes[PIPES];
	size_t		 n;
	pid_t		 group;
	int		 events, errors;	/* what the stages tell */
	struct buf	 told, said;
	struct screen	 screen;
	struct lost	 lost;
	struct front_records *out;
	int		 seen;		/* signals that it knows of */
	int		 stopped;	/* ... and that were passed on */
	int64_t		 kill_ms;	/* when patience ends; 0: it has not */
};

void	flow_close(int *fd);		/* -1 afterwards */
/* Starts all stages; given: the first of them reads what it is given. */
int	flow_start(struct flow *w, bool given, struct err *e);
/* Reads what the stages tell, and what they print on standard error. */
void	hear_events(struct flow *w);
void	hear_errors(struct flow *w);

#endif
