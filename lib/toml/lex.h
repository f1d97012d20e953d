/* SPDX-License-Identifier: MIT */
#ifndef MPF_TOML_LEX_H
#define MPF_TOML_LEX_H

#include "toml/tree.h"

/*
 * lex: the text that is being read.  For lib/toml alone.
 *
 * lex_check goes over all of it first; from then on every byte is UTF-8, a
 * CR stands only in front of a LF, and other control characters are tabs.
 */
struct lex {
	const char	*start, *p, *end;
	const char	*name;		/* for messages */
	struct err	*e;
};

int	lex_check(struct lex *l);
/* Fails at a place in the text: "NAME: line 3, column 7: ...". */
int	lex_fail(const struct lex *l, const char *at, const char *fmt, ...)
	    __attribute__((format(printf, 3, 4)));
/* What is next is not what: "'x' where a key should be". */
int	lex_wanted(const struct lex *l, const char *what);
/* "what" of a key: "key 'a b' is given twice". */
int	lex_fail_key(const struct lex *l, const char *at,
	    const struct buf *key, const char *what);

bool	lex_is(const struct lex *l, const char *s);	/* is s next? */
bool	lex_take(struct lex *l, const char *s);		/* and skip it */
void	lex_blank(struct lex *l);		/* blanks and tabs */
void	lex_lines(struct lex *l);		/* line ends and comments too */
int	lex_line_end(struct lex *l);		/* nothing but a comment */

/* A bare or quoted key, without the dots, instead of what out held. */
int	lex_key(struct lex *l, struct buf *out);
/* A string of any of the four kinds; multi: those of many lines too. */
int	lex_string(struct lex *l, bool multi, struct buf *out);
/* The value at l->p, which lies depth containers down. */
int	lex_value(struct lex *l, unsigned depth, struct toml **out);
/* Number, boolean or date: all that is written without quotes. */
int	lex_scalar(struct lex *l, struct toml **out);
/* "a.b = 1" into a table that is depth containers down. */
int	lex_pair(struct lex *l, struct toml *table, unsigned depth);
int	lex_depth(const struct lex *l, const char *at, unsigned depth);

#endif
