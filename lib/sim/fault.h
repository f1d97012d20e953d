/* SPDX-License-Identifier: MIT */
#ifndef MPF_SIM_FAULT_H
#define MPF_SIM_FAULT_H

#include <stdint.h>

#include "base/err.h"

/*
 * fault: what may go wrong with a simulated board, by order.
 */

enum sim_fault_kind {
	SIM_FAULT_NONE,
	SIM_FAULT_PROBE,	/* it vanishes when it is asked anything */
	SIM_FAULT_SILENCE,	/* the first answers come, then none */
	SIM_FAULT_GARBAGE,	/* answers are noise */
	SIM_FAULT_FLOOD,	/* answers are 10 MB */
	SIM_FAULT_UTF8,		/* answers hold bytes that are not UTF-8 */
	SIM_FAULT_BOOTLOADER,	/* hangs in machine.bootloader() */
	SIM_FAULT_DRIVE,	/* the tty goes and no drive comes */
	SIM_FAULT_MOUNT,	/* a drive comes, and nobody mounts it */
	SIM_FAULT_BLOCK,	/* the drive vanishes after n blocks */
	SIM_FAULT_FAIL,		/* a probe says FAIL.TXT */
	SIM_FAULT_BOOT,		/* the new firmware never shows up */
	SIM_FAULT_BOARD,	/* another board's firmware shows up */
	SIM_FAULT_RECORD,	/* writing a file fails with OSError n */
	/* Of the boot loader of an ESP chip; all but two once. */
	SIM_FAULT_REPLY,	/* its answer to request n is lost */
	SIM_FAULT_DROP,		/* byte n that comes in is */
	SIM_FAULT_FLIP,		/* a bit of byte n is wrong */
	SIM_FAULT_STUCK,	/* what it programs for the n-th time stays */
	SIM_FAULT_DIGEST,	/* its digests are wrong */
	SIM_FAULT_MUTE		/* from request n on it is silent */
};

struct sim_fault {
	enum sim_fault_kind kind;
	uint32_t	 n;
};

struct sim_fault_name {
	const char	*name;
	const char	*summary;	/* one line for --help */
	uint32_t	 n;		/* where none is given */
};

/* In the order of enum sim_fault_kind; ends with a NULL name. */
extern const struct sim_fault_name sim_fault_names[];

/* "block:100", "boot"; ERR_USAGE. */
int	sim_fault_parse(const char *text, struct sim_fault *out,
	    struct err *e);

#endif
