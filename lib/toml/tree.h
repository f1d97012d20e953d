/* SPDX-License-Identifier: MIT */
#ifndef MPF_TOML_TREE_H
#define MPF_TOML_TREE_H

#include "toml/toml.h"

/* tree: what a struct toml is made of.  For lib/toml alone. */

/* How a table or an array came to be, which says who may add to it. */
enum toml_origin {
	TOML_MADE,		/* by toml_new */
	TOML_SUPER,		/* [a.b] makes a, which [a] may still open */
	TOML_HEADER,		/* [a], or one of [[a]] */
	TOML_DOTTED,		/* a.b = 1 makes a */
	TOML_CLOSED,		/* { } and [ ]: whole where they stand */
	TOML_TABLES		/* the array that [[a]] adds to */
};

struct toml_entry {
	char		*key;		/* NULL in an array */
	size_t		 len;		/* keys may hold NULs */
	uint32_t	 hash;		/* of the key, to pass others by fast */
	struct toml	*v;
};

struct toml {
	enum toml_type		 type;
	enum toml_origin	 origin;
	size_t			 where;	/* in the text, from 1; 0: made */
	union {
		struct {		/* table, array */
			struct toml_entry	*v;
			size_t			 n, cap;
		} list;
		struct {		/* string, date-times */
			char		*s;
			size_t		 len;
		} text;
		int64_t		 i;
		double		 f;
		bool		 b;
	};
};

struct toml	*toml_find(const struct toml *table, const char *key,
		    size_t len);
/* A string or a date-time of these bytes. */
struct toml	*toml_text(enum toml_type type, const char *s, size_t len);
/* v at the end, under a key that the table has not; it takes v over. */
void		 toml_append(struct toml *t, const char *key, size_t len,
		    struct toml *v);

/* A date or time from text, all of it; NULL and *why what is wrong with it. */
struct toml	*toml_date(const char *text, size_t len, const char **why);

/* The shortest text that reads back as f, with "." in any locale. */
#define TOML_FLOAT_TEXT	40
void	toml_float_text(double f, char out[TOML_FLOAT_TEXT]);
bool	toml_float_read(const char *text, double *out);	/* false: too large */

#endif
