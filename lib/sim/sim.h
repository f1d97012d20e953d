/* SPDX-License-Identifier: MIT */
#ifndef MPF_SIM_H
#define MPF_SIM_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "sim/esp.h"
#include "sim/identity.h"
#include "sim/kind.h"
#include "sim/talk.h"

/*
 * sim: one simulated board, from being plugged in to being pulled out.
 *
 * A board is a tty in a tree that --sysroot names, until machine.bootloader()
 * (or the touch at 1200 baud, where the kind has that) makes a drive of it;
 * when a whole UF2 file has arrived there, it is a tty again and runs what the
 * file says that it is.
 */

struct sim_opts {
	const struct sim_kind *kind;
	struct sim_identity id;		/* what runs on it first */
	struct sim_talk_opts talk;
	struct sim_esp_opts esp;	/* .chip NULL: no ESP */
	bool		 paced;		/* a pty takes a line's time */
	bool		 blank;		/* its flash holds no firmware */
	const char	*tsv;		/* boards.tsv */
	/* Where: in a tree, or one of the three below. */
	const char	*root;		/* SYSROOT; NULL */
	const char	*usb_path;	/* "1-1.2" */
	const char	*link;		/* a bare pty with this name; NULL */
	bool		 stdio;		/* the tty is standard input */
	bool		 net;		/* an RFC 2217 server, */
	unsigned	 tcp_port;	/* at this port; 0: a free one */
	const char	*serial;	/* of the USB device; NULL: usual */
	const char	*name;		/* "ttyACM3"; NULL: the first free */
	bool		 new_name;	/* another one after flashing */
	const char	*files;		/* a folder behind its files; NULL */
	const char	*keep;		/* where the drive's blocks go; NULL */
	const char	*after;		/* the machine that shows up; NULL */
	int64_t		 boot_ms;	/* from going away to coming back */
	int64_t		 settle_ms;	/* from the last block to going away */
	char *const	*command;	/* runs when plugged in; NULL */
	/* One line of JSON for each thing that happens. */
	void		(*event)(const char *line, size_t n, void *ctx);
	void		*ctx;
};

#define SIM_LEFT_FOR_BOOTLOADER	12	/* *status with stdio */

/*
 * Plugs it in and plays it until a signal (stop_requested), the end of command
 * or of standard input; then takes away all that it made.  *status is the exit
 * status: the command's, or 0.
 */
int	sim_run(const struct sim_opts *o, int *status, struct err *e);

#endif
