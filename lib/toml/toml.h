/* SPDX-License-Identifier: MIT */
#ifndef MPF_TOML_H
#define MPF_TOML_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"

/*
 * toml: TOML 1.0.0, read into a tree and written from one.
 *
 * Source: https://toml.io/en/v1.0.0.  A tree owns all that hangs on it;
 * strings are UTF-8 with a NUL behind, and may hold NULs (see len).  Keys of a
 * table keep the order in which they came.
 */

#define TOML_DEPTH_MAX	64u		/* tables and arrays in one another */
#define TOML_TEXT_MAX	(256u * 1024)	/* bytes: it is for files of a few */

enum toml_type {
	TOML_TABLE, TOML_ARRAY, TOML_STRING, TOML_INT, TOML_FLOAT, TOML_BOOL,
	/* Kept as the text of RFC 3339, checked, "T" and "Z" in upper case. */
	TOML_DATETIME, TOML_DATETIME_LOCAL, TOML_DATE_LOCAL, TOML_TIME_LOCAL
};

struct toml;				/* one value: a table, a string, ... */

/*
 * The root table of text, or NULL with ERR_INPUT: "line 3, column 7: what",
 * where columns are characters.  n bytes; name goes in front of the message
 * ("board_info.toml").  A byte order mark in front is skipped; "\r\n" in a
 * string of many lines is read as "\n".
 */
struct toml	*toml_parse(const char *text, size_t n, const char *name,
		    struct err *e);
struct toml	*toml_new(enum toml_type type);	/* a table or an array */
struct toml	*toml_copy(const struct toml *t);
void		 toml_free(struct toml *t);	/* NULL is fine */

enum toml_type	 toml_type(const struct toml *t);
/* By dotted path, of bare keys: "firmware.version"; NULL: no such value. */
const struct toml	*toml_get(const struct toml *table, const char *path);
/* The value if it is a string that holds no NUL, else NULL. */
const char	*toml_str(const struct toml *t);
/* True and *out if it is a boolean. */
bool		 toml_bool(const struct toml *t, bool *out);
bool		 toml_int(const struct toml *t, int64_t *out);
/* The text of a date-time of any of the four types, else NULL. */
const char	*toml_date_text(const struct toml *t);
/* Entries of a table or an array; bytes of a string; else 0. */
size_t		 toml_len(const struct toml *t);
/*
 * The line of text on which the value begins, or the header of the table; 1 for
 * what did not come from the text, and for NULL.
 */
size_t		 toml_line(const struct toml *t, const char *text);
/* NULL if it is missing; toml_key of an array too. */
const struct toml	*toml_at(const struct toml *t, size_t i);
const char	*toml_key(const struct toml *table, size_t i);

/*
 * Puts a value at a dotted path, making the tables on the way and replacing
 * what was there.  -1 if something on the way is no table.  Bytes of s that
 * are not UTF-8 become U+FFFD.
 */
int	toml_put_str(struct toml *t, const char *path, const char *s);
int	toml_put_int(struct toml *t, const char *path, int64_t v);
int	toml_put_bool(struct toml *t, const char *path, bool v);
/* text as in TOML: "2026-11-20T12:00:00Z"; -1 also if it is no date-time. */
int	toml_put_datetime(struct toml *t, const char *path, const char *text);
/* Takes v over, whatever the result. */
int	toml_put(struct toml *t, const char *path, struct toml *v);
/* v as the last of an array; takes it over.  -1 if that is no array. */
int	toml_add(struct toml *array, struct toml *v);
/* Takes the value at path away; absent is fine. */
void	toml_remove(struct toml *t, const char *path);

/* The whole table as TOML text, values before sub-tables. */
void	toml_write(const struct toml *table, struct buf *out);
/*
 * As JSON text on one line: date-times, floats that JSON has not (inf, nan)
 * and integers beyond 2^53 become strings, and a NUL in a string U+FFFD.
 */
void	toml_json(const struct toml *t, struct buf *out);
/* The same keys and values?  The order of keys does not count. */
bool	toml_equal(const struct toml *a, const struct toml *b);

#endif
