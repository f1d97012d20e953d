/* SPDX-License-Identifier: MIT */
#ifndef MPF_STORE_DB_H
#define MPF_STORE_DB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <sqlite3.h>

#include "base/err.h"
#include "base/lock.h"
#include "store/store.h"

/*
 * db: what the files of this folder share: the handle, and one way to ask
 * SQLite.  Nobody else includes it.
 */

struct statement {
	const char	*sql;		/* a literal: known by its address */
	sqlite3_stmt	*st;
};

struct store {
	sqlite3			*db;
	enum store_mode		 mode;
	char			*dir;
	char			*path;		/* of mpflash.db */
	int64_t			 found;		/* the version it had */
	char			*readonly;	/* why; NULL: it is not */
	struct lock		 lock;		/* held by begin ... commit */
	bool			 writing;
	struct err		 lost;		/* SQLite gave the group up */
	struct store		*below;		/* NULL: there is none */
	struct statement	*statements;	/* prepared once, kept */
	size_t			 n_statements;
};

/* A question: begin, its parameters in order, next..., end. */
struct query {
	struct store	*s;
	sqlite3_stmt	*st;
	int		 n;		/* parameters so far */
};

/* sql lives on.  A statement that is in use is prepared a second time. */
int	query_begin(struct store *s, const char *sql, struct query *q,
	    struct err *e);
void	query_text(struct query *q, const char *text);	/* NULL: NULL */
void	query_key(struct query *q, const char *text);	/* NULL: '' */
void	query_int(struct query *q, int64_t v);		/* -1: NULL */
void	query_blob(struct query *q, const void *p, size_t n);
int	query_next(struct query *q, struct err *e);	/* 1, 0 no more, -1 */
void	query_end(struct query *q);
/* For a statement without rows: next and end. */
int	query_run(struct query *q, struct err *e);

/* NULL for SQL's NULL and for '': both stand for absent in these tables. */
const char	*query_col_text(const struct query *q, int i);
int64_t		 query_col_int(const struct query *q, int i);	/* -1: NULL */
int		 query_columns(const struct query *q);

/* What SQLite says went wrong just now, as our codes; always -1. */
int	db_fail(struct store *s, struct err *e);
/* SQL without parameters; constant text only. */
int	db_exec(struct store *s, const char *sql, struct err *e);
/* The first column of the first row, or -1 if it is missing. */
int64_t	db_number(struct store *s, const char *sql);
/* Lets go of every statement, which a change of the tables asks for. */
void	db_forget(struct store *s);
/* -1 and *e outside of store_begin ... store_commit. */
int	db_writing(const struct store *s, struct err *e);

/* --- schema.c --- */

/* What a database is, before anything is asked of its tables. */
struct schema {
	int64_t	 version;	/* PRAGMA user_version; 0: mpflash's, or new */
	bool	 empty;		/* there is nothing in it yet */
	bool	 current;	/* its tables are as this mpf knows them */
};

/*
 * Reads only.  ERR_INPUT: another program's; ERR_UNSUPPORTED: made by a newer
 * mpf.  Application id and version decide, and tables only where the file is
 * older than the id.
 */
int	schema_look(struct store *s, struct schema *out, struct err *e);
/*
 * Brings an older database to today's version, in one transaction, after a
 * backup where there is data.  The lock is held.
 */
int	schema_migrate(struct store *s, const struct schema *now,
	    struct err *e);
/* The same without a backup, for a copy in memory. */
int	schema_upgrade(struct store *s, const struct schema *now,
	    struct err *e);
/* Empty copies of the fact tables that hide those on disk. */
int	schema_hide_facts(struct store *s, struct err *e);

/* custom.c: the tables and columns of custom firmware; a step. */
int	custom_make(struct store *s, struct err *e);

/* --- schema_history.c --- */

/* To version 5. */
int	schema_add_history(struct store *s, struct err *e);

/* --- backup.c --- */

/* ERR_INPUT: a damaged database, which is not ours to change. */
int	backup_sound(struct store *s, struct err *e);
/* Copies it to mpflash.db.vVERSION.bak, or .vVERSION.1.bak and so on. */
int	backup_make(struct store *s, struct err *e);

/* --- meta.c --- */

/* What is noted under this name, for the caller to free; NULL: nothing. */
char	*meta_get(struct store *s, const char *name);
int	meta_put(struct store *s, const char *name, const char *value,
	    struct err *e);
/* Negative, 0, positive: which of two texts names the older MicroPython. */
int	tip_compare(const char *a, const char *b);

/* --- load.c --- */

/*
 * Are the files in dirs_share() other than those loaded, and not older?
 * 1, 0, or -1 if they cannot be read and were never loaded.
 */
int	load_wanted(struct store *s, struct err *e);
/* Within a transaction, or into temporary tables; fill: mpflash's boards. */
int	load_facts(struct store *s, bool fill, struct err *e);

/*
 * place.c: where a database lies.  May it be there?  Records, which name the
 * files in its folder, are UTF-8; and SQLite would wait for what comes through
 * a pipe that has the name of one of its files.
 */
int	db_check_folder(const char *dir, struct err *e);
int	db_check_kinds(const char *path, struct err *e);
/*
 * An empty file, where there is none, for a database to come: SQLite would
 * make it for all users, and gives its other files the mode of this one.
 */
int	db_make_file(const char *path, struct err *e);
/* The path as a URI of what nobody writes to; the caller frees it. */
char	*db_immutable_uri(const char *path);

#endif
