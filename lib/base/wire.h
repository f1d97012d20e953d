/* SPDX-License-Identifier: MIT */
#ifndef MPF_BASE_WIRE_H
#define MPF_BASE_WIRE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

/*
 * wire: what goes over the links, into a file (--trace) and on to whoever
 * shows it (-vv).  Where it goes belongs to the process, as in base/log.
 *
 * The file has a line for each read, write and setting, in the form that
 * link_replay plays back (link/link.h), and a comment with the link's name and
 * the time where a link begins.  Each line is one write(2), so that processes
 * may share the file: the lines of several links are mixed then.
 */

/* From now on into this file, which is emptied; a regular file or a new one. */
int	wire_open(const char *path, struct err *e);
/* From now on to fn as well: "/dev/ttyUSB0: > text". */
void	wire_show(void (*fn)(const char *line));
/* Does it go anywhere? */
bool	wire_on(void);

void	wire_begin(const char *link);
/* '<': n bytes were read; '>': written. */
void	wire_bytes(const char *link, char kind, const void *p, size_t n);
/* "@ 1200", "~ 1 0", "!" */
void	wire_step(const char *link, const char *step);

#endif
