/* SPDX-License-Identifier: MIT */
#ifndef MPF_LEDGER_H
#define MPF_LEDGER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "store/store.h"
#include "stream/stream.h"

/*
 * ledger: what the database knows, as records, and what can be done to it.
 *
 * Each function tells what it finds, a record at a time.  A row may hold
 * anything, as other programs write to the database: what does not keep to the
 * rule of its key (model/rule.h) is in database.odd, in words, and not in the
 * key.
 */

struct ledger {
	struct store	*store;
	bool		 dry_run;	/* tell what would be done */
	/*
	 * Takes rec over.  problem: what is wrong with what it is about; NULL.
	 * Other than 0 ends the work, which then is not done.
	 */
	int		(*tell)(struct record *rec, const struct err *problem,
			    void *ctx);
	/* How far the work has come; NULL. */
	void		(*progress)(const char *step, int64_t done,
			    int64_t total, const char *unit, void *ctx);
	void		*ctx;
};

/* NULL, -1: all. */
struct ledger_filter {
	const char *const	*board;		/* BOARD or BOARD-VARIANT */
	const char *const	*port;
	bool			 custom;	/* those alone */
	const char		*since, *until;	/* RFC 3339 */
	const char		*what;		/* kind of event */
	int64_t			 limit;
};

/* list.c: firmware files; known boards; what is queued for boards. */
int	ledger_firmware(struct ledger *l, const struct ledger_filter *f,
	    struct err *e);
int	ledger_boards(struct ledger *l, const struct ledger_filter *f,
	    struct err *e);
int	ledger_queue(struct ledger *l, const struct ledger_filter *f,
	    struct err *e);

/* find.c: all that has these words; ends with NULL. */
int	ledger_search(struct ledger *l, const char *const *words,
	    int64_t limit, struct err *e);
/*
 * What a name stands for (a file, a digest of 7 hex digits or more, the id of a
 * board, a place or a BOARD), and what is known of it.  ERR_NOT_FOUND.
 */
int	ledger_show(struct ledger *l, const char *name, int64_t limit,
	    struct err *e);

/* history.c; name as in ledger_show, NULL: all events. */
int	ledger_history(struct ledger *l, const char *name,
	    const struct ledger_filter *f, struct err *e);
/* head: a link noted before; NULL. */
int	ledger_verify(struct ledger *l, const char *head, struct err *e);
int	ledger_statistics(struct ledger *l, const char *since, struct err *e);

/* remove.c: rows, and with files their files; each within a group of writes. */
int	ledger_remove(struct ledger *l, const char *name, bool files,
	    struct err *e);
/*
 * Rows whose files are gone; keep: of each board all releases but the newest
 * so many that no known board runs, with their files; -1: none.
 */
int	ledger_prune(struct ledger *l, int64_t keep, struct err *e);

/* check.c: files against rows, rows against each other, the history. */
int	ledger_check(struct ledger *l, struct err *e);

/* outdated.c: known boards that a newer firmware is there for. */
struct ledger_outdated {
	int64_t	 boards, behind;
};

int	ledger_outdated(struct ledger *l, const struct ledger_filter *f,
	    struct ledger_outdated *out, struct err *e);

/*
 * import.c: all of the database as records; and such a record back into it,
 * within a group of writes.  database.state says what became of it: "imported",
 * "unchanged" or, with a reason, "conflict": what the database has is kept.
 */
int	ledger_export(struct ledger *l, struct err *e);
bool	ledger_imports(const struct record *rec);
int	ledger_import(struct ledger *l, struct record *rec, struct err *e);

/* legacy.c: firmware.jsonl of mpflash, which is put aside afterwards. */
int	ledger_legacy(struct ledger *l, struct err *e);

/* records.c: rows as records; the caller frees them. */
struct record	*ledger_file_record(struct store *s,
		    const struct store_file *f);
struct record	*ledger_device_record(const struct store_device *d);
struct record	*ledger_event_record(const struct store_event *ev);
struct record	*ledger_board_record(const struct store_board *b);
/* BOARD or BOARD-VARIANT, in any of the list; NULL: all. */
bool		 ledger_is_board(const char *const *list, const char *board_id,
		    const char *variant);

#endif
