/* SPDX-License-Identifier: MIT */
#ifndef MPF_REPL_SCRIPT_H
#define MPF_REPL_SCRIPT_H

#include <stddef.h>

#include "base/buf.h"

/*
 * script: the Python that runs on boards, compiled in from share/probe/.
 *
 * What is sent begins with a line "#mpf NAME HEX...", the arguments as lower-
 * case hex, by which a recorded or a simulated board knows what is asked.  In
 * the body ARG1, ARG2 stand for the arguments as str literals, DATA1, DATA2
 * as bytes literals.
 *
 *	probe			see board/probe.h; or its halves,
 *	facts, files		for a board that has no room for the whole
 *	platform		sys.platform
 *	read PATH		the bytes as lines of hex, "end" at last
 *	open PATH		"ok"; the file that write and close act on
 *	write BYTES		"ok"
 *	close			"ok"
 *	rename FROM TO		"ok", or "norename": this board can not
 *	remove PATH		"ok"
 *	bootloader		nothing: 100 ms later the board is gone
 */

struct script_arg {
	const void	*p;
	size_t		 n;
};

/* In order of names; ends with a NULL name. */
struct script {
	const char	*name;
	const char	*body;
};

extern const struct script	scripts[];

/*
 * Adds the script of that name, with its arguments, to out.  -1 if there is
 * no such script, or it wants more arguments than n.
 */
int	script_add(struct buf *out, const char *name,
	    const struct script_arg *args, size_t n);

#endif
