/* SPDX-License-Identifier: MIT */
#ifndef MPF_SITE_INDEX_LINE_H
#define MPF_SITE_INDEX_LINE_H

#include <stddef.h>

#include "base/buf.h"
#include "base/err.h"
#include "site/index.h"

/*
 * index_line: a board's page of the index as a record, and back:
 * firmware.board_id, .port and .index.source, "fetched_at" and "links".
 */

/* Adds the line; the addresses are those of micropython.org. */
void	index_line_put(const struct index *ix, const char *board_id,
	    struct buf *out);
/* The caller releases *out, and frees *board_id; ERR_INPUT. */
int	index_line_get(const char *line, size_t n, char **board_id,
	    struct index *out, struct err *e);

#endif
