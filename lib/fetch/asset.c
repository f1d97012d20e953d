/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "site/github.h"
#include "fetch/run.h"

/*
 * asset: from github:OWNER/REPO@TAG#GLOB to the address of one file, by
 * GitHub's API.
 */

/* The answer to one item. */
struct asset_task {
	struct item		*it;
	struct github_source	 source;
	struct buf		 body;
};

void
asset_task_free(struct asset_task *t)
{
	if (t == NULL)
		return;
	github_release(&t->source);
	buf_release(&t->body);
	free(t);
}

/* What came is not what the API sends. */
static int
not_github(const struct fetch *f, struct err *e)
{
	err_hint(e, "check GITHUB_API_URL");
	return err_wrap(e, "%s", f->github.base);
}

static int
take_asset(struct asset_task *t, struct err *e)
{
	struct item *it = t->it;
	struct fetch *f = it->f;
	struct firmware *fw = &it->job->chosen;
	struct github_asset asset;

	if (github_pick(&t->source, f->github.base, t->body.data, t->body.len,
	    &asset, e) == -1)
		return e->hint[0] != '\0' ? -1 : not_github(f, e);
	it->link = fw->source = item_keep(it, asset.url);
	fw->file_name = item_keep(it, asset.name);
	if (fw->sha256 == NULL && asset.sha256[0] != '\0')
		fw->sha256 = item_keep(it, asset.sha256);
	if (f->github.auth != NULL) {
		it->api_url = item_keep(it, asset.api_url);
		it->sig_url = item_keep(it, asset.sig_api_url);
	}
	github_asset_release(&asset);
	return 0;
}

static void
on_asset_done(const struct http_reply *reply, const struct err *failure,
    void *ctx)
{
	struct asset_task *t = ctx;
	struct item *it = t->it;
	struct err e = ERR_INIT;
	int r = -1;

	if (failure == NULL) {
		r = take_asset(t, &e);
	} else {
		e = *failure;
		github_api_hint(&it->f->github, reply->status, &e);
	}
	it->asset = NULL;
	asset_task_free(t);
	if (r == 0)
		item_want_file(it);
	else
		item_done(it, &e);
}

void
item_want_asset(struct item *it)
{
	struct http_request rq = { .text = true,
	    .headers = it->f->github.json_headers, .done = on_asset_done };
	struct asset_task *t = mem_alloc(sizeof(*t));
	struct err e = ERR_INIT;
	char *url = NULL;
	int r = -1;

	t->it = it;
	t->body = (struct buf)BUF_MAX(GITHUB_MAX);
	it->asset = t;
	rq.into = &t->body;
	rq.ctx = t;
	it->job->chosen.custom = 1;
	if (it->f->o.offline) {
		err_set(&e, ERR_NOT_FOUND, "%s: not without the network",
		    it->job->chosen.source);
		err_todo(&e, NEXT_GO_ONLINE, "run it without --offline");
	} else if (github_parse(it->job->chosen.source, &t->source, &e) == 0) {
		url = github_url(&t->source, it->f->github.base);
		rq.url = url;
		r = http_get(it->f->http, &rq, &e);
	}
	free(url);
	if (r == -1)
		item_done(it, &e);
}
