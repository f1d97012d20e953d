/* SPDX-License-Identifier: MIT */
#ifndef MPF_STREAM_SYNTAX_H
#define MPF_STREAM_SYNTAX_H

#include <stddef.h>

#include "base/buf.h"

/*
 * syntax: is it JSON at all?
 *
 * The JSON library refuses more than what is no JSON: numbers that no double
 * holds, halves of a surrogate pair, a NUL in a key, deep nesting.  Others'
 * lines may hold such things, and pass; so the grammar is looked at alone.
 * No recursion; memory of at most a byte for each byte of text.
 *
 * Source: RFC 8259; UTF-8 by RFC 3629.
 */

enum syntax {
	SYNTAX_NONE,			/* not JSON */
	SYNTAX_JSON,
	SYNTAX_RECORD			/* an object with "mpf", not null */
};

enum syntax	syntax_check(const char *p, size_t n);

/*
 * Adds JSON of the same shape that a library can read: 0 for a number of many
 * digits, U+FFFD for half a surrogate pair and for NUL.  p is JSON.
 */
void	syntax_plain(const char *p, size_t n, struct buf *out);

#endif
