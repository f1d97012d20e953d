/* SPDX-License-Identifier: MIT */
#ifndef MPF_REPL_FRAME_H
#define MPF_REPL_FRAME_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"

/*
 * frame: what a board says, taken in byte by byte.  Pure: no link, no time.
 *
 * Other bytes may come before, after and in between: noise of a bootloader,
 * what a program still had to say, a timer that prints.
 *
 * Source: MicroPython shared/runtime/pyexec.c.
 */

/* Which of several texts comes first?  They may hold any bytes. */
struct seek_text {
	const char	*text;
	size_t		 len;		/* at most SEEK_MAX */
};

#define SEEK_MAX	32
#define SEEK_TEXT(s)	{ (s), sizeof(s) - 1 }

struct seek {
	const struct seek_text	*list;
	size_t			 n;
	char			 tail[SEEK_MAX];	/* the last bytes */
	size_t			 len;
};

void	seek_begin(struct seek *s, const struct seek_text *list, size_t n);
/* The index of the text that ends with this byte, the first if several do. */
int	seek_feed(struct seek *s, char c);	/* -1: none */

/*
 * The reply to code, from the acknowledgement ("OK", or 04 after raw-paste)
 * to the next prompt: ACK output 04 traceback 04 >
 */
enum frame_state {
	FRAME_ACK, FRAME_OUTPUT, FRAME_TRACE, FRAME_PROMPT, FRAME_DONE,
	FRAME_OVER			/* more output than allowed */
};

#define FRAME_TRACE_MAX	2048		/* bytes kept of it: the last ones */

struct frame {
	enum frame_state	 state;
	struct seek		 ack;
	bool			 cr;	/* one that may belong to a \n */
	struct buf		*out;	/* borrowed; NULL: passed over */
	size_t			 left;	/* bytes that out may still get */
	struct buf		 trace;	/* "": no exception */
};

/*
 * paste: was the code sent by raw-paste?  Output goes to *out, "\r\n" as
 * "\n", at most max bytes of it.  After frame_begin comes frame_end.
 */
void	frame_begin(struct frame *f, bool paste, struct buf *out, size_t max);
enum frame_state	frame_feed(struct frame *f, char c);
void	frame_end(struct frame *f);

/* Adds the last line of a traceback: "OSError: 28". */
void	frame_last_line(struct buf *out, const struct buf *trace);
/* Adds an exception's repr(), "OSError(28,)", as a traceback has it. */
void	frame_exception(struct buf *out, const void *repr, size_t n);
/* The errno in a traceback's last line, 0 if it is no OSError with one. */
int	frame_errno(const char *line);

#endif
