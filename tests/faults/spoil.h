/* SPDX-License-Identifier: MIT */
#ifndef MPF_FAULTS_SPOIL_H
#define MPF_FAULTS_SPOIL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"

/*
 * spoil: what goes wrong with bytes on their way to and from a board.  Pure:
 * a byte in, what becomes of it out.
 */

enum spoil_kind {
	SPOIL_NONE,
	SPOIL_PRINT,			/* the board's program prints text */
	SPOIL_DROP,			/* the byte is lost */
	SPOIL_FLIP,			/* a bit of it is */
	SPOIL_DOUBLE,			/* it comes twice */
	SPOIL_CUT,			/* the cable is pulled out there */
	SPOIL_MUTE,			/* nothing more comes */
	SPOIL_DELAY			/* it comes ms later */
};

struct spoil {
	enum spoil_kind	 kind;
	bool		 to_board;	/* of the bytes that we send */
	size_t		 at;		/* before or at this byte, from 0 */
	size_t		 every;		/* and so many bytes later; 0: once */
	const char	*text;		/* SPOIL_PRINT */
	int		 bit;		/* SPOIL_FLIP: 0 to 7 */
	int		 ms;		/* SPOIL_DELAY */
};

#define SPOILS_MAX	6		/* at most, in one run */


/* One run: the faults, and how many bytes went each way. */
struct spoiler {
	struct spoil	 fault[SPOILS_MAX];
	size_t		 n;
	size_t		 from_board, to_board;
	bool		 pulled, mute;	/* the cable; what the board says */
	int		 late_ms;	/* what comes next waits for so long */
};

/* The next byte of that direction; what becomes of it is added to out. */
void	spoil_byte(struct spoiler *s, bool to_board, char c, struct buf *out);
/* "print "12" at byte 17, every 0, from the board", for a person. */
void	spoil_show(const struct spoil *f, char *out, size_t n);
/*
 * "KIND[=WHAT]@BYTE[/EVERY]", from the board: "print=20@17", "flip=3@9/100",
 * "delay=500@0".  ERR_USAGE; text must outlive *out, and is cut up.
 */
int	spoil_parse(char *text, struct spoil *out, struct err *e);

#endif
