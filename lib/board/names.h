/* SPDX-License-Identifier: MIT */
#ifndef MPF_BOARD_NAMES_H
#define MPF_BOARD_NAMES_H

#include <stdbool.h>
#include <stddef.h>

#include "bus/bus.h"

/* names: what one place may be called, and what a user may have meant. */

#define NAMES_MAX	8

struct names {
	const char	*v[NAMES_MAX];	/* borrowed */
	size_t		 n;
	size_t		 exact;		/* the first so many name no other */
	char		*real;		/* the file behind the tty or volume */
};

enum hit { MISS, PATTERN, NAME };

/* Adds s; NULL is fine.  exact ones come first. */
void	names_add(struct names *names, const char *s, bool exact);
/* The tty or volume is this file, symlinks resolved; NULL is fine. */
void	names_file(struct names *names, const struct bus *b,
	    const char *name);
void	names_release(struct names *names);

bool	names_pattern(const char *arg);		/* is it a pattern? */
/* Does arg, a name or a pattern, mean this place? */
enum hit	names_hit(const struct names *names, const struct bus *b,
		    const char *arg);

#endif
