/* SPDX-License-Identifier: MIT */
#ifndef MPF_TOOLS_DB_H
#define MPF_TOOLS_DB_H

#include "base/buf.h"
#include "ledger/ledger.h"
#include "tool/tool.h"

/* db: what the files of mpf-db share. */

#define WORDS_MAX	64u

struct db {
	const char		*dir, *since, *until, *what, *head;
	struct opt_list		 board, port;
	bool			 custom, files;
	int64_t			 limit, keep;
	struct ledger		 l;
	const struct verb	*verb;
	const char		*words[WORDS_MAX + 1];	/* behind the verb */
	size_t			 n_words;
	struct tool_run		*run;
	const struct err	*problem;	/* of the record being fed */
	const char		*toml;		/* a folder; NULL */
	bool			 strict, shared;
	int64_t			 timeout_ms;	/* for each board */
	bool			 group;		/* of writes, not committed */
	struct record		**unsure;	/* those that it is about */
	size_t			 n_unsure;
	char			**uids;		/* and their files, in turn */
	size_t			 n_uids;
	int64_t			 behind, known;	/* boards */
};

/* A command: what it does, and whether it writes. */
struct verb {
	const char		*name;
	size_t			 least, most;	/* words behind it */
	const char		*usage;
	bool			 writes;
	bool			 bare;	/* needs no database */
	bool			 below;	/* looks into the system store, too */
	int	(*work)(struct db *db, struct err *e);
	const struct column	*columns;
	/* Instead of work, for records on standard input; NULL. */
	bool	(*takes)(const struct record *rec);
	int	(*filter)(struct db *db, struct record *rec, struct err *e);
	int	(*rest)(struct db *db, struct err *e);	/* at the end */
};

/* columns.c */
extern const struct column db_rows[], db_events[], db_statistics[];

/* read.c */
int	db_settle(struct db *db, int r, struct err *e);
int	db_list(struct db *db, struct err *e);
int	db_search(struct db *db, struct err *e);
int	db_show(struct db *db, struct err *e);
int	db_history(struct db *db, struct err *e);
int	db_stats(struct db *db, struct err *e);
int	db_outdated(struct db *db, struct err *e);
int	db_check(struct db *db, struct err *e);

/* write.c */
int	db_remove(struct db *db, struct err *e);
int	db_prune(struct db *db, struct err *e);

/* create.c */
int	db_create(struct db *db, struct err *e);

/* validate.c */
int	db_validate(struct db *db, struct err *e);
/* Reads a file, and tells what is wrong in it: 0, how much, or -1. */
int	db_read_toml(struct db *db, const char *name, struct buf *text);

/* tree.c: DIR/BOARD/UID.toml, for each board. */
int	db_export_tree(struct db *db, struct err *e);
int	db_import_tree(struct db *db, struct err *e);

/* carry.c */
int	db_export(struct db *db, struct err *e);
void	db_commit(void *db);
bool	db_imports(const struct record *rec);
int	db_import(struct db *db, struct record *rec, struct err *e);
int	db_migrate(struct db *db, struct err *e);
bool	db_syncs(const struct record *rec);
int	db_sync(struct db *db, struct record *rec, struct err *e);
int	db_sync_rest(struct db *db, struct err *e);

#endif
