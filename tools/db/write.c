/* SPDX-License-Identifier: MIT */
#include "base/stop.h"
#include "db/db.h"

int
db_remove(struct db *db, struct err *e)
{
	for (size_t i = 0; i < db->n_words && !stop_requested(); i++)
		if (db_settle(db, ledger_remove(&db->l, db->words[i],
		    db->files, e), e) == -1)
			return -1;
	return 0;
}

int
db_prune(struct db *db, struct err *e)
{
	return ledger_prune(&db->l, db->keep > 0 ? db->keep : -1, e);
}
