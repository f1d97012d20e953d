/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "facts/skip.h"
#include "fetch/run.h"

/*
 * pin: from the user's word to one file, or to none needed, by the board's
 * page: from the store where that is fresh, else from the network.
 */

#define STABLE	"stable"		/* what no word means */

static void	page_ask(struct page_task *t);

void
page_task_free(struct page_task *t)
{
	struct page_task **p = &t->f->pages;

	while (*p != t)
		p = &(*p)->next;
	*p = t->next;
	index_release(&t->index);
	buf_release(&t->body);
	free(t->board_id);
	free(t->url);
	free(t);
}

/* The version is known now, so it need not be looked up. */
static void
settle_reason(struct item *it)
{
	struct firmware *fw = &it->job->chosen;
	const char *later = fw->reason != NULL ?
	    strstr(fw->reason, SKIP_LATER) : NULL;
	char *text;

	if (later == NULL)
		return;
	text = mem_printf("%.*s%s", (int)(later - fw->reason), fw->reason,
	    later + strlen(SKIP_LATER));
	fw->reason = item_keep(it, text);
	free(text);
}

void
item_pin(struct item *it, const struct index *ix, const struct index_link *l)
{
	struct firmware *fw = &it->job->chosen;
	char text[VERSION_TEXT];

	index_pin(ix, l, text, fw);
	fw->version = item_keep(it, fw->version);
	fw->commit = item_keep(it, fw->commit);
	it->link = fw->source = item_keep(it, fw->source);
	fw->file_name = item_keep(it, fw->file_name);
	fw->sha256 = item_keep(it, fw->sha256);
	fw->index_source = item_keep(it, fw->index_source);
	settle_reason(it);
}

/* The same rule as resolve's: what runs there already is not flashed. */
static bool
runs_already(struct item *it)
{
	const struct fetch_job *job = it->job;
	struct firmware *fw = &it->job->chosen;
	char reason[SKIP_REASON];

	if (fw->force || !skip_same(job->board, job->hash, fw))
		return false;
	skip_reason(fw, reason);
	fw->action = "skip";
	fw->reason = item_keep(it, reason);
	return true;
}

static bool
next_mirror(struct page_task *t, const struct err *e)
{
	return page_elsewhere(&t->f->mirrors, t->board_id, e, t->f->o.say,
	    &t->mirror, &t->url);
}

/* What the lock file does not have is refused, and not merely missing. */
static void
not_in_lock(struct item *it, struct err *e)
{
	if (it->f->o.locked && e->code == ERR_NOT_FOUND) {
		e->code = ERR_VERIFY;
		err_wrap(e, "%s", it->f->o.lock);
	}
	item_done(it, e);
}

/* The page is there, from wherever: it is used. */
static void
choose(struct item *it, struct page_task *t)
{
	const struct firmware *fw = &it->job->chosen;
	const struct index_want w = { .board_id = t->board_id,
	    .variant = fw->variant, .mode = it->job->mode,
	    .means = means_find(it->f->means, fw->port, t->board_id),
	    .wanted = fw->wanted == NULL ? STABLE : fw->wanted,
	    .version = fw->version, .build = fw->build };
	const struct index_link *l;
	struct err e = ERR_INIT;

	if (index_pick(&t->index, &w, &l, &e) == -1) {
		if (e.code != ERR_NOT_FOUND || it->f->o.offline ||
		    it->f->o.locked || (t->asked && !t->asking &&
		    !next_mirror(t, &e))) {
			not_in_lock(it, &e);
			return;
		}
		it->after = t->waiting;		/* it may be newer than that */
		t->waiting = it;
		page_ask(t);
		return;
	}
	item_pin(it, &t->index, l);
	it->mirror = t->mirror;
	if (runs_already(it))
		item_done(it, NULL);
	else
		item_want_file(it);
}

/* Which port it is: as the record says, the page, or MicroPython's sources. */
static void
pin(struct item *it, struct page_task *t)
{
	struct firmware *fw = &it->job->chosen;
	struct err e = ERR_INIT;

	if (fw->port == NULL && t->index.port[0] != '\0')
		fw->port = item_keep(it, t->index.port);
	if (item_port(it, &e) == -1)
		item_done(it, &e);
	else
		choose(it, t);
}

static void
pin_all(struct page_task *t)
{
	struct item *it = t->waiting, *after;

	t->waiting = NULL;
	for (; it != NULL; it = after) {
		after = it->after;
		pin(it, t);
	}
}

/* The task stays: who comes later asks again. */
static void
fail_all(struct page_task *t, const struct err *e)
{
	struct item *waiting = t->waiting;

	t->asking = false;
	t->waiting = NULL;
	items_fail(waiting, e);
}

/* The same page as before, or a new one; kept where that is possible. */
static int
take_pin_page(struct page_task *t, const struct http_reply *reply,
    struct err *e)
{
	struct fetch *f = t->f;
	struct index ix;

	if (reply->status == 304) {
		t->index.fetched_at = clock_wall();
		return store_readonly(f->store) != NULL ? 0 :
		    index_seen(f->store, &t->index, e);
	}
	if (index_from_reply(&t->body, t->board_id, f->mirrors.v[t->mirror],
	    t->url, reply, &ix, e) == -1)
		return -1;
	index_release(&t->index);
	t->index = ix;
	return store_readonly(f->store) != NULL ? 0 :
	    index_to_store(f->store, t->board_id, &t->index, e);
}

static void
fail_page(struct page_task *t, const struct err *e)
{
	if (!next_mirror(t, e)) {
		fail_all(t, e);
		return;
	}
	t->asking = false;
	page_ask(t);
}

static void
on_page_done(const struct http_reply *reply, const struct err *failure,
    void *ctx)
{
	struct page_task *t = ctx;
	struct err e = ERR_INIT;

	if (failure != NULL) {
		e = *failure;
		if (e.code == ERR_NOT_FOUND &&
		    !hint_near(t->waiting, t->board_id, &e))
			err_hint(&e, "%s has no page of its own there",
			    t->board_id);
		fail_page(t, &e);
	} else if (take_pin_page(t, reply, &e) == -1) {
		fail_page(t, &e);
	} else {
		t->asking = false;
		t->asked = true;
		pin_all(t);
	}
}

/* The validators are of use only where they are those of this page. */
static void
page_ask(struct page_task *t)
{
	const bool same = t->index.source != NULL &&
	    strcmp(t->index.source, t->url) == 0;
	const struct http_request rq = { .url = t->url, .into = &t->body,
	    .text = true, .etag = same ? t->index.etag : NULL,
	    .last_modified = same ? t->index.last_modified : NULL,
	    .done = on_page_done, .ctx = t };
	struct err e = ERR_INIT;

	if (t->asking)
		return;
	t->asking = true;
	if (http_get(t->f->http, &rq, &e) == -1)
		fail_all(t, &e);
}

static struct page_task *
page_task(struct fetch *f, const char *board_id)
{
	struct page_task *t;

	for (t = f->pages; t != NULL; t = t->next)
		if (strcmp(t->board_id, board_id) == 0)
			return t;
	t = mem_alloc(sizeof(*t));
	t->f = f;
	t->board_id = mem_str(board_id);
	t->url = page_url(&f->mirrors, 0, board_id);
	t->body = (struct buf)BUF_MAX(PAGE_MAX);
	t->next = f->pages;
	f->pages = t;
	return t;
}

static bool
usable(const struct page_task *t)
{
	if (t->index.source == NULL)
		return false;
	return t->asked || t->f->o.offline || t->f->o.locked ||
	    index_age_s(&t->index) <= INDEX_FRESH_S;
}

static int
no_index(const struct item *it, struct err *e)
{
	if (it->f->o.locked) {
		err_set(e, ERR_VERIFY, "%s: nothing for %s in it",
		    it->f->o.lock, it->job->chosen.board_id);
		return err_todo(e, NEXT_UPDATE_LOCK,
		    "run it once without --locked, and look at what that adds");
	}
	err_set(e, ERR_NOT_FOUND, "%s: nothing here says which versions there "
	    "are", it->job->chosen.board_id);
	e->retry = false;
	if (hint_near(it, it->job->chosen.board_id, e))
		return -1;
	return err_todo(e, NEXT_GO_ONLINE, "run it once without --offline");
}

/* What is known without the network. */
static int
look_here(struct page_task *t, struct err *e)
{
	const struct fetch *f = t->f;

	if (t->asking || t->index.source != NULL)
		return 0;
	if (f->o.locked) {
		lock_index(f, t->board_id, &t->index);
		return 0;
	}
	if (index_known(f->store, &f->mirrors, t->board_id, f->o.offline,
	    f->o.say, &t->index, e) == -1)
		return -1;
	return f->o.offline ? index_add_here(f->store, t->board_id,
	    f->o.no_clean, &t->index, e) : 0;
}

void
item_want_page(struct item *it)
{
	struct fetch *f = it->f;
	struct err e = ERR_INIT;
	struct page_task *t;

	if (!firmware_file_safe(it->job->chosen.board_id)) {
		err_set(&e, ERR_INPUT, "%s: not a board's id",
		    it->job->chosen.board_id);
		item_done(it, &e);
		return;
	}
	t = page_task(f, it->job->chosen.board_id);
	if (look_here(t, &e) == -1) {
		item_done(it, &e);
		return;
	}
	if (!t->asking && usable(t)) {
		pin(it, t);
		return;
	}
	if (f->o.offline || f->o.locked) {
		no_index(it, &e);
		item_done(it, &e);
		return;
	}
	it->after = t->waiting;
	t->waiting = it;
	page_ask(t);
}
