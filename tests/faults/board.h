/* SPDX-License-Identifier: MIT */
#ifndef MPF_FAULTS_BOARD_H
#define MPF_FAULTS_BOARD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "bus/bus.h"
#include "sim/console.h"
#include "sim/drive.h"
#include "sim/identity.h"
#include "sim/kind.h"

/*
 * board: a simulated board in memory, from its REPL to its bootloader's drive
 * and back, without a process and without a pty.
 *
 * Time is the test clock of base/clock.  What the board really is and runs is
 * in the struct, for the oracles: nobody needs to ask it.
 */

#define BOARD_PLACE	"1-1.2"		/* where it hangs */
#define BOARD_TTY	"/dev/ttyACM0"
#define BOARD_VOLUME	"/drive"	/* below the test's folder */

enum fake_phase {
	FAKE_RUNS,			/* a tty, MicroPython runs */
	FAKE_LEAVES,			/* on the way to its bootloader */
	FAKE_DRIVE,			/* the bootloader's drive */
	FAKE_RETURNS,			/* on the way back */
	FAKE_GONE			/* for good */
};

struct fake {
	const struct sim_kind	*kind;
	const struct sim_chip	*chip;
	struct sim_identity	 id;
	struct sim_console_opts	 opts;
	struct sim_files	*files;
	struct sim_console	*console;
	struct sim_drive	 drive;
	struct buf		 flashed;	/* the last whole image taken */
	enum fake_phase		 phase;
	int64_t			 due;		/* of the next phase */
	unsigned		 life;		/* times that it began to run */
	unsigned		 soft_resets, left, blocks;
	unsigned		 stays;		/* it starts no new image */
};

/* A board of this kind ("rp2"), board id and version, that runs. */
void	fake_plug(struct fake *f, const char *kind, const char *board_id,
	    const char *version, const struct sim_console_opts *opts);
void	fake_unplug(struct fake *f);		/* twice is fine */
/* Into its bootloader, as if somebody had pressed its button. */
void	fake_press(struct fake *f);
/* Its tty was closed at 1200 baud. */
void	fake_touch(struct fake *f);
/* Does what is due now. */
void	fake_turn(struct fake *f);
/* When fake_turn has something to do next; SIM_FOREVER. */
int64_t	fake_due(const struct fake *f);
/* As bus_look of BOARD_PLACE. */
void	fake_place(struct fake *f, struct bus_place *out);
/* The unique id in hex: 2 * SIM_UID_MAX + 1 bytes. */
void	fake_uid(const struct fake *f, char *out);

#endif
