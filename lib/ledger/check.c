/* SPDX-License-Identifier: MIT */
#include "ledger/ledger.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/digest.h"
#include "ledger/stored.h"
#include "store/check.h"
#include "store/history.h"

struct checking {
	struct ledger	*l;
	int64_t		 rows, problems;
	struct err	*e;
};

/* rec is about what is wrong. */
static int
tell_problem(struct checking *c, struct record *rec, const char *state,
    const struct err *problem)
{
	c->problems++;
	record_put_str(rec, "database.state", state);
	return c->l->tell(rec, problem, c->l->ctx);
}

static int
tell_copy(struct checking *c, const struct file_copy *copy,
    const char *state, const struct err *problem)
{
	const struct store_file f = stored_row(copy);

	return tell_problem(c, ledger_file_record(c->l->store, &f), state,
	    problem);
}

static int
check_bytes(struct checking *c, const struct file_copy *f)
{
	char *path = stored_path(c->l->store, f->file);
	struct err problem = ERR_INIT;
	char sha256[DIGEST_HEX];
	size_t size;
	int r = 0;

	if (digest_file(path, sha256, &size, &problem) == -1) {
		r = tell_copy(c, f, "unreadable", &problem);
	} else if (f->sha256 != NULL && strcmp(sha256, f->sha256) != 0) {
		err_set(&problem, ERR_VERIFY, "%.200s: its SHA-256 is "
		    "%.12s..., the database has %.12s...", f->file, sha256,
		    f->sha256);
		err_hint(&problem, "mpf-db remove --files %.80s, and download "
		    "or add it again", f->file);
		r = tell_copy(c, f, "differs", &problem);
	}
	free(path);
	return r;
}

static int
check_copy(struct checking *c, const struct file_copy *f)
{
	struct err problem = ERR_INIT;

	c->rows++;
	switch (stored_look(c->l->store, f->file)) {
	case FILE_THERE:
		return check_bytes(c, f);
	case FILE_GONE:
		err_set(&problem, ERR_NOT_FOUND, "%.200s: the file is gone",
		    f->file);
		problem.retry = false;
		err_hint(&problem, "mpf-db prune removes its row, mpf-fetch "
		    "downloads it again");
		return tell_copy(c, f, "missing", &problem);
	default:
		err_set(&problem, ERR_INPUT, "%.200s: not a file in the "
		    "firmware folder", f->file);
		err_hint(&problem, "mpf-db remove %.80s", f->file);
		return tell_copy(c, f, "elsewhere", &problem);
	}
}

static int
check_files(struct checking *c)
{
	struct file_list all = { NULL, 0 };
	int r = store_files(c->l->store, NULL, NULL, NULL, stored_collect,
	    &all, c->e);

	for (size_t i = 0; r == 0 && i < all.n; i++) {
		if (check_copy(c, &all.v[i]) != 0)
			break;
		if (c->l->progress != NULL)
			c->l->progress("check", (int64_t)i + 1,
			    (int64_t)all.n, "files", c->l->ctx);
	}
	stored_release(&all);
	return r;
}

/* What SQLite, and the tables among each other, say. */
static int
tell_damage(const char *what, void *ctx)
{
	struct checking *c = ctx;
	struct record *rec = record_new();
	struct err problem = ERR_INIT;

	record_put_str(rec, "database.kind", "database");
	err_set(&problem, ERR_INPUT, "%.200s: %.180s",
	    store_dir(c->l->store), what);
	err_hint(&problem, "mpf-db export what is left, and begin with a "
	    "backup: mpflash.db.*.bak");
	return tell_problem(c, rec, "damaged", &problem);
}

static int
check_history(struct checking *c)
{
	struct history_proof p;
	char why[160];

	if (store_history_verify(c->l->store, NULL, &p, c->e) == -1)
		return -1;
	c->rows += p.events;
	if (p.broken == -1)
		return 0;
	snprintf(why, sizeof(why), "the history is broken at row %lld: %s",
	    (long long)p.broken, p.why);
	tell_damage(why, c);
	return 0;
}

int
ledger_check(struct ledger *l, struct err *e)
{
	struct checking c = { .l = l, .e = e };
	struct record *rec;

	if (store_check(l->store, tell_damage, &c, e) == -1 ||
	    check_history(&c) == -1 || check_files(&c) == -1)
		return -1;
	rec = record_new();
	record_put_str(rec, "database.kind", "check");
	record_put_str(rec, "database.state", c.problems == 0 ? "sound" :
	    "damaged");
	record_put_int(rec, "database.rows", c.rows);
	record_put_int(rec, "database.problems", c.problems);
	l->tell(rec, NULL, l->ctx);
	return 0;
}
