/* SPDX-License-Identifier: MIT */
#include "site/refresh.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/stop.h"
#include "site/board.h"
#include "site/listing.h"

#define GROUP_MS	100
#define WAIT_MS		1000		/* a signal may come just before */

/* The page of a board, or with board_id "" the list of them. */
struct refresh_task {
	struct refresh_task *next;
	struct refresh	*r;
	char		*board_id, *url;
	size_t		 mirror;
	char		*etag, *last_modified;	/* what is kept of url */
	struct buf	 body;
	bool		 done;
	struct err	 e;		/* of it; code 0: well */
	struct refresh_wait *waiting;
};

struct refresh {
	struct refresh_opts o;
	struct mirrors	 mirrors;
	struct store	*store;
	struct facts	*facts;		/* NULL: not needed yet */
	struct http	*http;
	struct refresh_task *tasks;
	struct refreshed counts;
	size_t		 pages_done;	/* of counts.pages */
	struct err	 first;		/* the first page that failed */
	bool		 group;		/* pages are being written */
	int64_t		 group_ms;	/* since then */
};

static void
task_free(struct refresh_task *t)
{
	struct refresh_task **p = &t->r->tasks;

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
group_begin(struct refresh *f, struct err *e)
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

static void	request_page(struct refresh_task *t);

/* The list: from here on each board has a task. */
static int
take_listing(struct refresh_task *t, const struct http_reply *reply,
    struct err *e)
{
	struct refresh *f = t->r;
	struct listing l = LISTING_INIT;
	size_t i;
	int r;

	if (reply->status == 304)
		r = listing_from_store(f->store, t->url, &l, e);
	else if (listing_parse(t->body.data, t->body.len, &l, e) == -1)
		return err_wrap(e, "%s", t->url);
	else
		r = listing_put(f->store, &f->mirrors, t->mirror, t->url,
		    reply, &l, e);
	for (i = 0; r == 0 && i < l.n; i++)
		refresh_board(f, l.id[i], NULL);
	listing_release(&l);
	return r;
}

static int
take_refresh_page(struct refresh_task *t, const struct http_reply *reply,
    struct err *e)
{
	struct refresh *f = t->r;
	struct index ix;
	int r;

	if (reply->status == 304) {
		f->counts.unchanged++;
		return store_page_seen(f->store, t->url, clock_wall(), e);
	}
	if (index_from_reply(&t->body, t->board_id, f->mirrors.v[t->mirror],
	    t->url, reply, &ix, e) == -1)
		return -1;
	f->counts.changed++;
	r = index_put(f->store, t->board_id, &ix, e);
	index_release(&ix);
	return r;
}

static void
tell_waiting(struct refresh_wait *w, const struct refresh_task *t)
{
	w->done(w, t->url, t->e.code == ERR_NONE ? NULL : &t->e);
}

/* Some boards have a page and no firmware yet, which is no fault. */
static void
count_page(struct refresh_task *t, bool empty)
{
	struct refresh *f = t->r;

	if (t->e.code == ERR_NONE)
		return;
	if (empty)
		f->counts.empty++;
	else if (f->counts.failed++ == 0)
		f->first = t->e;
	if (f->o.page_failed != NULL && t->waiting == NULL && !empty)
		f->o.page_failed(&t->e);
}

static void
tell_all_waiting(struct refresh_task *t)
{
	struct refresh_wait *w = t->waiting, *next;

	t->waiting = NULL;
	for (; w != NULL; w = next) {
		next = w->next;
		tell_waiting(w, t);
	}
}

/* What the store has not got yet is told when it has: see refresh_keep. */
static void
end_task(struct refresh_task *t, bool empty)
{
	struct refresh *f = t->r;

	t->done = true;
	count_page(t, empty);
	f->pages_done += t->board_id[0] != '\0';
	if (f->o.progress != NULL && f->counts.pages > 0)
		f->o.progress(f->pages_done, f->counts.pages,
		    f->o.ctx);
	buf_release(&t->body);
	if (t->e.code != ERR_NONE)
		tell_all_waiting(t);
}

static void
on_done(const struct http_reply *reply, const struct err *failure, void *ctx)
{
	struct refresh_task *t = ctx;
	int r = -1;

	t->e = (struct err)ERR_INIT;
	if (failure != NULL) {
		t->e = *failure;
		if (t->e.code == ERR_NOT_FOUND && t->r->o.by_hand)
			site_board_near(t->r->store, &t->r->facts,
			    t->board_id, &t->e);
	} else if (group_begin(t->r, &t->e) == 0) {
		r = t->board_id[0] == '\0' ? take_listing(t, reply, &t->e) :
		    take_refresh_page(t, reply, &t->e);
	}
	if (r == -1 && page_elsewhere(&t->r->mirrors, t->board_id, &t->e,
	    t->r->o.say, &t->mirror, &t->url))
		request_page(t);
	else
		end_task(t, failure == NULL && t->e.code == ERR_NOT_FOUND &&
		    t->board_id[0] != '\0');
}

/* --- groups of pages --- */

static bool
refresh_busy(const struct refresh *f)
{
	const struct refresh_task *t = f->tasks;

	while (t != NULL && t->done)
		t = t->next;
	return t != NULL;
}

/* Writes what came, if there is enough of it or nothing more, or now. */
static int
keep_group(struct refresh *f, bool now, struct err *e)
{
	struct refresh_task *t;

	if (!f->group || (!now && refresh_busy(f) &&
	    clock_ms() - f->group_ms < GROUP_MS))
		return 0;
	f->group = false;
	if (store_commit(f->store, e) == -1) {
		store_rollback(f->store);
		return -1;
	}
	for (t = f->tasks; t != NULL; t = t->next)
		if (t->done)
			tell_all_waiting(t);
	return 0;
}

/* --- asking --- */

static int
on_known_page(const struct store_page *p, void *ctx)
{
	struct refresh_task *t = ctx;

	if (strcmp(p->url, t->url) != 0)
		return 0;
	t->etag = mem_str(p->etag);
	t->last_modified = mem_str(p->last_modified);
	return 0;
}

static void
request_page(struct refresh_task *t)
{
	struct http_request rq = { .into = &t->body, .text = true,
	    .done = on_done, .ctx = t };

	free(t->etag);
	free(t->last_modified);
	t->etag = t->last_modified = NULL;
	rq.url = t->url;
	t->e = (struct err)ERR_INIT;
	if (store_page_find(t->r->store, t->board_id, on_known_page, t,
	    &t->e) != -1) {
		rq.etag = t->etag;
		rq.last_modified = t->last_modified;
		if (http_get(t->r->http, &rq, &t->e) == 0)
			return;
	}
	end_task(t, false);
}

void
refresh_board(struct refresh *r, const char *board_id, struct refresh_wait *w)
{
	struct refresh_task *t;

	for (t = r->tasks; t != NULL; t = t->next)
		if (strcmp(t->board_id, board_id) == 0)
			break;
	if (t != NULL && t->done && !r->group) {
		if (w != NULL)
			tell_waiting(w, t);
		return;
	}
	if (w != NULL)
		w->next = t == NULL ? NULL : t->waiting;
	if (t != NULL) {
		t->waiting = w != NULL ? w : t->waiting;
		return;
	}
	t = mem_alloc(sizeof(*t));
	t->r = r;
	t->board_id = mem_str(board_id);
	t->url = page_url(&r->mirrors, 0, board_id);
	t->body = (struct buf)BUF_MAX(PAGE_MAX);
	t->waiting = w;
	t->next = r->tasks;
	r->tasks = t;
	r->counts.pages += board_id[0] != '\0';
	request_page(t);
}

/* --- the whole --- */

int
refresh_open(const struct refresh_opts *o, struct refresh **out, struct err *e)
{
	struct refresh *r = mem_alloc(sizeof(*r));

	r->o = *o;
	if (mirrors_open(o->mirrors, &r->mirrors, e) == -1 ||
	    store_open(o->dir, STORE_WRITE, &r->store, e) == -1 ||
	    http_open(&o->http, &r->http, e) == -1) {
		refresh_close(r);
		return e->hint[0] != '\0' ? -1 : err_todo(e, NEXT_CHOOSE_FOLDER,
		    "--dir names another firmware folder");
	}
	*out = r;
	return 0;
}

void
refresh_close(struct refresh *r)
{
	if (r == NULL)
		return;
	http_close(r->http);
	while (r->tasks != NULL)
		task_free(r->tasks);
	facts_close(r->facts);
	store_close(r->store);
	mirrors_release(&r->mirrors);
	free(r);
}

int
refresh_turn(struct refresh *r, int in_fd, struct err *e)
{
	if (http_turn(r->http, in_fd, r->group ? GROUP_MS : WAIT_MS,
	    e) == -1)
		return -1;
	return keep_group(r, false, e);
}

void
refresh_cancel(struct refresh *r)
{
	struct refresh_task *t;
	struct err e = ERR_INIT;

	http_drop(r->http);
	keep_group(r, true, &e);
	err_set(&e, ERR_CANCELLED, "stopped before it was here");
	for (t = r->tasks; t != NULL; t = t->next) {
		if (t->waiting == NULL)
			continue;
		t->e = e;
		tell_all_waiting(t);
	}
}

int
refresh_finish(struct refresh *r, struct refreshed *out, struct err *e)
{
	int status = 0;

	while (status == 0 && refresh_busy(r) && !stop_requested())
		status = refresh_turn(r, -1, e);
	*out = r->counts;
	if (status == -1)
		return -1;
	if (refresh_busy(r)) {
		refresh_cancel(r);
		return err_set(e, ERR_CANCELLED, "stopped before all pages "
		    "were here");
	}
	if (out->failed == 0)
		return 0;
	*e = r->first;
	err_wrap(e, "%zu page%s could not be had", out->failed,
	    out->failed == 1 ? "" : "s");
	return err_hint(e, "the lists of their boards stay as they were");
}

int
refresh_all(struct refresh *r, struct refreshed *out, struct err *e)
{
	refresh_board(r, "", NULL);
	return refresh_finish(r, out, e);
}

struct store *
refresh_store(const struct refresh *r)
{
	return r->store;
}

int
refresh_known(const struct refresh *r, const char *board_id, bool offline,
    struct index *out, struct err *e)
{
	return index_known(r->store, &r->mirrors, board_id, offline, r->o.say,
	    out, e);
}

struct facts *
refresh_facts(struct refresh *r, struct err *e)
{
	return r->facts != NULL || facts_open(r->store, &r->facts, e) == 0 ?
	    r->facts : NULL;
}
