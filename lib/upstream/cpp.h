/* SPDX-License-Identifier: MIT */
#ifndef MPF_UPSTREAM_CPP_H
#define MPF_UPSTREAM_CPP_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "upstream/source.h"
#include "upstream/vars.h"

/*
 * cpp: what a header defines, as C's preprocessor would have it: #include,
 * #define, #undef and conditions (C11, 6.10).  Declarations are passed over,
 * and so are macros with arguments, and headers that are not in the tree:
 * those of a chip's maker, and the compiler's.
 *
 * A condition that cannot be worked out is false.
 */


struct cpp {
	struct vars	*macros;	/* name to text; owned */
	struct source	*src;		/* borrowed */
	const char	*const *dirs;	/* looked through for includes; ends
					   with NULL; borrowed */
	unsigned	 depth;
	bool		 placed;	/* the error says in which file */
};

void	cpp_init(struct cpp *c, struct source *src, const char *const *dirs);
void	cpp_release(struct cpp *c);

/* As -DNAME or -DNAME=TEXT: "NAME" or "NAME=TEXT". */
void	cpp_define(struct cpp *c, const char *definition);
/*
 * Reads a file of the tree; ERR_NOT_FOUND: there is none.  ERR_INPUT: it is
 * beyond the limits above, or its conditions do not end.
 */
int	cpp_file(struct cpp *c, const char *path, struct err *e);

bool	cpp_defined(const struct cpp *c, const char *name);
/*
 * The macro, expanded, as a string literal: those in a row are one.  False:
 * it is not defined, or something else.
 */
bool	cpp_string(const struct cpp *c, const char *name, struct buf *out);
/* The same, as a whole number. */
bool	cpp_number(const struct cpp *c, const char *name, int64_t *out);

#endif
