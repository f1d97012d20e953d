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
 * probe: what a board answers to share/probe/facts.py and files.py.
 *
 * Fields (repl/parcel.h): a fact each; "info" and "record", the pieces of the
 * two files, and "info-more" if there is more than was sent, "info-shut" with
 * the exception where no place for it can be opened.
 */

#define PROBE_TEXT_MAX	256		/* bytes of a fact; longer is none */
#define PROBE_FILE_MAX	8192		/* bytes of a file; as files.py */
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
	char		*storage;	/* address, bytes, files; in decimal */
	uint8_t		 uid[PROBE_UID_MAX];
	size_t		 uid_len;
	struct buf	 info, record;	/* the two files; data "": none */
	bool		 info_too_large, record_too_large;
	char		*info_shut, *record_shut;	/* why; NULL */
};

/* ERR_PROTOCOL if these are no fields, or it does not even name itself. */
int	probe_parse(const struct buf *fields, struct probe *out,
	    struct err *e);
/*
 * Asks the board; one without room for all questions is asked a few at a time.
 * What it says of itself is had even where its files are not.
 */
int	probe_ask(struct repl *r, int64_t deadline, struct probe *out,
	    struct err *e);

/*
 * The arguments of facts.py, for the questions of these groups, a set of bits,
 * and those of files.py.  How many there are.
 */
#define PROBE_ALL	127
size_t	probe_questions(int groups, struct script_arg out[SCRIPT_ARGS]);
size_t	probe_files(struct script_arg out[SCRIPT_ARGS]);
void	probe_release(struct probe *p);

#endif
