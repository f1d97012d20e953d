/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "fetch/run.h"

/*
 * sig: FILE.minisig beside a file: it comes before the file itself, and stays
 * beside it in the firmware folder.
 */

struct sig_task {
	struct item		*it;
	char			*path;	/* of the file, once it is here */
	struct buf		 text;	/* as it came */
	struct minisign_sig	 sig;
};

static struct sig_task *
sig_new(struct item *it)
{
	struct sig_task *t = mem_alloc(sizeof(*t));

	t->it = it;
	t->text = (struct buf)BUF_MAX(MINISIGN_MAX);
	return t;
}

void
sig_task_free(struct sig_task *t)
{
	if (t == NULL)
		return;
	buf_release(&t->text);
	free(t->path);
	free(t);
}

int
keys_open(struct fetch *f, struct err *e)
{
	const char *const *given = f->o.pubkeys;

	for (; given != NULL && *given != NULL; given++) {
		f->keys = mem_grow(f->keys, f->n_keys + 1, sizeof(*f->keys));
		if (minisign_key_load(*given, &f->keys[f->n_keys++], e) == -1)
			return err_wrap(e, "--pubkey");
	}
	return 0;
}

bool
item_sig_here(struct item *it, const char *path)
{
	struct sig_task *t = sig_new(it);
	char *name = mem_printf("%s" MINISIGN_SUFFIX, path);
	struct err ignored;
	bool here;

	here = file_read(name, &t->text, &ignored) == 0 &&
	    minisign_sig_parse(t->text.data, t->text.len, &t->sig,
	    &ignored) == 0;
	free(name);
	sig_task_free(it->sig);
	it->sig = here ? t : NULL;
	if (!here)
		sig_task_free(t);
	return here;
}

int
item_check_sig(const struct item *it, const char *path, const char *name,
    struct err *e)
{
	const struct fetch *f = it->f;

	if (f->n_keys == 0)
		return 0;
	if (it->sig != NULL && minisign_check_file(&it->sig->sig, f->keys,
	    f->n_keys, path, e) == 0)
		return 0;
	if (it->sig == NULL)
		err_set(e, ERR_VERIFY, "no signature is here");
	e->retry = false;
	err_hint(e, "--pubkey has to be the key of whoever publishes it");
	return err_wrap(e, "%s", name);
}

int
item_keep_sig(const struct item *it, const char *path, struct err *e)
{
	char *name;
	int r;

	if (it->f->n_keys == 0 || it->sig == NULL)
		return 0;
	name = mem_printf("%s" MINISIGN_SUFFIX, path);
	r = file_write(name, it->sig->text.data, it->sig->text.len, FILE_OWN,
	    e);
	free(name);
	return r;
}

/* Whether the file is there or not: without it, it is not used. */
static void
say_missing(const struct item *it, struct err *e)
{
	if (e->code == ERR_NOT_FOUND) {
		err_set(e, ERR_VERIFY, "%s: not signed: %s%s is not there",
		    it->url, url_file(it->url), MINISIGN_SUFFIX);
		e->retry = false;
	}
	if (e->code == ERR_VERIFY || e->code == ERR_INPUT)
		err_hint(e, "with --pubkey only signed files are used");
}

static void
on_sig_done(const struct http_reply *reply, const struct err *failure,
    void *ctx)
{
	struct sig_task *t = ctx;
	struct item *it = t->it;
	struct err e = ERR_INIT;

	(void)reply;
	it->after = NULL;
	if (failure == NULL && minisign_sig_parse(t->text.data, t->text.len,
	    &t->sig, &e) == 0) {
		item_download(it, t->path);
		return;
	}
	if (failure == NULL) {
		err_wrap(&e, "%s" MINISIGN_SUFFIX, it->url);
		e.code = ERR_VERIFY;
	} else {
		e = *failure;
	}
	say_missing(it, &e);
	items_fail(it, &e);
}

void
item_want_sig(struct item *it, const char *path)
{
	struct fetch *f = it->f;
	struct http_request rq = { .done = on_sig_done };
	struct err e = ERR_INIT;
	char *url;

	it->fetched = true;
	if (f->n_keys == 0) {
		item_download(it, path);
		return;
	}
	url = it->sig_url != NULL ? mem_str(it->sig_url) :
	    item_asks(it, MINISIGN_SUFFIX);
	sig_task_free(it->sig);
	it->sig = sig_new(it);
	it->sig->path = mem_str(path);
	rq.url = url;
	rq.headers = github_api_headers(&f->github, url);
	rq.into = &it->sig->text;
	rq.ctx = it->sig;
	if (http_get(f->http, &rq, &e) == -1)
		item_done(it, &e);
	free(url);
}
