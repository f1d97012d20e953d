/* SPDX-License-Identifier: MIT */
#include "store/db.h"

#include <errno.h>

#include "base/mem.h"

static bool
disk_full(int code, int eno)
{
	return code == SQLITE_FULL || (code == SQLITE_IOERR &&
	    (eno == ENOSPC || eno == EDQUOT || eno == EFBIG));
}

/*
 * What the system said last.  Of a failing COMMIT sqlite3_system_errno() knows
 * nothing: then the file that was to be written does, WAL or database.
 */
static int
system_errno(sqlite3 *db)
{
	sqlite3_file *wal = NULL;
	int eno = sqlite3_system_errno(db);

	if (eno == 0 && sqlite3_file_control(db, "main",
	    SQLITE_FCNTL_JOURNAL_POINTER, &wal) == SQLITE_OK && wal != NULL &&
	    wal->pMethods != NULL && wal->pMethods->xFileControl != NULL)
		wal->pMethods->xFileControl(wal, SQLITE_FCNTL_LAST_ERRNO,
		    &eno);
	if (eno == 0)
		sqlite3_file_control(db, "main", SQLITE_FCNTL_LAST_ERRNO,
		    &eno);
	return eno;
}

int
db_fail(struct store *s, struct err *e)
{
	const int code = sqlite3_errcode(s->db) & 0xff;
	const char *what = sqlite3_errmsg(s->db);

	if (disk_full(code, system_errno(s->db))) {
		err_set(e, ERR_SPACE, "%s: no space left", s->path);
		return err_todo(e, NEXT_FREE_SPACE,
		    "make room; what was stored is unchanged");
	}
	switch (code) {
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
		err_set(e, ERR_BUSY, "%s: another program is writing to it",
		    s->path);
		return err_todo(e, NEXT_CLOSE_HOLDER, "wait until it is done");
	case SQLITE_NOTADB:
		err_set(e, ERR_INPUT, "%s: not a database", s->path);
		return err_todo(e, NEXT_REPLACE_DATABASE,
		    "move it away, and a new one is made");
	case SQLITE_CORRUPT:
		err_set(e, ERR_INPUT, "%s: damaged: %s", s->path, what);
		return err_todo(e, NEXT_REPLACE_DATABASE,
		    "move it away, or put a backup there");
	case SQLITE_READONLY:
	case SQLITE_PERM:
	case SQLITE_AUTH:
		return err_set(e, ERR_PERMISSION, "%s: %s", s->path, what);
	case SQLITE_CANTOPEN:
		errno = sqlite3_system_errno(s->db);
		return errno != 0 ? err_sys(e, "%s", s->path) :
		    err_set(e, ERR_IO, "%s: %s", s->path, what);
	default:
		return err_set(e, ERR_IO, "%s: %s", s->path, what);
	}
}

/* The kept statement for sql that nobody is reading from, or a new place. */
static struct statement *
find_statement(struct store *s, const char *sql)
{
	struct statement *t;

	for (size_t i = 0; i < s->n_statements; i++) {
		t = &s->statements[i];
		if (t->sql == sql && !sqlite3_stmt_busy(t->st))
			return t;
	}
	s->statements = mem_grow(s->statements, s->n_statements + 1,
	    sizeof(*s->statements));
	t = &s->statements[s->n_statements++];
	t->sql = sql;
	t->st = NULL;
	return t;
}

int
query_begin(struct store *s, const char *sql, struct query *q, struct err *e)
{
	struct statement *t = find_statement(s, sql);

	*q = (struct query){ .s = s };
	if (t->st == NULL && sqlite3_prepare_v3(s->db, sql, -1,
	    SQLITE_PREPARE_PERSISTENT, &t->st, NULL) != SQLITE_OK) {
		s->n_statements--;
		return db_fail(s, e);
	}
	q->st = t->st;
	return 0;
}

void
query_text(struct query *q, const char *text)
{
	/* A failure to bind shows in query_next. */
	sqlite3_bind_text(q->st, ++q->n, text, -1, SQLITE_STATIC);
}

void
query_key(struct query *q, const char *text)
{
	query_text(q, text != NULL ? text : "");
}

void
query_int(struct query *q, int64_t v)
{
	if (v == -1)
		sqlite3_bind_null(q->st, ++q->n);
	else
		sqlite3_bind_int64(q->st, ++q->n, v);
}

void
query_blob(struct query *q, const void *p, size_t n)
{
	sqlite3_bind_blob(q->st, ++q->n, p, (int)n, SQLITE_STATIC);
}

int
query_next(struct query *q, struct err *e)
{
	switch (sqlite3_step(q->st)) {
	case SQLITE_ROW:
		return 1;
	case SQLITE_DONE:
		return 0;
	default:
		return db_fail(q->s, e);
	}
}

void
query_end(struct query *q)
{
	sqlite3_reset(q->st);
	sqlite3_clear_bindings(q->st);	/* what it pointed to may go */
}

int
query_run(struct query *q, struct err *e)
{
	const int r = query_next(q, e);

	query_end(q);
	return r == -1 ? -1 : 0;
}

const char *
query_col_text(const struct query *q, int i)
{
	const char *s = (const char *)sqlite3_column_text(q->st, i);

	return s != NULL && s[0] != '\0' ? s : NULL;
}

int
query_columns(const struct query *q)
{
	return sqlite3_column_count(q->st);
}

int64_t
query_col_int(const struct query *q, int i)
{
	return sqlite3_column_type(q->st, i) == SQLITE_NULL ? -1 :
	    sqlite3_column_int64(q->st, i);
}

int
db_exec(struct store *s, const char *sql, struct err *e)
{
	return sqlite3_exec(s->db, sql, NULL, NULL, NULL) == SQLITE_OK ? 0 :
	    db_fail(s, e);
}

int64_t
db_number(struct store *s, const char *sql)
{
	sqlite3_stmt *st = NULL;
	int64_t v = -1;

	if (sqlite3_prepare_v2(s->db, sql, -1, &st, NULL) == SQLITE_OK &&
	    sqlite3_step(st) == SQLITE_ROW)
		v = sqlite3_column_int64(st, 0);
	sqlite3_finalize(st);
	return v;
}

void
db_forget(struct store *s)
{
	while (s->n_statements > 0)
		sqlite3_finalize(s->statements[--s->n_statements].st);
}

int
db_writing(const struct store *s, struct err *e)
{
	return s->writing ? 0 : err_set(e, ERR_INTERNAL,
	    "%s: written to outside of a group of writes", s->path);
}
