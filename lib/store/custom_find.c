/* SPDX-License-Identifier: MIT */
#include <stdlib.h>

#include "base/mem.h"
#include "store/db.h"

/* custom_find: what custom.c wrote, read again. */

#define LISTS	5u		/* of free texts */

/* What the lists of a firmware borrow from. */
struct words {
	char	*v[LISTS * MODEL_WORDS];
	size_t	 n;
};

static int
find_words(struct store *s, const char *sql, const char *key,
    const char **out, struct words *w, struct err *e)
{
	struct query q;
	size_t n = 0;
	int r = 0;

	if (query_begin(s, sql, &q, e) == -1)
		return -1;
	query_text(&q, key);
	while (n < MODEL_WORDS && (r = query_next(&q, e)) == 1) {
		const char *text = query_col_text(&q, 0);

		if (text != NULL)
			out[n++] = w->v[w->n++] = mem_str(text);
	}
	query_end(&q);
	return r == -1 ? -1 : 0;
}

/* A list that another program has spoilt is empty. */
#define WORDS_OF(c)	"SELECT value FROM mpf_custom, json_each(iif(" \
			"json_valid(" c "), " c ", '[]')) WHERE sha256 = ?1 " \
			"AND type = 'text'"

static int
find_lists(struct store *s, const char *file, struct firmware *f,
    struct words *w, struct err *e)
{
	if (find_words(s, WORDS_OF("git_changes"), f->sha256, f->git_changes,
	    w, e) == -1 ||
	    find_words(s, WORDS_OF("custom_features"), f->sha256, f->features,
	    w, e) == -1 ||
	    find_words(s, WORDS_OF("custom_dependencies"), f->sha256,
	    f->dependencies, w, e) == -1 ||
	    find_words(s, WORDS_OF("custom_tags"), f->sha256, f->tags, w,
	    e) == -1)
		return -1;
	return find_words(s, "SELECT board_id || iif(variant = '', '', '-' || "
	    "variant) FROM mpf_custom_board WHERE file = ?1 ORDER BY n", file,
	    f->fits, w, e);
}

/* In the order of the columns asked for. */
static void
take_columns(const struct query *q, struct firmware *f, struct image *im)
{
	const char **const text[] = { &f->sha256, &f->added_at, &f->trust,
	    &f->description, &f->custom_id, &f->git_url, &f->git_branch,
	    &f->git_commit, &f->git_tag, &f->toolchain_version,
	    &f->python_version, &f->build_date, &f->build_host, &f->author,
	    &f->organization, &f->port, &f->board_id, &f->variant,
	    &f->version, &f->commit, &f->source, &im->sha256, &im->format,
	    &im->chip, &im->board, &im->mcu, &im->built, &im->integrity };
	const size_t n = sizeof(text) / sizeof(text[0]);

	for (size_t i = 0; i < n; i++)
		*text[i] = query_col_text(q, (int)i + 1);
	f->git_commits_since_tag = query_col_int(q, (int)n + 1);
	f->git_dirty = (int)query_col_int(q, (int)n + 2);
	f->build = query_col_int(q, (int)n + 3);
	im->size_bytes = query_col_int(q, (int)n + 4);
	f->custom = 1;
}

int
store_custom_find(struct store *s, const char *sha256,
    int (*fn)(const char *file, const struct firmware *f,
    const struct image *im, void *ctx), void *ctx, struct err *e)
{
	struct firmware f = FIRMWARE_INIT;
	struct image im = IMAGE_INIT;
	struct words w = { .n = 0 };
	const char *file;
	struct query q;
	int r;

	if (query_begin(s, "SELECT c.file, c.sha256, c.added_at, c.trust, "
	    "c.description, c.custom_id, c.git_url, c.git_branch, "
	    "c.git_commit, c.git_tag, c.build_toolchain, "
	    "c.build_python_version, c.build_date, c.build_host, "
	    "c.custom_author, c.custom_organization, f.port, f.board_id, "
	    "f.variant, f.version, f.commit_id, f.source, c.sha256, c.format, "
	    "c.chip, c.machine, c.mcu, c.built, c.integrity, "
	    "c.git_commits_since_tag, c.git_dirty, f.build, f.size_bytes "
	    "FROM mpf_custom AS c JOIN mpf_file AS f ON f.file = c.file "
	    "WHERE c.sha256 = ?1", &q, e) == -1)
		return -1;
	query_text(&q, sha256);
	r = query_next(&q, e);
	if (r == 1) {
		file = query_col_text(&q, 0);
		take_columns(&q, &f, &im);
		r = find_lists(s, file, &f, &w, e);
		if (r == 0) {
			fn(file, &f, &im, ctx);
			r = 1;
		}
	}
	query_end(&q);
	while (w.n > 0)
		free(w.v[--w.n]);
	return r == 0 && s->below != NULL ?
	    store_custom_find(s->below, sha256, fn, ctx, e) : r;
}
