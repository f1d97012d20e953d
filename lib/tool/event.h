/* SPDX-License-Identifier: MIT */
#ifndef MPF_TOOL_EVENT_H
#define MPF_TOOL_EVENT_H

#include "stream/stream.h"

/*
 * One event, as mpf-stream(5) has it; NULL or -1: it has no such key.  Workers
 * tell their parents, and tools a front door, in the same lines.
 */
struct event {
	const char	*what;		/* "progress" */
	const char	*device, *name;
	const char	*step, *unit;
	int64_t		 done, total, rate;
	const char	*status, *code, *message, *hint;
	int64_t		 took_ms;
};

#define EVENT_INIT(w)	{ .what = (w), .done = -1, .total = -1, \
			  .rate = -1, .took_ms = -1 }

/*
 * Writes a line of at most PIPE_BUF bytes, so that those of several tools do
 * not mix in one pipe; texts are cut to that end.
 */
int	event_write(int fd, const char *tool, const struct event *ev,
	    struct err *e);
/*
 * Who is told of events: the descriptor asked for (-1: it is not), else that of
 * MPF_EVENTS_FD, else standard error with the progress "json", else *fd is -1.
 * ERR_USAGE: it is not open for writing.
 */
int	event_open(int64_t asked, const char *progress, int *fd,
	    struct err *e);
/* The strings are those of rec.  False: it is not an event. */
bool	event_read(const struct record *rec, struct event *out);

#endif
