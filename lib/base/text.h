/* SPDX-License-Identifier: MIT */
#ifndef MPF_BASE_TEXT_H
#define MPF_BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"

/* text: bytes that came from outside, made fit for people and for JSON. */

/*
 * The length of the UTF-8 sequence at s (1 to 4), or 0 if it is missing:
 * overlong forms, surrogates and values above U+10FFFF are invalid (RFC 3629).
 */
size_t	text_utf8(const char *s, size_t n);
/* Adds s to out with U+FFFD for every byte that is not UTF-8, and for NUL. */
void	text_clean(struct buf *out, const char *s, size_t n);
/*
 * Adds s to out for a terminal: control characters (C0, DEL, C1) and bytes
 * that are not UTF-8 become \n, \t or \x1b.  Characters that cannot be seen,
 * or that change the order of others, become \u202e or \U000e0041.
 *
 * Source: Unicode 15, DerivedCoreProperties.txt (Default_Ignorable_Code_Point)
 * and PropList.txt (Bidi_Control), the line and paragraph separators, and the
 * rest of the general category Cf.
 */
void	text_show(struct buf *out, const char *s, size_t n);

/* Lower case, 2 * n characters and a NUL. */
void	text_hex(char *out, const uint8_t *p, size_t n);
/* The bytes written, at most max; -1 if s is not pairs of hex digits. */
int	text_unhex(uint8_t *out, size_t max, const char *s, size_t n);

/*
 * Are two texts equal, of which either may be NULL?  NULL is equal to no text
 * (text_same), to NULL alone (text_equal), to "" (text_alike, text_compare),
 * or to every text, as it says nothing (text_agrees).
 */
bool	text_same(const char *a, const char *b);
bool	text_equal(const char *a, const char *b);
bool	text_alike(const char *a, const char *b);
bool	text_agrees(const char *a, const char *b);
/* As strcmp. */
int	text_compare(const char *a, const char *b);
/* For qsort of an array of texts. */
int	text_order(const void *a, const void *b);
/* Is s in the list, which ends with NULL? */
bool	text_in(const char *s, const char *const *list);
/* Does s match any of the shell patterns?  list ends with NULL; may be NULL. */
bool	text_match(const char *s, const char *const *list);

/* What follows the last slash of path, or all of it; NULL: NULL. */
const char	*text_base_name(const char *path);
/*
 * Where the host of an address begins, behind "USER:PASSWORD@"; NULL: the
 * address names no user.
 */
const char	*text_url_host(const char *url);
/* s without "NAME: " in front, if it begins so; name may be NULL. */
const char	*text_without_name(const char *s, const char *name);

#endif
