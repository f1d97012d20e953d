/* SPDX-License-Identifier: MIT */
#ifndef MPF_STORE_ROWS_H
#define MPF_STORE_ROWS_H

#include "store/db.h"
#include "store/history.h"

/*
 * rows: the columns that a question asks for, and its rows as structs.  For
 * lib/store alone.  How many rows there were, fewer if fn ends it, or -1; the
 * question is ended either way.
 */

#define FILE_ROWS	"SELECT file, port, board_id, variant, version, " \
			"build, commit_id, source, sha256, size_bytes, " \
			"custom, description FROM mpf_file "
#define DEVICE_ROWS	"SELECT d.uid, d.device_id, d.port, d.board_id, " \
			"d.variant, d.version, d.build, d.commit_id, " \
			"d.custom, d.source, d.file_name, d.sha256, " \
			"d.flashed_at, d.recorded_at, d.toml, " \
			"d.toml_state, d.toml_reason, q.at, q.why " \
			"FROM mpf_device AS d LEFT JOIN mpf_queue AS q " \
			"ON q.uid = d.uid "
#define EVENT_ROWS	"SELECT " HISTORY_COLUMNS " FROM mpf_event "
/* FROM comes after it: the facts may be hidden by a temporary table. */
#define BOARD_FACTS_N	13		/* columns */
#define BOARD_FACTS	"SELECT port, board_id, variant, first, last, " \
			"name, hw_mcu, machine, mcu, flash_offset, " \
			"released, custom, differs"
#define BOARD_ROWS	BOARD_FACTS ", product, vendor, url, vid, pid, " \
			"variant_text "

int	rows_files(struct query *q,
	    int (*fn)(const struct store_file *f, void *ctx), void *ctx,
	    struct err *e);
int	rows_devices(struct query *q,
	    int (*fn)(const struct store_device *d, void *ctx), void *ctx,
	    struct err *e);
int	rows_events(struct query *q,
	    int (*fn)(const struct store_event *ev, void *ctx), void *ctx,
	    struct err *e);
int	rows_boards(struct query *q,
	    int (*fn)(const struct store_board *b, void *ctx), void *ctx,
	    struct err *e);

/* files.c: is there a row of that file in this very store? */
bool	files_has(struct store *s, const char *file);
/* The files that only mpflash knows. */
int	store_files_theirs(struct store *s,
	    int (*fn)(const struct store_file *f, void *ctx), void *ctx,
	    struct err *e);

#endif
