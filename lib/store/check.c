/* SPDX-License-Identifier: MIT */
#include "store/check.h"

#include "store/db.h"

#define N(a)		(sizeof(a) / sizeof((a)[0]))
#define PROBLEMS_MAX	"20"		/* of one kind */

/* Each answers with a problem a row. */
static const char *const questions[] = {
	/* Since 3.46 SQLite takes its argument for the name of a table. */
	"SELECT 'damaged: ' || integrity_check FROM "
	    "pragma_integrity_check WHERE integrity_check <> 'ok' "
	    "LIMIT " PROBLEMS_MAX,
	/* Their own tables may lack boards: mpflash has always been so. */
	"SELECT 'a row of ' || \"table\" || ' without its row of ' || parent "
	    "FROM pragma_foreign_key_check WHERE \"table\" LIKE 'mpf\\_%' "
	    "ESCAPE '\\' LIMIT " PROBLEMS_MAX,
	"SELECT 'custom firmware without its file: ' || file FROM mpf_custom "
	    "WHERE file NOT IN (SELECT file FROM mpf_file) "
	    "LIMIT " PROBLEMS_MAX,
	"SELECT 'queued for a board that is not known: ' || uid FROM "
	    "mpf_queue WHERE uid NOT IN (SELECT uid FROM mpf_device) "
	    "LIMIT " PROBLEMS_MAX,
	"SELECT 'the search does not know the file ' || file FROM mpf_file "
	    "WHERE id NOT IN (SELECT id FROM mpf_find_file_docsize) "
	    "LIMIT " PROBLEMS_MAX,
	"SELECT 'the search does not know the board ' || uid FROM mpf_device "
	    "WHERE id NOT IN (SELECT id FROM mpf_find_device_docsize) "
	    "LIMIT " PROBLEMS_MAX,
	"SELECT 'the search does not know the event ' || id FROM mpf_event "
	    "WHERE id NOT IN (SELECT id FROM mpf_find_event_docsize) "
	    "LIMIT " PROBLEMS_MAX,
};

int
store_check(struct store *s, int (*fn)(const char *what, void *ctx),
    void *ctx, struct err *e)
{
	struct query q;
	bool ended = false;
	int r = 0;

	for (size_t i = 0; !ended && r != -1 && i < N(questions); i++) {
		if (query_begin(s, questions[i], &q, e) == -1)
			return -1;
		while (!ended && (r = query_next(&q, e)) == 1) {
			const char *what = query_col_text(&q, 0);

			ended = fn(what != NULL ? what : "?", ctx) != 0;
		}
		query_end(&q);
	}
	return r == -1 ? -1 : 0;
}
