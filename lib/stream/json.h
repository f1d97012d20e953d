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

/* A line of others' that passes as it is: no key of it is known. */
struct record	*record_raw(const char *line, size_t len);
/* See stream_broken; the line is JSON. */
struct record	*record_salvage(const char *line, size_t len);

/*
 * Reads one line.  Ours may hold no key twice; in others' lines that, and
 * whole numbers of any size, are fine.  NULL: *e says at which column.
 */
json_t	*json_line(const char *p, size_t n, struct err *e);
/*
 * Reads one that json_line refuses as far as it can be read, for who wants to
 * know what it is about.  NULL: it cannot.
 */
json_t	*json_salvage(const char *p, size_t n);
/* Adds v as compact JSON; numbers with no more digits than they need. */
void	 json_text(const json_t *v, struct buf *out);
/* A string of any bytes. */
json_t	*json_text_string(const char *s, size_t n);
/* Takes the nulls out, at any depth. */
void	 json_strip(json_t *v);

#endif
