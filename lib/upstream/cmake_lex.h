/* SPDX-License-Identifier: MIT */
#ifndef MPF_UPSTREAM_CMAKE_LEX_H
#define MPF_UPSTREAM_CMAKE_LEX_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/err.h"
#include "upstream/vars.h"

/*
 * cmake_lex: CMake's text as commands, "name(argument ...)", and what its
 * arguments mean.  For cmake.c, and for tests.
 */

enum cmake_kind { CMAKE_BARE, CMAKE_QUOTED, CMAKE_BRACKET };

struct cmake_arg {
	char		*text;
	enum cmake_kind	 kind;
};

struct cmake_command {
	char		*name;		/* in lower case */
	struct cmake_arg *arg;
	size_t		 n;
};

/*
 * The next command of *text, which it steps over.  1, 0: there are no more,
 * or -1.  The caller releases *out after 1 alone.
 */
int	cmake_next(const char **text, struct cmake_command *out,
	    struct err *e);
void	cmake_command_release(struct cmake_command *c);
void	cmake_command_add(struct cmake_command *c, const char *p, size_t n,
	    enum cmake_kind kind);

/*
 * Adds s to out with its ${NAME} and escapes replaced; -1: it is beyond the
 * limits.
 */
int	cmake_expand(const struct vars *vars, const char *s, struct buf *out,
	    struct err *e);

#endif
