/* SPDX-License-Identifier: MIT */
#ifndef MPF_SIM_EVENT_H
#define MPF_SIM_EVENT_H

#include <stdint.h>
#include <stdio.h>

#include "base/buf.h"

/*
 * event: what happened, as one line of JSON.  There is no "mpf" key in it, so
 * that the pipe's filters pass it on as somebody else's.
 */

void	sim_event_begin(struct buf *b, const char *name);
/* NULL or "": the key stays away. */
void	sim_event_str(struct buf *b, const char *key, const char *value);
void	sim_event_int(struct buf *b, const char *key, int64_t value);
void	sim_event_end(struct buf *b);		/* with the line break */
/*
 * Opens a file to append to.  Whatever takes bytes will do, as long as
 * somebody reads them: a pipe without a reader is an error (NULL, errno).
 */
FILE	*sim_event_open(const char *path);

#endif
