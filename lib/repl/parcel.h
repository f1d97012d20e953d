/* SPDX-License-Identifier: MIT */
#ifndef MPF_REPL_PARCEL_H
#define MPF_REPL_PARCEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"

/*
 * parcel: the answer of a script, as share/probe/frame.py packs it.  Pure.
 *
 * A program on the board (a timer, a thread) may print at any byte of it, so
 * an answer comes in chunks, and what is between chunks is passed over:
 *
 *	<PLACE:HEX;SUM>		at most PARCEL_CHUNK bytes from PLACE on
 *	<LENGTH.TOTAL;SUM>	the end
 *
 * Numbers are lower-case hex.  TOTAL is parcel_sum over all bytes, from 0.  A
 * chunk's SUM is that over its bytes, beginning with the run's number plus
 * PLACE; that of the end is the run's number plus LENGTH plus TOTAL.  The run's
 * number is the one that the host chose (the nonce), through parcel_sum with
 * all bytes of all arguments; an exception's text is an answer under a number
 * of its own (parcel_error).  So a late answer to an earlier run does not fit,
 * nor an answer to arguments that arrived wrong.
 *
 * Chunks that arrived whole are kept while the rest is asked for again.  An
 * answer is whole when every byte up to LENGTH is there and TOTAL fits; if it
 * does not fit, the board's answer has changed meanwhile, and all begins anew.
 *
 * What is packed is fields: "KEY=LENGTH:" (decimal) and so many bytes.
 */

#define PARCEL_CHUNK	16
#define PARCEL_MODULUS	2097143u	/* the largest prime below 2^21 */

enum parcel_state {
	PARCEL_OPEN,			/* not all of it is there */
	PARCEL_WHOLE,			/* bytes[PARCEL_ANSWER] */
	PARCEL_RAISED,			/* bytes[PARCEL_ERROR] */
	PARCEL_OVER			/* it is longer than max */
};

enum { PARCEL_ANSWER, PARCEL_ERROR, PARCEL_KINDS };

#define PARCEL_TEXT	64		/* of a chunk, between < and > */

struct parcel_part {
	struct buf	 bytes, have;	/* have: 1 where a byte has come */
	size_t		 known;		/* so many have */
	bool		 ended;
	uint32_t	 length, total;	/* what the end said */
};

struct parcel {
	uint32_t		 nonce;
	size_t			 max;
	enum parcel_state	 state;
	bool			 in;	/* inside a chunk */
	char			 text[PARCEL_TEXT];
	size_t			 len;
	size_t			 fitting; /* chunks and ends, of all runs */
	struct parcel_part	 part[PARCEL_KINDS];
};

/* max: bytes that an answer may have.  After parcel_begin: parcel_end. */
void	parcel_begin(struct parcel *p, size_t max);
/* A run begins: from now on chunks must fit this number of it. */
void	parcel_run(struct parcel *p, uint32_t nonce);
enum parcel_state	parcel_feed(struct parcel *p, char c);
void	parcel_end(struct parcel *p);

uint32_t	parcel_sum(uint32_t sum, const void *p, size_t n);
/*
 * The number under which the run with this number says what it raises: as if
 * the byte 256 came behind its arguments, which no wrong byte of them gives.
 */
uint32_t	parcel_error(uint32_t nonce);
/* The number of a session's run, counted from 0; it began at clock_ms() ms. */
uint32_t	parcel_nonce(int64_t ms, unsigned run);

/* The board's side: n bytes packed, for a simulator and for tests. */
void	parcel_pack(struct buf *out, uint32_t nonce, const void *p, size_t n);

struct parcel_field {
	const char	*key;		/* borrowed, as is p */
	size_t		 key_len;
	const uint8_t	*p;
	size_t		 n;
};

/* Adds "KEY=LENGTH:" and the bytes. */
void	parcel_put(struct buf *out, const char *key, const void *p, size_t n);
/*
 * The field at *at, and *at is moved behind it.  1; 0 at the end; -1: it is
 * not a field.
 */
int	parcel_next(const struct buf *b, size_t *at,
	    struct parcel_field *out);
bool	parcel_is(const struct parcel_field *f, const char *key);

#endif
