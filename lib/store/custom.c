/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "store/db.h"
#include "store/derived.h"

/*
 * custom: what is known of custom firmware besides its file.  mpf_custom is
 * the truth; the columns of mpflash's table repeat it for other programs.
 */

#define N(a)	(sizeof(a) / sizeof((a)[0]))

/* The columns that custom firmware adds to mpflash's table. */
static const struct {
	const char	*name, *type;
} theirs[] = {
	{ "git_branch", "VARCHAR(255)" },
	{ "git_commit", "VARCHAR(64)" },
	{ "git_tag", "VARCHAR(255)" },
	{ "git_commits_since_tag", "INTEGER" },
	{ "build_toolchain", "VARCHAR(255)" },
	{ "build_python_version", "VARCHAR(20)" },
	{ "build_date", "TIMESTAMP" },
	{ "build_host", "VARCHAR(255)" },
	{ "custom_author", "VARCHAR(255)" },
	{ "custom_organization", "VARCHAR(255)" },
	{ "custom_features", "TEXT" },
	{ "custom_dependencies", "TEXT" },
};

static const char tables[] =
    "CREATE TABLE mpf_custom (sha256 TEXT NOT NULL PRIMARY KEY, "
    "file TEXT NOT NULL UNIQUE, added_at TEXT, trust TEXT, description TEXT, "
    "custom_id TEXT, git_url TEXT, git_branch TEXT, git_commit TEXT, "
    "git_tag TEXT, build_toolchain TEXT, build_python_version TEXT, "
    "build_date TEXT, build_host TEXT, custom_author TEXT, "
    "custom_organization TEXT, format TEXT, chip TEXT, machine TEXT, "
    "mcu TEXT, built TEXT, integrity TEXT, git_commits_since_tag INTEGER, "
    "git_dirty INTEGER, git_changes TEXT, custom_features TEXT, "
    "custom_dependencies TEXT, custom_tags TEXT);"
    "CREATE INDEX mpf_custom_commit ON mpf_custom (git_commit);"
    /* A firmware may be for more boards than that of mpf_file. */
    "CREATE TABLE mpf_custom_board (file TEXT NOT NULL, n INTEGER NOT NULL, "
    "board_id TEXT NOT NULL, variant TEXT NOT NULL, "
    "PRIMARY KEY (board_id, variant, file));"
    "CREATE INDEX mpf_custom_board_file ON mpf_custom_board (file);"
    /* What was said of it at each time it was added. */
    "CREATE TABLE mpf_custom_event (id INTEGER PRIMARY KEY, "
    "sha256 TEXT NOT NULL, at TEXT NOT NULL, what TEXT NOT NULL, "
    "source TEXT, description TEXT);"
    "CREATE INDEX mpf_custom_event_sha256 ON mpf_custom_event (sha256);"
    /* What mpf-add --update looks at again, and with which options. */
    "CREATE TABLE mpf_custom_source (source TEXT NOT NULL PRIMARY KEY, "
    "given TEXT NOT NULL, sha256 TEXT, checked_at TEXT);";

int
custom_make(struct store *s, struct err *e)
{
	int r = db_exec(s, tables, e);

	for (size_t i = 0; r == 0 && i < N(theirs); i++) {
		char *look = mem_printf("SELECT count(*) FROM "
		    "pragma_table_info('firmwares') WHERE name = '%s'",
		    theirs[i].name);
		char *sql = mem_printf("ALTER TABLE firmwares ADD COLUMN "
		    "%s %s", theirs[i].name, theirs[i].type);

		if (db_number(s, look) == 0)
			r = db_exec(s, sql, e);
		free(look);
		free(sql);
	}
	return r;
}

/* --- to write --- */

static int
put_row(struct store *s, const char *file, const struct firmware *f,
    const struct image *im, struct err *e)
{
	const char *const text[] = { f->sha256, file, f->added_at, f->trust,
	    f->description, f->custom_id, f->git_url, f->git_branch,
	    f->git_commit, f->git_tag, f->toolchain_version,
	    f->python_version, f->build_date, f->build_host, f->author,
	    f->organization, im->format, im->chip, im->board, im->mcu,
	    im->built, im->integrity };
	struct query q;

	if (query_begin(s, "INSERT OR REPLACE INTO mpf_custom (sha256, file, "
	    "added_at, trust, description, custom_id, git_url, git_branch, "
	    "git_commit, git_tag, build_toolchain, build_python_version, "
	    "build_date, build_host, custom_author, custom_organization, "
	    "format, chip, machine, mcu, built, integrity, "
	    "git_commits_since_tag, git_dirty) VALUES (?1, ?2, ?3, ?4, ?5, "
	    "?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, "
	    "?19, ?20, ?21, ?22, ?23, ?24)", &q, e) == -1)
		return -1;
	for (size_t i = 0; i < N(text); i++)
		query_text(&q, text[i]);
	query_int(&q, f->git_commits_since_tag);
	query_int(&q, f->git_dirty);
	return query_run(&q, e);
}

static int
put_words(struct store *s, const char *sql, const char *sha256,
    const char *const *words, struct err *e)
{
	struct query q;

	for (; *words != NULL; words++) {
		if (query_begin(s, sql, &q, e) == -1)
			return -1;
		query_text(&q, sha256);
		query_text(&q, *words);
		if (query_run(&q, e) == -1)
			return -1;
	}
	return 0;
}

#define ADD_WORD(c)	"UPDATE mpf_custom SET " c " = json_insert(" \
			"ifnull(" c ", '[]'), '$[#]', ?2) WHERE sha256 = ?1"

static int
put_lists(struct store *s, const struct firmware *f, struct err *e)
{
	if (put_words(s, ADD_WORD("git_changes"), f->sha256, f->git_changes,
	    e) == -1 ||
	    put_words(s, ADD_WORD("custom_features"), f->sha256, f->features,
	    e) == -1 ||
	    put_words(s, ADD_WORD("custom_dependencies"), f->sha256,
	    f->dependencies, e) == -1)
		return -1;
	return put_words(s, ADD_WORD("custom_tags"), f->sha256, f->tags, e);
}

static int
put_board_row(struct store *s, const char *file, size_t n, const char *name,
    struct err *e)
{
	const size_t len = strcspn(name, "-");
	char *id = mem_printf("%.*s", (int)len, name);
	struct query q;
	int r;

	r = query_begin(s, "INSERT OR REPLACE INTO mpf_custom_board (file, n, "
	    "board_id, variant) VALUES (?1, ?2, ?3, ?4)", &q, e);
	if (r == 0) {
		query_text(&q, file);
		query_int(&q, (int64_t)n);
		query_text(&q, id);
		query_text(&q, name[len] == '-' ? name + len + 1 : "");
		r = query_run(&q, e);
	}
	free(id);
	return r;
}

static int
put_boards(struct store *s, const char *file, const struct firmware *f,
    struct err *e)
{
	struct query q;

	if (query_begin(s, "DELETE FROM mpf_custom_board WHERE file = ?1", &q,
	    e) == -1)
		return -1;
	query_text(&q, file);
	if (query_run(&q, e) == -1)
		return -1;
	for (size_t i = 0; f->fits[i] != NULL; i++)
		if (put_board_row(s, file, i, f->fits[i], e) == -1)
			return -1;
	return 0;
}

/* For mpflash: a row for each board, with the columns of all of them. */
static int
put_mpflash_custom(struct store *s, const char *file, const char *sha256,
    struct err *e)
{
	static const char *const sql[] = {
		"INSERT OR IGNORE INTO firmwares (board_id, version, "
		"firmware_file, port, description, source, build, custom) "
		"SELECT b.board_id || iif(b.variant = '', '', '-' || "
		"b.variant), f.version, f.firmware_file, f.port, "
		"f.description, f.source, f.build, f.custom FROM firmwares "
		"AS f JOIN mpf_custom_board AS b ON b.file = f.firmware_file "
		"WHERE f.firmware_file = ?1 AND ?2 = ?2 "
		"AND NOT EXISTS (SELECT 1 FROM "
		"pragma_foreign_key_list('firmwares'))",
		"UPDATE firmwares SET (git_branch, git_commit, git_tag, "
		"git_commits_since_tag, build_toolchain, "
		"build_python_version, build_date, build_host, custom_author, "
		"custom_organization, custom_features, custom_dependencies) = "
		"(SELECT git_branch, git_commit, git_tag, "
		"git_commits_since_tag, build_toolchain, "
		"build_python_version, build_date, build_host, custom_author, "
		"custom_organization, custom_features, custom_dependencies "
		"FROM mpf_custom WHERE sha256 = ?2), custom_id = "
		"coalesce((SELECT c.custom_id FROM mpf_custom AS c "
		"WHERE c.sha256 = ?2), board_id) WHERE firmware_file = ?1",
	};
	struct query q;

	for (size_t i = 0; i < N(sql); i++) {
		if (query_begin(s, sql[i], &q, e) == -1)
			return -1;
		query_text(&q, file);
		query_text(&q, sha256);
		if (query_run(&q, e) == -1)
			return -1;
	}
	return 0;
}

/* The file that has these bytes by now, for the caller to free; or NULL. */
static int
file_of(struct store *s, const char *sha256, char **out, struct err *e)
{
	struct query q;
	int r;

	*out = NULL;
	if (query_begin(s, "SELECT file FROM mpf_custom WHERE sha256 = ?1", &q,
	    e) == -1)
		return -1;
	query_text(&q, sha256);
	r = query_next(&q, e);
	if (r == 1)
		*out = mem_str(query_col_text(&q, 0));
	query_end(&q);
	return r == -1 ? -1 : 0;
}

static int
put_custom_rows(struct store *s, const char *file, const struct firmware *f,
    const struct image *im, struct err *e)
{
	if (put_row(s, file, f, im, e) == -1 || put_lists(s, f, e) == -1 ||
	    put_boards(s, file, f, e) == -1)
		return -1;
	return put_mpflash_custom(s, file, f->sha256, e);
}

/* What is known of the bytes may move from one file to another. */
int
store_custom_put(struct store *s, const char *file, const struct firmware *f,
    const struct image *im, struct err *e)
{
	char *was = NULL;
	int r = -1;

	if (db_writing(s, e) == -1 || file_of(s, f->sha256, &was, e) == -1)
		return -1;
	if (was != NULL && strcmp(was, file) == 0) {
		free(was);
		was = NULL;
	}
	if (find_take(s, FIND_FILE, file, e) == 0 &&
	    (was == NULL || find_take(s, FIND_FILE, was, e) == 0) &&
	    put_custom_rows(s, file, f, im, e) == 0 &&
	    (was == NULL || find_add(s, FIND_FILE, was, e) == 0))
		r = find_add(s, FIND_FILE, file, e);
	free(was);
	return r;
}

int
store_custom_event(struct store *s, const struct store_custom_event *ev,
    struct err *e)
{
	struct query q;

	if (db_writing(s, e) == -1 || query_begin(s, "INSERT INTO "
	    "mpf_custom_event (sha256, at, what, source, description) VALUES "
	    "(?1, ?2, ?3, ?4, ?5)", &q, e) == -1)
		return -1;
	query_text(&q, ev->sha256);
	query_text(&q, ev->at);
	query_text(&q, ev->what);
	query_text(&q, ev->source);
	query_text(&q, ev->description);
	return query_run(&q, e);
}

int
store_custom_source_put(struct store *s, const struct store_custom_source *c,
    struct err *e)
{
	struct query q;

	if (db_writing(s, e) == -1 || query_begin(s, "INSERT OR REPLACE INTO "
	    "mpf_custom_source (source, given, sha256, checked_at) VALUES "
	    "(?1, ?2, ?3, ?4)", &q, e) == -1)
		return -1;
	query_text(&q, c->source);
	query_text(&q, c->given);
	query_text(&q, c->sha256);
	query_text(&q, c->checked_at);
	return query_run(&q, e);
}

int
store_custom_sources(struct store *s,
    int (*fn)(const struct store_custom_source *c, void *ctx), void *ctx,
    struct err *e)
{
	struct store_custom_source c;
	struct query q;
	int r;

	if (query_begin(s, "SELECT source, given, sha256, checked_at FROM "
	    "mpf_custom_source ORDER BY source", &q, e) == -1)
		return -1;
	while ((r = query_next(&q, e)) == 1) {
		c.source = query_col_text(&q, 0);
		c.given = query_col_text(&q, 1);
		c.sha256 = query_col_text(&q, 2);
		c.checked_at = query_col_text(&q, 3);
		if (fn(&c, ctx) != 0)
			break;
	}
	query_end(&q);
	return r == -1 ? -1 : 0;
}
