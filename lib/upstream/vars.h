/* SPDX-License-Identifier: MIT */
#ifndef MPF_UPSTREAM_VARS_H
#define MPF_UPSTREAM_VARS_H

#include <stdbool.h>
#include <stddef.h>

/*
 * vars: names and their text: macros of C, variables of CMake and make.
 * Names are not NUL-terminated when they come, so each has its length.
 */

#define VARS_MAX	20000u		/* names in one set */

struct vars;

struct vars	*vars_new(void);
void		 vars_free(struct vars *v);	/* NULL is fine */

/* Copies both; one beyond VARS_MAX is not taken.  False: it was not. */
bool		 vars_set(struct vars *v, const char *name, size_t len,
		    const char *text);
bool		 vars_puts(struct vars *v, const char *name, const char *text);
/* NULL: there is none.  Borrowed, until the name is set or dropped. */
const char	*vars_get(const struct vars *v, const char *name, size_t len);
const char	*vars_gets(const struct vars *v, const char *name);
void		 vars_drop(struct vars *v, const char *name, size_t len);

#endif
