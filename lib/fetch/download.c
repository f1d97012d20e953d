/* SPDX-License-Identifier: MIT */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/text.h"
#include "fetch/run.h"

/*
 * download: a file comes in under a hidden name, is hashed on its way, and
 * is looked at before it gets its own.  All that wait for it get it, in this
 * process and in others.
 */

#define HELD_MS		50		/* flock(2) tells nobody */
#define TELL_MS		100		/* between two totals */

void
file_task_free(struct file_task *t)
{
	struct file_task **p = &t->f->files;

	while (*p != t)
		p = &(*p)->next;
	*p = t->next;
	part_close(&t->part, true);
	free(t->rel);
	free(t->path);
	free(t->url);
	free(t->asks);
	free(t);
}

/* The sum over all files; 0 where it is not known of each. */
static void
tell_total(struct fetch *f)
{
	const struct file_task *t;
	int64_t done = f->ended, total = f->ended;
	bool known = true;

	if (f->o.progress_all == NULL || (f->files != NULL &&
	    clock_ms() - f->told_ms < TELL_MS))
		return;
	f->told_ms = clock_ms();
	for (t = f->files; t != NULL; t = t->next) {
		done += t->part.pos;
		known = known && t->total >= 0;
		total += t->total;
	}
	f->o.progress_all(done, known ? total : 0, f->o.ctx);
}

static int
on_begin(int64_t from, int64_t total, const struct http_reply *reply,
    void *ctx, struct err *e)
{
	struct file_task *t = ctx;
	const int r = part_begin(&t->part, t->url, from, reply->etag, e);

	t->total = total;
	t->resumed = from > 0;
	return r == PART_OTHER ? HTTP_ANEW : r;
}

static int
on_file_body(const void *p, size_t n, void *ctx, struct err *e)
{
	struct file_task *t = ctx;
	const int r = part_add(&t->part, p, n, e);
	struct item *it;

	if (r == PART_OTHER)
		return HTTP_ANEW;
	if (r == -1) {
		part_close(&t->part, false);	/* of no use to anybody */
		return -1;
	}
	for (it = t->waiting; it != NULL; it = it->after)
		if (t->f->o.progress != NULL)
			t->f->o.progress(it->job, t->part.pos, t->total < 0 ?
			    0 : t->total);
	tell_total(t->f);
	return 0;
}

/* What one of them may have, the other may. */
static bool
same_claim(const struct item *a, const struct item *b)
{
	const struct firmware *x = &a->job->chosen, *y = &b->job->chosen;

	return text_equal(a->sha256, b->sha256) &&
	    text_equal(x->version, y->version) &&
	    text_equal(x->board_id, y->board_id) &&
	    text_equal(x->port, y->port) && x->custom == y->custom;
}

/* Are those bytes what it may have? */
static int
check_local(const struct item *it, const struct file_task *t, const char *path,
    const char sha256[DIGEST_HEX], struct local_file *out, struct err *e)
{
	return item_check_digest(it, t->url, sha256, e) == -1 ? -1 :
	    item_inspect(it, path, sha256, url_file(t->path), out, e);
}

/*
 * One that asks for what it is not must not be the loss of those who ask for
 * what it is: the first who can have it goes before all others.
 */
static int
look_at_part(struct file_task *t, struct err *e)
{
	const char *tmp = t->part.out.tmp;
	struct item **p, *it = t->waiting;
	char sha256[DIGEST_HEX];
	struct err other;

	part_whole(&t->part, sha256);
	if (check_local(it, t, tmp, sha256, &t->local, e) == 0)
		return 0;
	for (p = &it->after; (it = *p) != NULL; p = &it->after) {
		if (same_claim(it, t->waiting) ||
		    check_local(it, t, tmp, sha256, &t->local, &other) == -1)
			continue;
		*p = it->after;
		it->after = t->waiting;
		t->waiting = it;
		return 0;
	}
	return -1;
}

static void
fail_file(struct file_task *t, const struct err *e)
{
	struct item *it = t->waiting;

	t->waiting = NULL;
	file_task_free(t);
	items_fail(it, e);
}

/* Those that may not have what the first may. */
static void
refuse_others(struct file_task *t)
{
	struct item **p = &t->waiting->after, *it;
	struct local_file ignored;
	struct err e;

	while ((it = *p) != NULL) {
		if (same_claim(it, t->waiting) || check_local(it, t, t->path,
		    t->local.sha256, &ignored, &e) == 0) {
			p = &it->after;
			continue;
		}
		*p = it->after;
		item_done(it, &e);
	}
}

/* Each gets it, if it is what that one may have. */
void
file_task_done(struct file_task *t)
{
	const struct local_file *l = &t->local;
	struct fetch *f = t->f;
	struct item *it, *after;

	f->ended += (int64_t)l->size;
	refuse_others(t);
	for (it = t->waiting; it != NULL; it = after) {
		after = it->after;
		item_take_file(it, t->path, l);
		item_done(it, NULL);
	}
	t->waiting = NULL;
	file_task_free(t);
	tell_total(f);
}

static int	request_file(struct file_task *t, struct err *e);

/* What was there before the download may be to blame: all of it, then. */
static bool
blame_part(struct file_task *t, const struct err *why)
{
	struct err ignored;

	if (!t->resumed || (why->code != ERR_INPUT && why->code != ERR_VERIFY))
		return false;
	part_close(&t->part, false);
	t->resumed = false;
	return part_open(t->path, t->url, &t->part, &ignored) == 1 &&
	    request_file(t, &ignored) == 0;
}

void
file_task_failed(struct file_task *t, const struct err *e)
{
	t->whole = false;
	if (blame_part(t, e))
		return;
	/* The database may be to blame: then the bytes are of use. */
	if (e->code == ERR_INPUT || e->code == ERR_VERIFY ||
	    e->code == ERR_UNSUPPORTED)
		part_close(&t->part, false);
	fail_file(t, e);
}

static void
on_file_done(const struct http_reply *reply, const struct err *failure,
    void *ctx)
{
	struct file_task *t = ctx;
	struct err e = ERR_INIT;

	(void)reply;
	if (failure != NULL) {
		e = *failure;
		if (e.code != ERR_NETWORK && e.code != ERR_TIMEOUT)
			part_close(&t->part, false);
		fail_file(t, &e);
		return;
	}
	if (look_at_part(t, &e) == -1) {
		file_task_failed(t, &e);
		return;
	}
	t->whole = true;
	t->whole_ms = clock_ms();
}

static int
request_file(struct file_task *t, struct err *e)
{
	const struct http_request rq = { .url = t->asks, .max = LOCAL_MAX,
	    .headers = github_api_headers(&t->f->github, t->url),
	    .have = t->part.size, .if_range = t->part.etag,
	    .begin = on_begin, .body = on_file_body, .done = on_file_done,
	    .ctx = t };

	return http_get(t->f->http, &rq, e);
}

/* Has another process put it there since the item looked?  They have it. */
static bool
take_here(struct file_task *t)
{
	struct item *it = t->waiting, *after;
	char *path;

	if (file_there(t->path) == it->there || file_there(t->path) == 0)
		return false;
	path = mem_str(t->path);
	t->waiting = NULL;
	part_close(&t->part, false);
	file_task_free(t);
	for (; it != NULL; it = after) {
		struct err e = ERR_INIT;
		const int r = item_use_here(it, item_keep(it, path), &e);

		after = it->after;
		if (r == 0)
			item_want_file(it);
		else
			item_done(it, r == 1 ? NULL : &e);
	}
	free(path);
	return true;
}

/* It is as patient with another process as with a server: see --timeout. */
static void
hold(struct file_task *t)
{
	const struct fetch *f = t->f;
	const int64_t now = clock_ms();
	const int64_t ms = f->o.http.timeout_ms > 0 ? f->o.http.timeout_ms :
	    HTTP_STALL_MS;
	struct err e = ERR_INIT;

	if (!t->held && f->o.say != NULL)
		f->o.say("%s: another process is downloading it: waiting",
		    t->rel);
	if (part_grew(t->path, &t->seen) || !t->held)
		t->seen_ms = now;
	t->held = true;
	if (now - t->seen_ms < ms)
		return;
	err_set(&e, ERR_BUSY, "%s: another process is downloading it, and "
	    "nothing came for %" PRId64 " ms", t->rel, now - t->seen_ms);
	err_hint(&e, "fuser .%.80s.part shows that process, to end it if it "
	    "hangs; or wait longer with --timeout", url_file(t->path));
	fail_file(t, &e);
}

static void
begin_file(struct file_task *t)
{
	struct err e = ERR_INIT;
	const int r = part_open(t->path, t->url, &t->part, &e);

	if (r == 0)
		hold(t);
	else if (r == 1 && take_here(t))
		return;
	else if (r == -1 || request_file(t, &e) == -1)
		fail_file(t, &e);
	else
		t->held = false;
}

int
files_begin_held(struct fetch *f, int ms)
{
	struct file_task *t = f->files, *next;

	for (; t != NULL; t = next) {
		next = t->next;
		if (t->held)
			begin_file(t);
	}
	for (t = f->files; t != NULL; t = t->next)
		if (t->held && ms > HELD_MS)
			ms = HELD_MS;
	return ms;
}

static int
prepare_folder(struct file_task *t, struct err *e)
{
	struct fetch *f = t->f;
	char *dir = mem_str(t->path);
	int r;

	*strrchr(dir, '/') = '\0';
	r = file_mkdirs(dir, FILE_OWN, e);
	if (r == 0 && (f->swept == NULL || strcmp(f->swept, dir) != 0)) {
		file_sweep(dir);
		part_sweep(dir);
		free(f->swept);
		f->swept = dir;
		return 0;
	}
	free(dir);
	return r;
}

void
item_download(struct item *it, const char *path)
{
	struct fetch *f = it->f;
	struct file_task *t;
	struct err e = ERR_INIT;

	for (t = f->files; t != NULL; t = t->next) {
		if (strcmp(t->rel, it->rel) == 0) {
			it->after = t->waiting->after;
			t->waiting->after = it;
			return;
		}
	}
	t = mem_alloc(sizeof(*t));
	t->f = f;
	t->part = (struct part)PART_INIT;
	t->total = -1;
	t->rel = mem_str(it->rel);
	t->path = mem_str(path);
	t->url = mem_str(it->url);
	t->asks = item_asks(it, "");
	t->next = f->files;
	f->files = t;
	it->after = NULL;	/* it may have waited for a page */
	t->waiting = it;
	if (prepare_folder(t, &e) == -1)
		fail_file(t, &e);
	else
		begin_file(t);
}
