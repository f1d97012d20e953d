/* SPDX-License-Identifier: MIT */
#ifndef MPF_FRONT_DOTENV_H
#define MPF_FRONT_DOTENV_H

#include <stddef.h>

#include "base/err.h"

/*
 * dotenv: the file .env of a project, for what users of mpflash have there.
 *
 * A line is NAME=VALUE, with "export" before it or not; a value stands as it
 * is, in 'quotes', or in "quotes" with \n, \t, \" and \\.  Behind a blank, #
 * begins a comment.  ${NAME} is the variable's value, but not in single
 * quotes.  All other lines are passed over.
 *
 * Source: https://github.com/theskumar/python-dotenv (README, "File format"),
 * as far as values of a line go.
 */

/* Tells each name and value, in the order of the file. */
void	dotenv_parse(const char *text, size_t n,
	    void (*found)(const char *name, const char *value, void *ctx),
	    void *ctx);
/*
 * Reads the file .env of this folder, or else of the nearest folder above that
 * has a regular file of this name, and sets the variables of mpflash that are
 * not set: MPFLASH_FIRMWARE, MPFLASH_IGNORE and MPFLASH_QUIET.  A file is not
 * read that another user than root owns, or that all users can write.  *path is
 * the file, which the caller frees; NULL: there is none.  ERR_PERMISSION: why
 * it was not read.
 */
int	dotenv_load(char **path, struct err *e);

#endif
