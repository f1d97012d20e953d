/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "fetch/run.h"

/*
 * download: a file comes in under a temporary name, is hashed on its way, and
 * is looked at before it gets its own.  All that wait for it get it.
 */

#define FILE_MODE	0644
#define DIR_MODE	0755

void
file_task_free(struct file_task *t)
{
	struct file_task **p = &t->f->files;

	while (*p != t)
		p = &(*p)->next;
	*p = t->next;
	file_abort(&t->out);
	if (t->digest != NULL)
		digest_end(t->digest, NULL);
	free(t->rel);
	free(t->path);
	free(t->url);
	free(t);
}

static int
on_body(const void *p, size_t n, int64_t total, void *ctx, struct err *e)
{
	struct file_task *t = ctx;
	struct item *it;

	if (file_write_all(t->out.fd, p, n, t->out.tmp, e) == -1) {
		if (e->code == ERR_SPACE)
			err_hint(e, "make room, or name another folder with "
			    "--dir");
		return -1;
	}
	digest_add(t->digest, p, n);
	t->size += (int64_t)n;
	for (it = t->waiting; it != NULL; it = it->after)
		if (t->f->o.progress != NULL)
			t->f->o.progress(it->job, t->size, total < 0 ? 0 :
			    total);
	return 0;
}

/* The bytes are there, under the temporary name. */
static int
take_file(struct file_task *t, struct local_file *l, struct err *e)
{
	const struct item *it = t->waiting;
	char sha256[DIGEST_HEX];

	digest_end(t->digest, sha256);
	t->digest = NULL;
	if (item_check_digest(it, t->url, sha256, e) == -1 ||
	    item_inspect(it, t->out.tmp, url_file(t->path), l, e) == -1)
		return -1;
	if (strcmp(sha256, l->sha256) != 0)
		return err_set(e, ERR_IO, "%s: does not hold what was written "
		    "to it", t->out.tmp);
	return item_keep_file(it, l, &t->out, e);
}

static void
on_done(const struct http_reply *reply, const struct err *failure, void *ctx)
{
	struct file_task *t = ctx;
	struct item *it = t->waiting, *after;
	struct err e = ERR_INIT;
	struct local_file l;

	(void)reply;
	if (failure != NULL)
		e = *failure;
	if (failure != NULL || take_file(t, &l, &e) == -1) {
		t->waiting = NULL;
		file_task_free(t);
		items_fail(it, &e);
		return;
	}
	for (; it != NULL; it = after) {
		after = it->after;
		if (item_check_digest(it, t->path, l.sha256, &e) == -1) {
			item_done(it, &e);
			continue;
		}
		item_take_file(it, t->path, &l);
		item_done(it, NULL);
	}
	t->waiting = NULL;
	file_task_free(t);
}

static int
begin(struct file_task *t, struct err *e)
{
	const struct http_request rq = { .url = t->url, .max = LOCAL_MAX,
	    .headers = fetch_headers(t->f, t->url), .body = on_body,
	    .done = on_done, .ctx = t };
	char *dir = mem_str(t->path);
	int r;

	*strrchr(dir, '/') = '\0';
	t->digest = digest_new();
	r = file_mkdirs(dir, DIR_MODE, e) == -1 ||
	    file_begin(t->path, FILE_MODE, &t->out, e) == -1 ||
	    http_get(t->f->http, &rq, e) == -1 ? -1 : 0;
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
	t->out = (struct file_new)FILE_NEW_INIT;
	t->rel = mem_str(it->rel);
	t->path = mem_str(path);
	t->url = mem_str(it->url);
	t->next = f->files;
	f->files = t;
	it->after = NULL;	/* it may have waited for a page */
	t->waiting = it;
	if (begin(t, &e) == -1) {
		file_task_free(t);
		item_done(it, &e);
	}
}
