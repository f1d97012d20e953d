/* SPDX-License-Identifier: MIT */
#ifndef MPF_STREAM_JSON_H
#define MPF_STREAM_JSON_H

#include <jansson.h>

#include "stream/stream.h"

/* json: what the files of this module share.  For them alone. */

struct record {
	json_t	*root;
	char	*line;			/* as it came, or NULL */
	size_t	 len;
	bool	 changed;		/* root is newer than line */
	void	*attached;
};

/*
 * A record that leaves as this line, which record_parse has refused; only its
 * strings and the names of its keys can be read.  NULL: it is not JSON.
 */
struct record	*record_plain(const char *line, size_t len);

/* Reads one line, in which no key is there twice.  NULL: *e says where. */
json_t	*json_line(const char *p, size_t n, struct err *e);
/*
 * Reads JSON that json_line refuses: a key that is there twice, numbers of any
 * size and strings with any escapes.  All numbers are wrong in what it returns.
 * NULL: the line is not JSON, or is nested too deep for the library.
 */
json_t	*json_plain(const char *p, size_t n);
/* Adds v as compact JSON; numbers with no more digits than they need. */
void	 json_text(const json_t *v, struct buf *out);
/* A string of any bytes. */
json_t	*json_text_string(const char *s, size_t n);
/* Takes the nulls out, at any depth. */
void	 json_strip(json_t *v);

#endif
