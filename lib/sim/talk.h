/* SPDX-License-Identifier: MIT */
#ifndef MPF_SIM_TALK_H
#define MPF_SIM_TALK_H

#include "sim/child.h"
#include "sim/console.h"
#include "sim/kind.h"

/*
 * talk: what is behind the tty: the simulated REPL, a real MicroPython, a
 * receiver that sends its position, or nothing.
 */

struct sim_talk_opts {
	struct sim_console_opts console;
	const char	*command;	/* a real MicroPython; NULL */
	int64_t		 slow_ms;	/* before each answer */
};

struct sim_talker {
	const struct sim_kind	*kind;
	const struct sim_talk_opts *opts;
	struct sim_console	*console;	/* NULL: none */
	struct sim_child	 child;
	struct buf		 out;		/* not from the console */
	int64_t			 next;		/* when it speaks unasked */
	int64_t			 hold;		/* answers wait; 0: not */
};

#define SIM_TALKER_INIT	{ .child = SIM_CHILD_INIT, .out = BUF_INIT, \
			  .next = SIM_FOREVER }

/* All borrowed: they must outlive it. */
int	sim_talk_start(struct sim_talker *t, const struct sim_talk_opts *opts,
	    const struct sim_kind *kind, const struct sim_identity *id,
	    struct sim_files *fs, int64_t now, struct err *e);
void	sim_talk_stop(struct sim_talker *t);	/* not started is fine */
void	sim_talk_input(struct sim_talker *t, const void *p, size_t n,
	    int64_t now);
/* As sim_console_turn, and a program that ended says the same by 12. */
enum sim_action	sim_talk_turn(struct sim_talker *t, int64_t now);
int64_t	sim_talk_due(const struct sim_talker *t);
/* Moves what may be sent now into out. */
void	sim_talk_send(struct sim_talker *t, struct buf *out, int64_t now);

#endif
