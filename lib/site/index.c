/* SPDX-License-Identifier: MIT */
#include "site/index.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"

void
index_release(struct index *ix)
{
	size_t i;

	for (i = 0; i < ix->n; i++)
		free(ix->link[i].url);
	free(ix->link);
	free(ix->source);
	free(ix->etag);
	free(ix->last_modified);
	*ix = (struct index)INDEX_INIT;
}

struct index_link *
index_add(struct index *ix, char *url)
{
	struct index_link *l;
	const char *slash;

	if (ix->n == ix->cap) {
		ix->cap = ix->cap == 0 ? 64 : 2 * ix->cap;
		ix->link = mem_grow(ix->link, ix->cap, sizeof(*ix->link));
	}
	l = &ix->link[ix->n++];
	memset(l, 0, sizeof(*l));
	l->url = url;
	slash = strrchr(url, '/');
	l->file = slash == NULL ? url : slash + 1;
	return l;
}

void
index_from_page(const struct page *p, const char *mirror, const char *source,
    int64_t at, struct index *out)
{
	size_t i;

	*out = (struct index)INDEX_INIT;
	out->source = mem_str(source);
	out->fetched_at = at;
	snprintf(out->port, sizeof(out->port), "%s", p->port);
	for (i = 0; i < p->n; i++)
		index_add(out, mem_printf("%s/resources/firmware/%s", mirror,
		    p->link[i].file))->name = p->link[i].name;
}

int
index_from_reply(const struct buf *body, const char *board_id,
    const char *mirror, const char *source, const struct http_reply *reply,
    struct index *out, struct err *e)
{
	struct page page = PAGE_INIT;

	if (page_parse(body->data, body->len, board_id, &page, e) == -1)
		return err_wrap(e, "%s", source);
	index_from_page(&page, mirror, source, clock_wall(), out);
	out->etag = mem_str(reply->etag);
	out->last_modified = mem_str(reply->last_modified);
	page_release(&page);
	return 0;
}

static int
on_index_page(const struct store_page *p, void *ctx)
{
	struct index *ix = ctx;

	ix->source = mem_str(p->url);
	ix->fetched_at = p->fetched_at;
	ix->etag = mem_str(p->etag);
	ix->last_modified = mem_str(p->last_modified);
	if (p->port != NULL)
		snprintf(ix->port, sizeof(ix->port), "%s", p->port);
	return 0;
}

struct links {
	struct index	*ix;
	const char	*board_id;
};

/* The file's name says all that the row does, and was checked once. */
static int
on_index_link(const struct store_link *row, void *ctx)
{
	struct links *links = ctx;
	struct index_link *l = index_add(links->ix, mem_str(row->url));

	if (!firmware_name_parse(l->file, links->board_id, &l->name)) {
		free(l->url);
		links->ix->n--;
		return 0;
	}
	if (row->sha256 != NULL)
		snprintf(l->sha256, sizeof(l->sha256), "%s", row->sha256);
	return 0;
}

/* The links of the page that was found (r 1), or nothing. */
static int
add_links(struct store *s, const char *board_id, int r, struct index *out,
    struct err *e)
{
	struct links links = { out, board_id };

	if (r == 1 &&
	    store_links(s, out->source, on_index_link, &links, e) == -1)
		r = -1;
	if (r != 1)
		index_release(out);
	return r;
}

int
index_from_store(struct store *s, const char *board_id, struct index *out,
    struct err *e)
{
	*out = (struct index)INDEX_INIT;
	return add_links(s, board_id,
	    store_page_find(s, board_id, on_index_page, out, e), out, e);
}

int
index_of_page(struct store *s, const char *board_id, const char *url,
    struct index *out, struct err *e)
{
	*out = (struct index)INDEX_INIT;
	return add_links(s, board_id,
	    store_page_at(s, url, on_index_page, out, e), out, e);
}

void
index_row(const struct index_link *l, char version[VERSION_TEXT],
    struct store_link *out)
{
	const struct firmware_name *name = &l->name;

	version_text(&name->version, version);
	out->board_id = name->board_id;
	out->variant = name->variant[0] == '\0' ? NULL : name->variant;
	out->version = version;
	out->build = name->version.build;
	out->commit = name->version.commit[0] == '\0' ? NULL :
	    name->version.commit;
	out->date = name->date;
	out->ext = name->ext;
	out->url = l->url;
	out->sha256 = l->sha256[0] == '\0' ? NULL : l->sha256;
}

int
index_put(struct store *s, const char *board_id, const struct index *ix,
    struct err *e)
{
	struct store_page page = { .url = ix->source, .board_id = board_id,
	    .port = ix->port[0] == '\0' ? NULL : ix->port,
	    .fetched_at = ix->fetched_at, .etag = ix->etag,
	    .last_modified = ix->last_modified };
	char *text = mem_alloc(ix->n * VERSION_TEXT + 1);
	struct store_link *row = mem_alloc(ix->n * sizeof(*row) + 1);
	size_t i;
	int r;

	for (i = 0; i < ix->n; i++)
		index_row(&ix->link[i], text + i * VERSION_TEXT, &row[i]);
	r = store_page_put(s, &page, row, ix->n, e);
	free(text);
	free(row);
	return r;
}

int
index_to_store(struct store *s, const char *board_id, const struct index *ix,
    struct err *e)
{
	if (store_begin(s, e) == -1)
		return -1;
	if (index_put(s, board_id, ix, e) == 0 && store_commit(s, e) == 0)
		return 0;
	store_rollback(s);
	return -1;
}

int
index_seen(struct store *s, const struct index *ix, struct err *e)
{
	if (store_begin(s, e) == -1)
		return -1;
	if (store_page_seen(s, ix->source, ix->fetched_at, e) == 0 &&
	    store_commit(s, e) == 0)
		return 0;
	store_rollback(s);
	return -1;
}

int64_t
index_age_s(const struct index *ix)
{
	const int64_t age = (int64_t)clock_wall() - ix->fetched_at;

	return age < 0 ? 0 : age;
}

void
index_pin(const struct index *ix, const struct index_link *l,
    char text[VERSION_TEXT], struct firmware *out)
{
	const struct version *v = &l->name.version;

	version_text(v, text);
	out->version = text;
	if (v->build >= 0)
		out->build = v->build;
	if (v->commit[0] != '\0')
		out->commit = v->commit;
	out->source = l->url;
	out->file_name = l->file;
	if (out->sha256 == NULL && l->sha256[0] != '\0')
		out->sha256 = l->sha256;
	out->index_source = ix->source;
	out->index_age_s = index_age_s(ix);
	out->index_stale = out->index_age_s > INDEX_FRESH_S;
}
