/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/stop.h"
#include "fetch/listing.h"
#include "fetch/run.h"

/*
 * refresh: the boards' pages, of all or of those that records name, asked for
 * whether they changed, and kept in the store.
 *
 * Pages are written in groups, as each group waits for the disk; a group is
 * short, as others wait for it.
 */

#define GROUP_MS	100

/* The page of a board, or with board_id "" the list of them. */
struct refresh_task {
	struct refresh_task *next;
	struct fetch	*f;
	char		*board_id, *url;
	size_t		 mirror;
	char		*etag, *last_modified;	/* what is kept of url */
	struct buf	 body;
	bool		 done;
	struct err	 e;		/* of it; code 0: well */
	struct item	*waiting;
};

void
refresh_task_free(struct refresh_task *t)
{
	struct refresh_task **p = &t->f->refreshing;

	while (*p != t)
		p = &(*p)->next;
	*p = t->next;
	buf_release(&t->body);
	free(t->board_id);
	free(t->url);
	free(t->etag);
	free(t->last_modified);
	free(t);
}

static int
group_begin(struct fetch *f, struct err *e)
{
	if (f->group)
		return 0;
	if (store_begin(f->store, e) == -1)
		return -1;
	f->group = true;
	f->group_ms = clock_ms();
	return 0;
}

/* --- what an answer means --- */

static void	ask(struct refresh_task *t);

static int
take_id(const struct store_link *l, void *ctx)
{
	listing_add(ctx, l->board_id, strlen(l->board_id));
	return 0;
}

static int
keep_listing(const struct refresh_task *t, const struct listing *l,
    const struct http_reply *reply, struct err *e)
{
	const struct store_page page = { .url = t->url, .board_id = "",
	    .fetched_at = clock_wall(), .etag = reply->etag,
	    .last_modified = reply->last_modified };
	struct store_link *row = mem_alloc(l->n * sizeof(*row) + 1);
	char **url = mem_alloc(l->n * sizeof(*url) + 1);
	size_t i;
	int r;

	for (i = 0; i < l->n; i++) {
		url[i] = page_url(t->f, t->mirror, l->id[i]);
		row[i] = (struct store_link){ .board_id = l->id[i],
		    .version = "", .build = -1, .ext = "", .url = url[i] };
	}
	r = store_page_put(t->f->store, &page, row, l->n, e);
	for (i = 0; i < l->n; i++)
		free(url[i]);
	free(url);
	free(row);
	return r;
}

/* The list: from here on each board has a task. */
static int
take_listing(struct refresh_task *t, const struct http_reply *reply,
    struct err *e)
{
	struct fetch *f = t->f;
	struct listing l = LISTING_INIT;
	size_t i;
	int r;

	if (reply->status == 304)
		r = store_links(f->store, t->url, take_id, &l, e) == -1 ||
		    store_page_seen(f->store, t->url, clock_wall(), e) == -1 ?
		    -1 : 0;
	else if (listing_parse(t->body.data, t->body.len, &l, e) == -1)
		return err_wrap(e, "%s", t->url);
	else
		r = keep_listing(t, &l, reply, e);
	for (i = 0; r == 0 && i < l.n; i++)
		refresh_board(f, l.id[i], NULL);
	listing_release(&l);
	return r;
}

static int
take_page(struct refresh_task *t, const struct http_reply *reply,
    struct err *e)
{
	struct fetch *f = t->f;
	struct index ix;
	int r;

	if (reply->status == 304) {
		f->refreshed.unchanged++;
		return store_page_seen(f->store, t->url, clock_wall(), e);
	}
	if (index_from_reply(&t->body, t->board_id, f->mirrors[t->mirror],
	    t->url, reply, &ix, e) == -1)
		return -1;
	f->refreshed.changed++;
	r = index_put(f->store, t->board_id, &ix, e);
	index_release(&ix);
	return r;
}

/*
 * What the record that asked is told: the page is as new as can be.  That
 * there is none is no fault of a board of the user's own.
 */
static void
tell(struct item *it, const struct refresh_task *t)
{
	struct firmware *fw = &it->job->chosen;

	if (t->e.code == ERR_NONE) {
		fw->index_source = item_keep(it, t->url);
		fw->index_age_s = 0;
		fw->index_stale = 0;
	}
	item_done(it, t->e.code == ERR_NONE || t->e.code == ERR_NOT_FOUND ?
	    NULL : &t->e);
}

/* Some boards have a page and no firmware yet, which is no fault. */
static void
count(struct refresh_task *t, bool empty)
{
	struct fetch *f = t->f;

	if (t->e.code == ERR_NONE)
		return;
	if (empty)
		f->refreshed.empty++;
	else if (f->refreshed.failed++ == 0)
		f->page_error = t->e;
	if (f->o.page_failed != NULL && (t->waiting == NULL ? !empty :
	    t->e.code == ERR_NOT_FOUND))
		f->o.page_failed(&t->e);
}

static void
tell_all(struct refresh_task *t)
{
	struct item *it = t->waiting, *after;

	t->waiting = NULL;
	for (; it != NULL; it = after) {
		after = it->after;
		tell(it, t);
	}
}

/* What the store has not got yet is told when it has: see refresh_keep. */
static void
end(struct refresh_task *t, bool empty)
{
	struct fetch *f = t->f;

	t->done = true;
	count(t, empty);
	f->pages_done += t->board_id[0] != '\0';
	if (f->o.progress_pages != NULL && f->refreshed.pages > 0)
		f->o.progress_pages(f->pages_done, f->refreshed.pages,
		    f->o.ctx);
	buf_release(&t->body);
	if (t->e.code != ERR_NONE)
		tell_all(t);
}

static void
on_done(const struct http_reply *reply, const struct err *failure, void *ctx)
{
	struct refresh_task *t = ctx;
	int r = -1;

	t->e = (struct err)ERR_INIT;
	if (failure != NULL) {
		t->e = *failure;
		if (t->e.code == ERR_NOT_FOUND)
			hint_near(t->waiting, t->board_id, &t->e);
	} else if (group_begin(t->f, &t->e) == 0) {
		r = t->board_id[0] == '\0' ? take_listing(t, reply, &t->e) :
		    take_page(t, reply, &t->e);
	}
	if (r == -1 && page_elsewhere(t->f, t->board_id, &t->e, &t->mirror,
	    &t->url))
		ask(t);
	else
		end(t, failure == NULL && t->e.code == ERR_NOT_FOUND &&
		    t->board_id[0] != '\0');
}

/* --- groups of pages --- */

static bool
busy(const struct fetch *f)
{
	const struct refresh_task *t = f->refreshing;

	while (t != NULL && t->done)
		t = t->next;
	return t != NULL;
}

int
refresh_wait_ms(const struct fetch *f, int ms)
{
	return f->group && ms > GROUP_MS ? GROUP_MS : ms;
}

int
refresh_keep(struct fetch *f, bool now, struct err *e)
{
	struct refresh_task *t;

	if (!f->group || (!now && busy(f) &&
	    clock_ms() - f->group_ms < GROUP_MS))
		return 0;
	f->group = false;
	if (store_commit(f->store, e) == -1) {
		store_rollback(f->store);
		return -1;
	}
	for (t = f->refreshing; t != NULL; t = t->next)
		if (t->done)
			tell_all(t);
	return 0;
}

/* --- asking --- */

static int
on_known(const struct store_page *p, void *ctx)
{
	struct refresh_task *t = ctx;

	if (strcmp(p->url, t->url) != 0)
		return 0;
	t->etag = mem_str(p->etag);
	t->last_modified = mem_str(p->last_modified);
	return 0;
}

static void
ask(struct refresh_task *t)
{
	struct http_request rq = { .into = &t->body, .text = true,
	    .done = on_done, .ctx = t };

	free(t->etag);
	free(t->last_modified);
	t->etag = t->last_modified = NULL;
	rq.url = t->url;
	t->e = (struct err)ERR_INIT;
	if (store_page_find(t->f->store, t->board_id, on_known, t,
	    &t->e) != -1) {
		rq.etag = t->etag;
		rq.last_modified = t->last_modified;
		if (http_get(t->f->http, &rq, &t->e) == 0)
			return;
	}
	end(t, false);
}

void
refresh_board(struct fetch *f, const char *board_id, struct item *it)
{
	struct refresh_task *t;

	for (t = f->refreshing; t != NULL; t = t->next)
		if (strcmp(t->board_id, board_id) == 0)
			break;
	if (t != NULL && t->done && !f->group) {
		if (it != NULL)
			tell(it, t);
		return;
	}
	if (it != NULL)
		it->after = t == NULL ? NULL : t->waiting;
	if (t != NULL) {
		t->waiting = it != NULL ? it : t->waiting;
		return;
	}
	t = mem_alloc(sizeof(*t));
	t->f = f;
	t->board_id = mem_str(board_id);
	t->url = page_url(f, 0, board_id);
	t->body = (struct buf)BUF_MAX(PAGE_MAX);
	t->waiting = it;
	t->next = f->refreshing;
	f->refreshing = t;
	f->refreshed.pages += board_id[0] != '\0';
	ask(t);
}

void
item_refresh(struct item *it)
{
	const struct firmware *fw = it->job->firmware;
	const struct board *b = it->job->board;
	const char *id = fw->board_id != NULL ? fw->board_id : b->board_id;
	struct err e = ERR_INIT;

	if (id == NULL) {
		item_done(it, NULL);	/* nothing is known of its page */
	} else if (firmware_file_safe(id)) {
		refresh_board(it->f, id, it);
	} else {
		err_set(&e, ERR_INPUT, "%s: not a board's id", id);
		item_done(it, &e);
	}
}

int
fetch_refresh_all(struct fetch *f, struct fetch_refreshed *out,
    struct err *e)
{
	int r = 0;

	refresh_board(f, "", NULL);
	while (r == 0 && busy(f) && !stop_requested())
		r = fetch_turn(f, -1, e);
	*out = f->refreshed;
	if (r == -1)
		return -1;
	if (busy(f)) {
		fetch_cancel(f);
		return err_set(e, ERR_CANCELLED, "stopped before all pages "
		    "were here");
	}
	if (out->failed == 0)
		return 0;
	*e = f->page_error;
	err_wrap(e, "%zu page%s could not be had", out->failed,
	    out->failed == 1 ? "" : "s");
	return err_hint(e, "what was known of their boards before stays");
}
