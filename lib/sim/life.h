/* SPDX-License-Identifier: MIT */
#ifndef MPF_SIM_LIFE_H
#define MPF_SIM_LIFE_H

#include "sim/drive.h"
#include "sim/port.h"
#include "sim/probe.h"
#include "sim/rom.h"
#include "sim/sim.h"
#include "sim/tree.h"

/*
 * life: a board's phases, each of which puts something else into the tree.
 * For sim.c alone.
 */

enum phase {
	PHASE_APP,			/* a tty, MicroPython runs */
	PHASE_TO_BOOT,			/* gone, on the way to the bootloader */
	PHASE_BOOT,			/* a drive */
	PHASE_TO_APP,			/* gone, on the way back */
	PHASE_DEAD			/* gone, for good */
};

struct sim {
	const struct sim_opts	*o;
	const struct sim_chip	*chip;	/* NULL: no bootloader */
	struct sim_identity	 id;
	struct sim_files	*files;
	enum phase		 phase;
	int64_t			 due;	/* of the next phase */
	struct tree_plug	 plug;
	struct sim_port		 port;
	struct sim_talker	 talker;
	struct sim_rom		 rom;
	struct sim_drive	 drive;
	struct sim_probe	 probe;
	bool			 failed;	/* FAIL.TXT is on its drive */
	bool			 complete;
	uint32_t		 told;	/* blocks in the last event */
	char			*name;	/* the tty's last: "ttyACM0" */
	char			 address[40];	/* of its server; "" */
	struct sim_child	 command;
	struct buf		 event;
	int			 status;
	bool			 over;
};

/* Plugs the tty in, and tells it by that event. */
int	life_begin(struct sim *s, const char *event, struct err *e);
/* Does what there is to do now. */
int	life_turn(struct sim *s, struct err *e);
/* Takes everything away; not begun is fine. */
void	life_end(struct sim *s);

#endif
