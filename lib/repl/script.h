/* SPDX-License-Identifier: MIT */
#ifndef MPF_REPL_SCRIPT_H
#define MPF_REPL_SCRIPT_H

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"

/*
 * script: the Python that runs on boards, compiled in from share/probe/.
 *
 * Each takes arguments, any bytes, and answers with fields in a parcel
 * (parcel.h); where no field is named, an empty one says that it was done.
 *
 *	facts KEY=EXPRESSION...		KEY: its value, of those that have one;
 *					"=STATEMENT" is executed
 *	files KEY=PATH|PATH...		KEY (in pieces), KEY-more, KEY-shut
 *	platform			platform: sys.platform
 *	read PATH [FROM SIZE]		data, in pieces
 *	write PATH BYTES LAST		opens it (if PATH is not empty), writes,
 *					and closes it (if LAST is not)
 *	rename FROM TO			no: this board cannot
 *	remove PATH
 *	list FOLDER NAME...		folder: PATH, file: SIZE PATH; not NAMEs
 *	mkdir PATH
 *	hash PATH			sha256; or nothing: it cannot
 *	space FOLDER			free: bytes
 *	format MOUNT [CLASS DEVICE ARGUMENTS]...	kind: of them
 *	erase MOUNT DEVICE FROM NUMBER	blocks: of the device
 *	bootloader			100 ms later the board is gone
 *
 * Or "error", an exception's repr(), for any of them.
 */

#define SCRIPT_ARGS	32		/* at most */

struct script_arg {
	const void	*p;
	size_t		 n;
};

struct script_arg	script_text(const char *s);	/* without its NUL */

/* In order of names, with the frame around all; ends with a NULL name. */
struct script {
	const char	*name;
	const char	*body;
};

extern const struct script	scripts[];

/*
 * Adds that script with its arguments, for the run of that number, to out.  -1:
 * no such script.
 */
int	script_add(struct buf *out, const char *name, uint32_t nonce,
	    const struct script_arg *args, size_t n);
/* The number with which the sums of its answer begin. */
uint32_t	script_nonce(uint32_t nonce, const struct script_arg *args,
		    size_t n);

/* A script that was sent to a simulated board. */
struct script_call {
	const char	*name;
	uint32_t	 nonce;		/* as script_nonce says */
	struct buf	 arg[SCRIPT_ARGS];
	size_t		 n;
};

/*
 * Is it what script_add writes?  0 and *out, which script_call_release
 * releases; else -1.
 */
int	script_read(const char *code, size_t n, struct script_call *out);
void	script_call_release(struct script_call *c);

#endif
