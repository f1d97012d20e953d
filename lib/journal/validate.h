/* SPDX-License-Identifier: MIT */
#ifndef MPF_JOURNAL_VALIDATE_H
#define MPF_JOURNAL_VALIDATE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

/*
 * validate: does a text keep to mpflash.toml(5)?  Pure.
 *
 * Keys that the page does not know are fine.  strict: all that the page calls
 * required has to be there, in each section that is there.
 */

/*
 * fn hears of each problem: the line (from 1), and which key breaks which rule.
 * How many there were; -1, ERR_INPUT: it is not TOML.
 */
int	journal_validate(const char *text, size_t n, const char *name,
	    bool strict, void (*fn)(size_t line, const char *what, void *ctx),
	    void *ctx, struct err *e);

#endif
