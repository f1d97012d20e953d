/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "db/db.h"

#define SEARCH_LIMIT	50
#define SHOW_LIMIT	20

static struct ledger_filter
read_filter(const struct db *db)
{
	return (struct ledger_filter){
		.board = db->board.v,
		.port = db->port.v,
		.custom = db->custom,
		.since = db->since,
		.until = db->until,
		.what = db->what,
		.limit = db->limit > 0 ? db->limit : -1,
	};
}

/*
 * A name that stands for nothing, or for too much, is the failure of a record,
 * and not of the tool: r, or 0 where such a record was told.
 */
int
db_settle(struct db *db, int r, struct err *e)
{
	struct err problem = *e;
	struct record *rec;

	if (r == 0 || (e->code != ERR_NOT_FOUND &&
	    e->code != ERR_AMBIGUOUS && e->code != ERR_INPUT))
		return r;
	rec = record_new();
	db->l.tell(rec, &problem, db->l.ctx);
	return 0;
}

int
db_list(struct db *db, struct err *e)
{
	const struct ledger_filter f = read_filter(db);
	const char *of = db->n_words > 0 ? db->words[0] : "firmware";

	if (strcmp(of, "firmware") == 0)
		return ledger_firmware(&db->l, &f, e);
	if (strcmp(of, "boards") == 0)
		return ledger_boards(&db->l, &f, e);
	if (strcmp(of, "queue") == 0)
		return ledger_queue(&db->l, &f, e);
	err_set(e, ERR_USAGE, "list %s: not firmware, boards or queue", of);
	return err_hint(e, "mpf-db search %s", of);
}

int
db_search(struct db *db, struct err *e)
{
	return ledger_search(&db->l, db->words, db->limit > 0 ?
	    db->limit : SEARCH_LIMIT, e);
}

int
db_show(struct db *db, struct err *e)
{
	return db_settle(db, ledger_show(&db->l, db->words[0],
	    db->limit > 0 ? db->limit : SHOW_LIMIT, e), e);
}

int
db_history(struct db *db, struct err *e)
{
	const struct ledger_filter f = read_filter(db);

	if (db->n_words > 0 && strcmp(db->words[0], "verify") == 0)
		return ledger_verify(&db->l, db->head, e);
	return db_settle(db, ledger_history(&db->l, db->words[0], &f, e), e);
}

int
db_stats(struct db *db, struct err *e)
{
	return ledger_statistics(&db->l, db->since, e);
}

int
db_outdated(struct db *db, struct err *e)
{
	const struct ledger_filter f = read_filter(db);
	struct ledger_outdated out;

	if (ledger_outdated(&db->l, &f, &out, e) == -1)
		return -1;
	db->behind = out.behind;
	db->known = out.boards;
	return 0;
}

int
db_check(struct db *db, struct err *e)
{
	return ledger_check(&db->l, e);
}
