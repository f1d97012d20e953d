/* SPDX-License-Identifier: MIT */
#ifndef MPF_UPSTREAM_MACRO_H
#define MPF_UPSTREAM_MACRO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "upstream/vars.h"

/*
 * macro: C's macros without arguments, and what they expand to.  The text is
 * one line without comments.  Pure.
 */

#define MACRO_DEPTH	32u		/* macros in each other */
#define MACRO_STEPS	(8u << 10)	/* words looked at for one answer */
#define MACRO_BYTES	(64u << 10)	/* of one answer */

/* Readers: how long is it?  0: there is none at s. */
size_t		 macro_word(const char *s);	/* an identifier */
size_t		 macro_quoted(const char *s);	/* s begins with a quote */
const char	*macro_blanks(const char *s);	/* behind them */

/* "NAME text" or "NAME(x) text", as behind #define. */
void	macro_define(struct vars *macros, const char *s);
/* Adds text, expanded, to out; -1: it grows beyond the limits. */
int	macro_expand(const struct vars *macros, const char *text,
	    struct buf *out);
/* What a name expands to, if that is one string, or one whole number. */
bool	macro_string(const struct vars *macros, const char *name,
	    struct buf *out);
bool	macro_number(const struct vars *macros, const char *name,
	    int64_t *out);

#endif
