/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/mem.h"
#include "store/db.h"
#include "store/derived.h"
#include "store/rows.h"

/*
 * What mpf knows of a file is in mpf_file.  What mpflash alone put there is
 * read from its table, whose board_id is BOARD or BOARD-VARIANT (no board of
 * today has a '-' in its name, but one of v1.20 has), and whose paths are
 * those of the system that it ran on.  Each question goes by an index: users
 * come with a hundred thousand rows.
 */
#define THEIR_FILE	"replace(firmware_file, '\\', '/')"
/* The further boards of custom firmware. */
#define MORE_ROWS	"SELECT f.file, f.port, b.board_id, b.variant, " \
			"f.version, f.build, f.commit_id, f.source, " \
			"f.sha256, f.size_bytes, f.custom, f.description " \
			"FROM mpf_custom_board AS b JOIN mpf_file AS f " \
			"ON f.file = b.file "
/* board: an expression for the board's own id. */
#define THEIR_ROWS(board) \
			"SELECT " THEIR_FILE " AS file, port, " \
			board " AS board_id, " \
			"substr(board_id, length(" board ") + 2) " \
			"AS variant, version, build, NULL, source, NULL, " \
			"NULL, custom, description FROM firmwares "
#define NOT_OURS	"NOT EXISTS (SELECT 1 FROM mpf_file AS m " \
			"WHERE m.file = " THEIR_FILE ") "
#define OUR_BOARDS	FILE_ROWS "WHERE board_id = ?2"
#define MORE_BOARDS	MORE_ROWS "WHERE b.board_id = ?2"
#define THEIR_BOARDS	THEIR_ROWS("?2") "WHERE (board_id = ?2 OR " \
			"(board_id > ?2 || '-' AND board_id < ?2 || '.')) " \
			"AND " NOT_OURS
#define THEIR_BOARD	"iif(board_id IN (SELECT board_id FROM mpf_board)," \
			" board_id, substr(board_id, 1, " \
			"instr(board_id || '-', '-') - 1))"
#define THEIR_REST	THEIR_ROWS(THEIR_BOARD) "WHERE " NOT_OURS
#define OF_VERSION	"version IN (?3, ?4, ?5, ?6) "
#define OUR_RELEASE	FILE_ROWS "WHERE board_id = ?1 AND " \
			"variant = ?2 AND " OF_VERSION
#define THEIR_RELEASE	THEIR_ROWS("?1") "WHERE board_id = " \
			"?1 || iif(?2 = '', '', '-' || ?2) AND " \
			OF_VERSION "AND " NOT_OURS

int
rows_files(struct query *q, int (*fn)(const struct store_file *f, void *ctx),
    void *ctx, struct err *e)
{
	struct store_file f;
	int n = 0, r;

	f.dir = q->s->dir;
	while ((r = query_next(q, e)) == 1) {
		f.file = query_col_text(q, 0);
		f.port = query_col_text(q, 1);
		f.board_id = query_col_text(q, 2);
		f.variant = query_col_text(q, 3);
		f.version = query_col_text(q, 4);
		f.build = query_col_int(q, 5);
		f.commit = query_col_text(q, 6);
		f.source = query_col_text(q, 7);
		f.sha256 = query_col_text(q, 8);
		f.size_bytes = query_col_int(q, 9);
		f.custom = query_col_int(q, 10) == 1;
		f.description = query_col_text(q, 11);
		n++;
		if (fn(&f, ctx) != 0)
			break;
	}
	query_end(q);
	return r == -1 ? -1 : n;
}

/* A question about files, and its parameters. */
struct file_ask {
	const char	*sql;
	const char	*text[2 + STORE_VERSIONS];
	size_t		 n;
};

/* Its rows in this store, and then those in the one below that it lacks. */
struct both {
	struct store	*s;
	int		(*fn)(const struct store_file *f, void *ctx);
	void		*ctx;
	bool		 ended;
	int		 n;
};

static int
tell_own(const struct store_file *f, void *ctx)
{
	struct both *b = ctx;

	b->n++;
	b->ended = b->fn(f, b->ctx) != 0;
	return b->ended;
}

static int
tell_below(const struct store_file *f, void *ctx)
{
	struct both *b = ctx;

	return files_has(b->s, f->file) ? 0 : tell_own(f, ctx);
}

static int
ask_one(struct store *s, const struct file_ask *a,
    int (*fn)(const struct store_file *f, void *ctx), void *ctx,
    struct err *e)
{
	struct query q;

	if (query_begin(s, a->sql, &q, e) == -1)
		return -1;
	for (size_t i = 0; i < a->n; i++)
		query_text(&q, a->text[i]);
	return rows_files(&q, fn, ctx, e);
}

/* How many rows there were, or -1. */
static int
ask_file_rows(struct store *s, const struct file_ask *a,
    int (*fn)(const struct store_file *f, void *ctx), void *ctx,
    struct err *e)
{
	struct both b = { .s = s, .fn = fn, .ctx = ctx };

	if (ask_one(s, a, tell_own, &b, e) == -1)
		return -1;
	if (s->below != NULL && !b.ended &&
	    ask_one(s->below, a, tell_below, &b, e) == -1)
		return -1;
	return b.n;
}

bool
files_has(struct store *s, const char *file)
{
	struct err ignored = ERR_INIT;
	struct query q;
	bool has = false;

	if (query_begin(s, "SELECT 1 FROM mpf_file WHERE file = ?1 UNION ALL "
	    "SELECT 1 FROM firmwares WHERE firmware_file IN "
	    "(?1, replace(?1, '/', '\\'))", &q, &ignored) == -1)
		return false;
	query_text(&q, file);
	has = query_next(&q, &ignored) == 1;
	query_end(&q);
	return has;
}

int
store_files(struct store *s, const char *port, const char *board_id,
    const char *variant, int (*fn)(const struct store_file *f, void *ctx),
    void *ctx, struct err *e)
{
	static const char one[] = "SELECT * FROM (" OUR_BOARDS " UNION ALL "
	    MORE_BOARDS " UNION ALL " THEIR_BOARDS ") WHERE (?1 IS NULL OR "
	    "port = ?1) AND (?3 IS NULL OR variant = ?3)";
	static const char all[] = "SELECT * FROM (" FILE_ROWS " UNION ALL "
	    THEIR_REST ") WHERE (?1 IS NULL OR port = ?1) AND "
	    "(?2 IS NULL OR board_id = ?2) AND (?3 IS NULL OR variant = ?3)";
	const struct file_ask a = { board_id != NULL ? one : all,
	    { port, board_id, variant }, 3 };

	return ask_file_rows(s, &a, fn, ctx, e) == -1 ? -1 : 0;
}

int
store_files_of(struct store *s, const char *board_id, const char *variant,
    const char *const *versions,
    int (*fn)(const struct store_file *f, void *ctx), void *ctx,
    struct err *e)
{
	struct file_ask a = { OUR_RELEASE "UNION ALL " THEIR_RELEASE,
	    { board_id, variant }, 2 };

	for (size_t i = 0; i < STORE_VERSIONS && versions[i] != NULL; i++)
		a.text[a.n++] = versions[i];
	return ask_file_rows(s, &a, fn, ctx, e) == -1 ? -1 : 0;
}

int
store_file_find(struct store *s, const char *file,
    int (*fn)(const struct store_file *f, void *ctx), void *ctx,
    struct err *e)
{
	const struct file_ask a = { FILE_ROWS "WHERE file = ?1 UNION ALL "
	    THEIR_ROWS(THEIR_BOARD) "WHERE firmware_file IN "
	    "(?1, replace(?1, '/', '\\')) AND " NOT_OURS "LIMIT 1",
	    { file }, 1 };

	return ask_file_rows(s, &a, fn, ctx, e);
}

int
store_files_by_sha256(struct store *s, const char *begin,
    int (*fn)(const struct store_file *f, void *ctx), void *ctx,
    struct err *e)
{
	const struct file_ask a = { FILE_ROWS "WHERE sha256 >= ?1 AND "
	    "sha256 < ?1 || 'g' ORDER BY file", { begin }, 1 };

	return ask_file_rows(s, &a, fn, ctx, e) == -1 ? -1 : 0;
}

int
store_files_theirs(struct store *s,
    int (*fn)(const struct store_file *f, void *ctx), void *ctx,
    struct err *e)
{
	const struct file_ask a = { THEIR_ROWS(THEIR_BOARD) "WHERE rowid IN "
	    "(SELECT id FROM mpf_theirs) AND " NOT_OURS "ORDER BY rowid DESC",
	    { NULL }, 0 };

	return ask_one(s, &a, fn, ctx, e) == -1 ? -1 : 0;
}

int
store_file_remove(struct store *s, const char *file, struct err *e)
{
	static const char *const sql[] = {
		"DELETE FROM mpf_custom WHERE file = ?1",
		"DELETE FROM mpf_custom_board WHERE file = ?1",
		"DELETE FROM mpf_file WHERE file = ?1",
		"DELETE FROM firmwares WHERE firmware_file IN "
		"(?1, replace(?1, '/', '\\'))",
	};
	struct query q;
	int n = 0;

	if (db_writing(s, e) == -1 || find_take(s, FIND_FILE, file, e) == -1)
		return -1;
	for (size_t i = 0; i < sizeof(sql) / sizeof(sql[0]); i++) {
		if (query_begin(s, sql[i], &q, e) == -1)
			return -1;
		query_text(&q, file);
		if (query_run(&q, e) == -1)
			return -1;
		n += sqlite3_changes(s->db);
	}
	return n > 0;
}

static int
put_ours(struct store *s, const struct store_file *f, struct err *e)
{
	char now[CLOCK_TEXT];
	struct query q;

	clock_text(clock_wall(), now);
	if (query_begin(s, "INSERT INTO mpf_file (file, port, "
	    "board_id, variant, version, build, commit_id, source, sha256, "
	    "size_bytes, custom, description, added_at) VALUES (?1, ?2, ?3, "
	    "?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13) "
	    "ON CONFLICT (file) DO UPDATE SET port = ?2, board_id = ?3, "
	    "variant = ?4, version = ?5, build = ?6, commit_id = ?7, "
	    "source = ?8, sha256 = ?9, size_bytes = ?10, custom = ?11, "
	    "description = ?12", &q, e) == -1)
		return -1;
	query_text(&q, f->file);
	query_text(&q, f->port);
	query_text(&q, f->board_id);
	query_key(&q, f->variant);
	query_text(&q, f->version);
	query_int(&q, f->build);
	query_text(&q, f->commit);
	query_text(&q, f->source);
	query_text(&q, f->sha256);
	query_int(&q, f->size_bytes);
	query_int(&q, f->custom);
	query_text(&q, f->description);
	query_text(&q, now);
	return query_run(&q, e);
}

/* Databases of mpflash's first years insist on the board being known. */
static int
put_parent(struct store *s, const struct store_file *f, struct err *e)
{
	struct query q;

	if (query_begin(s, "INSERT INTO boards (board_id, version, board_name,"
	    " mcu, variant, port, path, description, family, custom) "
	    "SELECT ?1 || iif(?2 = '', '', '-' || ?2), ?3, ?1, '', ?2, ?4, '',"
	    " '', 'micropython', ?5 "
	    "WHERE EXISTS (SELECT 1 FROM pragma_foreign_key_list('firmwares'))"
	    " ON CONFLICT DO NOTHING", &q, e) == -1)
		return -1;
	query_text(&q, f->board_id);
	query_key(&q, f->variant);
	query_text(&q, f->version);
	query_key(&q, f->port);
	query_int(&q, f->custom);
	return query_run(&q, e);
}

/* mpflash knows a file of the user's own by custom_id. */
static int
put_mpflash_file(struct store *s, const struct store_file *f, struct err *e)
{
	struct query q;

	if (query_begin(s, "DELETE FROM firmwares WHERE firmware_file IN "
	    "(?1, replace(?1, '/', '\\'))", &q, e) == -1)
		return -1;
	query_text(&q, f->file);
	if (query_run(&q, e) == -1 || query_begin(s,
	    "INSERT INTO firmwares (board_id, version, firmware_file, port, "
	    "description, source, build, custom, custom_id) "
	    "VALUES (?1 || iif(?2 = '', '', '-' || ?2), ?3, ?4, ?5, ?6, ?7, "
	    "?8, ?9, iif(?9, ?1 || iif(?2 = '', '', '-' || ?2), NULL))", &q,
	    e) == -1)
		return -1;
	query_text(&q, f->board_id);
	query_key(&q, f->variant);
	query_text(&q, f->version);
	query_text(&q, f->file);
	query_key(&q, f->port);
	query_key(&q, f->description);
	query_key(&q, f->source);
	query_int(&q, f->build == -1 ? 0 : f->build);
	query_int(&q, f->custom);
	if (query_run(&q, e) == -1)
		return -1;
	return db_exec(s, "DELETE FROM mpf_theirs WHERE "
	    "id = last_insert_rowid()", e);
}

int
store_file_put(struct store *s, const struct store_file *f, struct err *e)
{
	if (db_writing(s, e) == -1 ||
	    find_take(s, FIND_FILE, f->file, e) == -1 ||
	    put_ours(s, f, e) == -1 ||
	    find_add(s, FIND_FILE, f->file, e) == -1 ||
	    put_parent(s, f, e) == -1 || put_mpflash_file(s, f, e) == -1)
		return -1;
	return 0;
}

bool
store_has_file(const struct store_file *f)
{
	char *path = f->file[0] == '/' ? mem_str(f->file) :
	    mem_printf("%s/%s", f->dir, f->file);
	const bool here = access(path, R_OK) == 0;

	free(path);
	return here;
}
