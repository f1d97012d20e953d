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
 * Reads one line.  Ours may hold no key twice; in others' lines that, and
 * whole numbers of any size, are fine.  NULL: *e says at which column.
 */
json_t	*json_line(const char *p, size_t n, struct err *e);
/* Adds v as compact JSON; numbers with no more digits than they need. */
void	 json_text(const json_t *v, struct buf *out);
/* A string of any bytes. */
json_t	*json_text_string(const char *s, size_t n);
/* Takes the nulls out, at any depth. */
void	 json_strip(json_t *v);

#endif
