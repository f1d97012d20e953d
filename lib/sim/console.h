/* SPDX-License-Identifier: MIT */
#ifndef MPF_SIM_CONSOLE_H
#define MPF_SIM_CONSOLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "sim/fault.h"
#include "sim/files.h"
#include "sim/identity.h"
#include "sim/kind.h"
#include "sim/python.h"

/*
 * console: a board's side of the REPL: bytes in, bytes out, no I/O.
 *
 * Friendly prompt with echo and paste mode, raw REPL, raw-paste with its
 * windows, soft reset, a program that runs until ^C.
 *
 * Source: MicroPython shared/runtime/pyexec.c and shared/readline/readline.c.
 */

#define SIM_WINDOW	128u		/* bytes of a raw-paste window */
#define SIM_LINE_MAX	(256u * 1024)	/* bytes of code at a time */

struct sim_console_opts {
	bool		 old;		/* no raw-paste: before v1.14 */
	bool		 busy;		/* main.py runs until ^C */
	struct sim_fault fault;
};

struct sim_console;

/* All borrowed, and must outlive it; *opts is copied. */
struct sim_console	*sim_console_new(const struct sim_console_opts *opts,
			    const struct sim_kind *kind,
			    const struct sim_identity *id,
			    struct sim_files *fs);
void	sim_console_free(struct sim_console *c);

/* Power comes: banner and prompt, or the program starts. */
void	sim_console_boot(struct sim_console *c);
/* n bytes arrive at now (clock_ms). */
void	sim_console_input(struct sim_console *c, const void *p, size_t n,
	    int64_t now);
/*
 * Does what is due at now.  What happened, apart from more in *out:
 * SIM_RESET and SIM_BOOTLOADER end the console, whose owner frees it.
 */
enum sim_action	sim_console_turn(struct sim_console *c, int64_t now);
/* When sim_console_turn has something to do next; SIM_FOREVER: never. */
int64_t	sim_console_due(const struct sim_console *c);
/* What the board has sent; the caller drops what it has passed on. */
struct buf	*sim_console_out(struct sim_console *c);

#endif
