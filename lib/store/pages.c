/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "base/buf.h"
#include "store/db.h"

/* The page's row, whose number goes to *id. */
static int
put_page(struct store *s, const struct store_page *p, int64_t *id,
    struct err *e)
{
	struct query q;
	int r;

	if (query_begin(s, "INSERT INTO mpf_page (url, board_id, port, "
	    "fetched_at, etag, last_modified) VALUES (?1, ?2, ?3, ?4, ?5, ?6) "
	    "ON CONFLICT (url) DO UPDATE SET board_id = ?2, port = ?3, "
	    "fetched_at = ?4, etag = ?5, last_modified = ?6 RETURNING id", &q,
	    e) == -1)
		return -1;
	query_text(&q, p->url);
	query_text(&q, p->board_id);
	query_text(&q, p->port);
	query_int(&q, p->fetched_at);
	query_text(&q, p->etag);
	query_text(&q, p->last_modified);
	r = query_next(&q, e);
	if (r == 1)
		*id = query_col_int(&q, 0);
	query_end(&q);
	return r == 1 ? 0 : -1;
}

static int
put_link(struct store *s, int64_t page, size_t n, const struct store_link *l,
    struct err *e)
{
	struct query q;

	if (query_begin(s, "INSERT INTO mpf_link (page, n, board_id, variant, "
	    "version, build, commit_id, date, ext, url, sha256) VALUES (?1, "
	    "?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)", &q, e) == -1)
		return -1;
	query_int(&q, page);
	query_int(&q, (int64_t)n);
	query_text(&q, l->board_id);
	query_key(&q, l->variant);
	query_text(&q, l->version);
	query_int(&q, l->build);
	query_text(&q, l->commit);
	query_text(&q, l->date);
	query_text(&q, l->ext);
	query_text(&q, l->url);
	query_text(&q, l->sha256);
	return query_run(&q, e);
}

int
store_page_put(struct store *s, const struct store_page *p,
    const struct store_link *links, size_t n, struct err *e)
{
	struct query q;
	int64_t id = -1;

	if (db_writing(s, e) == -1 || put_page(s, p, &id, e) == -1 ||
	    query_begin(s, "DELETE FROM mpf_link WHERE page = ?1", &q,
	    e) == -1)
		return -1;
	query_int(&q, id);
	if (query_run(&q, e) == -1)
		return -1;
	for (size_t i = 0; i < n; i++)
		if (put_link(s, id, i, &links[i], e) == -1)
			return -1;
	return 0;
}

/* The first page of a query with one text to fill in. */
static int
find_page(struct store *s, const char *sql, const char *key,
    int (*fn)(const struct store_page *p, void *ctx), void *ctx,
    struct err *e)
{
	struct store_page p;
	struct query q;
	int r;

	if (query_begin(s, sql, &q, e) == -1)
		return -1;
	query_text(&q, key);
	r = query_next(&q, e);
	if (r == 1) {
		p.url = query_col_text(&q, 0);
		p.board_id = query_col_text(&q, 1);
		p.port = query_col_text(&q, 2);
		p.fetched_at = query_col_int(&q, 3);
		p.etag = query_col_text(&q, 4);
		p.last_modified = query_col_text(&q, 5);
		fn(&p, ctx);
	}
	query_end(&q);
	return r == 0 && s->below != NULL ?
	    find_page(s->below, sql, key, fn, ctx, e) : r;
}

int
store_page_find(struct store *s, const char *board_id,
    int (*fn)(const struct store_page *p, void *ctx), void *ctx,
    struct err *e)
{
	return find_page(s, "SELECT url, board_id, port, fetched_at, etag, "
	    "last_modified FROM mpf_page WHERE board_id = ?1 "
	    "ORDER BY fetched_at DESC, id DESC LIMIT 1", board_id, fn, ctx,
	    e);
}

int
store_page_at(struct store *s, const char *url,
    int (*fn)(const struct store_page *p, void *ctx), void *ctx,
    struct err *e)
{
	return find_page(s, "SELECT url, board_id, port, fetched_at, etag, "
	    "last_modified FROM mpf_page WHERE url = ?1", url, fn, ctx, e);
}

int
store_page_boards(struct store *s, int (*fn)(const char *board_id, void *ctx),
    void *ctx, struct err *e)
{
	struct buf ids = BUF_INIT;
	struct query q;
	int r;

	if (query_begin(s, "SELECT DISTINCT board_id FROM mpf_page WHERE "
	    "board_id <> '' ORDER BY board_id", &q, e) == -1)
		return -1;
	while ((r = query_next(&q, e)) == 1) {
		buf_adds(&ids, query_col_text(&q, 0));
		buf_addc(&ids, '\0');
	}
	query_end(&q);
	for (size_t i = 0; r == 0 && i < ids.len; i += strlen(ids.data + i) + 1)
		if (fn(ids.data + i, ctx) != 0)
			break;
	buf_release(&ids);
	return r;
}

int
store_page_seen(struct store *s, const char *url, int64_t at, struct err *e)
{
	struct query q;

	if (db_writing(s, e) == -1 || query_begin(s, "UPDATE mpf_page "
	    "SET fetched_at = ?2 WHERE url = ?1", &q, e) == -1)
		return -1;
	query_text(&q, url);
	query_int(&q, at);
	return query_run(&q, e);
}

int
store_links(struct store *s, const char *page_url,
    int (*fn)(const struct store_link *l, void *ctx), void *ctx,
    struct err *e)
{
	struct store_link l;
	struct query q;
	bool any = false;
	int r;

	if (query_begin(s, "SELECT l.board_id, l.variant, l.version, l.build, "
	    "l.commit_id, l.date, l.ext, l.url, l.sha256 FROM mpf_link AS l, "
	    "mpf_page AS p WHERE p.url = ?1 AND l.page = p.id ORDER BY l.n",
	    &q, e) == -1)
		return -1;
	query_text(&q, page_url);
	while ((r = query_next(&q, e)) == 1) {
		any = true;
		l.board_id = query_col_text(&q, 0);
		l.variant = query_col_text(&q, 1);
		l.version = query_col_text(&q, 2);
		l.build = query_col_int(&q, 3);
		l.commit = query_col_text(&q, 4);
		l.date = query_col_text(&q, 5);
		l.ext = query_col_text(&q, 6);
		l.url = query_col_text(&q, 7);
		l.sha256 = query_col_text(&q, 8);
		if (fn(&l, ctx) != 0)
			break;
	}
	query_end(&q);
	if (r == 0 && !any && s->below != NULL)
		return store_links(s->below, page_url, fn, ctx, e);
	return r == -1 ? -1 : 0;
}
