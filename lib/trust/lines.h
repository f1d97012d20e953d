/* SPDX-License-Identifier: MIT */
#ifndef MPF_TRUST_LINES_H
#define MPF_TRUST_LINES_H

#include <stdbool.h>
#include <stddef.h>

/* lines: text from outside, one line after the other. */

struct lines {
	const char	*p;		/* not read yet */
	size_t		 n;
};

/* The next one, without its "\n" or "\r\n"; false: it is missing. */
bool	lines_next(struct lines *l, const char **s, size_t *n);
bool	lines_start(const char *s, size_t n, const char *word);
/* Does nothing but empty lines follow? */
bool	lines_end(struct lines *l);

#endif
