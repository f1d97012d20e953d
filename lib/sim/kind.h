/* SPDX-License-Identifier: MIT */
#ifndef MPF_SIM_KIND_H
#define MPF_SIM_KIND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

/*
 * kind: what sorts of boards can be simulated.  One const struct each; a new
 * one touches the table, one test and one paragraph of mpf-sim(1).
 *
 * Source of the USB ids and of INFO_UF2.TXT: pico-bootrom, uf2-samdx1 and
 * MicroPython's ports (mpconfigport.h).
 */

enum sim_bootloader {
	SIM_BOOT_NONE,			/* there is no machine.bootloader */
	SIM_BOOT_UF2,			/* a drive on the same place */
	SIM_BOOT_DFU			/* another USB device, no drive */
};

/* What is at the other end of the tty. */
enum sim_talk {
	SIM_TALK_REPL,
	SIM_TALK_SILENT,		/* takes all, says nothing */
	SIM_TALK_NMEA			/* a GPS receiver: no MicroPython */
};

/* A chip's bootloader, where it has one that mpf-sim plays. */
struct sim_chip {
	const char	*mcu;		/* as boards.tsv has it; "" any other */
	const char	*vid, *pid;	/* of the bootloader */
	const char	*manufacturer, *product;
	const char	*serial;	/* NULL: that of the application */
	const char	*label;		/* of the drive */
	const char	*info;		/* INFO_UF2.TXT */
	uint32_t	 family;	/* of UF2 blocks */
	bool		 family_needed;	/* blocks without one are ignored */
	bool		 e10;		/* takes RP2350's erratum block */
	bool		 partition;	/* the drive has a partition table */
};

struct sim_kind {
	const char	*name;
	const char	*summary;	/* one line for --help */
	const char	*port;		/* MicroPython's: "rp2", or NULL */
	const char	*board_id;	/* the default board, or NULL */
	enum sim_talk	 talk;
	enum sim_bootloader boot;
	const char	*vid, *pid;
	const char	*manufacturer, *product;
	const char	*serial;	/* NULL: the unique id in hex */
	const char	*esp;		/* the chip whose ROM it has; NULL */
	unsigned	 revision;	/* of that: major * 100 + minor */
	const char	*version;	/* that it runs; NULL: the usual */
	bool		 bridge;	/* between USB and a UART: ttyUSB */
	bool		 touch;		/* 1200 baud leads to boot */
	size_t		 uid_bytes;	/* machine.unique_id() */
	unsigned	 arch;		/* of .mpy files, py/persistentcode.h */
	const struct sim_chip *chips;	/* the last one has mcu "" */
	const char	*probe;		/* label of a debug probe's drive */
};

/* All of them; ends with a NULL name. */
extern const struct sim_kind sim_kinds[];

const struct sim_kind	*sim_kind(const char *name);	/* NULL: none */
/* ERR_USAGE, with the names that there are; word: what was given, or NULL. */
int	sim_kind_missing(const char *word, struct err *e);
/* The bootloader of this MCU; NULL where kind has none. */
const struct sim_chip	*sim_chip(const struct sim_kind *k, const char *mcu);

#endif
