/* SPDX-License-Identifier: MIT */
#ifndef MPF_BASE_BUF_H
#define MPF_BASE_BUF_H

#include <stddef.h>

/*
 * buf: bytes that grow, up to a ceiling given when it is made.
 *
 * data is always followed by a NUL that len does not count, so that text can
 * be read from it as a string; an empty buf that never held anything has
 * data "".  A caller that fills a buf with bytes from outside gives it a
 * ceiling, and looks at the answer; a caller that writes text of its own may
 * ignore the answer, as BUF_INIT sets no ceiling.
 */
struct buf {
	char	*data;
	size_t	 len;		/* bytes in use */
	size_t	 cap;		/* bytes allocated; 0: data is not ours */
	size_t	 max;		/* the ceiling for len */
};

#define BUF_INIT	{ (char *)"", 0, 0, (size_t)-1 }
#define BUF_MAX(max)	{ (char *)"", 0, 0, (max) }

/*
 * Each returns 0, or -1 with nothing added when it would pass the ceiling.
 * What is added may not lie in b itself.
 */
int	buf_add(struct buf *b, const void *p, size_t n);
int	buf_addc(struct buf *b, char c);
int	buf_adds(struct buf *b, const char *s);
int	buf_addf(struct buf *b, const char *fmt, ...)
	    __attribute__((format(printf, 2, 3)));
/*
 * Room for n bytes and no more, for a caller that writes to data + len
 * and then says how many they were.  -1 if that passes the ceiling.
 */
int	buf_room(struct buf *b, size_t n);
void	buf_took(struct buf *b, size_t n);
/* Takes the first n bytes away (all, if there are fewer). */
void	buf_drop(struct buf *b, size_t n);
void	buf_clear(struct buf *b);	/* len 0; the memory stays */
void	buf_release(struct buf *b);	/* as after BUF_INIT, same ceiling */
/* Hands the bytes to the caller, who frees them; b is empty afterwards. */
char	*buf_steal(struct buf *b);

#endif
