/* SPDX-License-Identifier: MIT */
#ifndef MPF_UPSTREAM_EXPR_H
#define MPF_UPSTREAM_EXPR_H

#include <stdbool.h>
#include <stdint.h>

/*
 * expr: whole numbers as C's preprocessor counts them (C11, 6.10.1): in 64
 * bits, any identifier that is left is 0.  Pure.
 */

#define EXPR_DEPTH	64u		/* parentheses and signs */

/*
 * False: text is no expression, divides by zero, or goes beyond EXPR_DEPTH.
 */
bool	expr_eval(const char *text, int64_t *out);

#endif
