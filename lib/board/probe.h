/* SPDX-License-Identifier: MIT */
#ifndef MPF_BOARD_PROBE_H
#define MPF_BOARD_PROBE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "repl/repl.h"

/*
 * probe: what share/probe/facts.py and files.py printed, read.
 *
 * Lines "KEY HEX", "end" at last; a line that is none is a timer's or a
 * thread's of the program on the board, and is passed over.  Such a print may
 * also cut a line in two.  So after each file, and where there is none, comes
 * "KEY-sum SIZE SUM": the file's bytes, or PROBE_FILE_MAX + 1 if there are
 * more than were sent, and probe_sum of those that were sent; or "KEY-sum 0
 * TEXT", the OSError for which it could not open it.
 */

#define PROBE_TEXT_MAX	256		/* bytes of a fact; longer is none */
#define PROBE_FILE_MAX	8192		/* bytes of a file that are sent */
#define PROBE_UID_MAX	32		/* bytes of machine.unique_id() */

/* Owned strings in UTF-8 without control characters; NULL: it did not say. */
struct probe {
	char		*name;		/* of sys.implementation */
	char		*version;	/* "1.24.1-preview" */
	char		*machine;	/* "Raspberry Pi Pico with RP2040" */
	char		*build;		/* "RPI_PICO_W-VARIANT", since v1.25 */
	char		*mpy;		/* a number, in decimal */
	char		*sysver;	/* sys.version */
	char		*platform;	/* sys.platform */
	char		*release, *uversion;	/* of os.uname() */
	uint8_t		 uid[PROBE_UID_MAX];
	size_t		 uid_len;
	struct buf	 info, record;	/* the two files; data "": none */
	bool		 info_too_large, record_too_large;
	char		*info_shut, *record_shut;	/* why; NULL */
};

/*
 * ERR_PROTOCOL if the reply has no end, does not even name itself, or has a
 * file that is not what was sent: then it may be asked again.
 */
int	probe_parse(const char *text, size_t n, struct probe *out,
	    struct err *e);
/* Asks the board, again if its answer is none.  Else as repl_probe. */
int	probe_ask(struct repl *r, int64_t deadline, struct probe *out,
	    struct err *e);
void	probe_release(struct probe *p);
/* As files.py works it out. */
unsigned long	probe_sum(const void *p, size_t n);

#endif
