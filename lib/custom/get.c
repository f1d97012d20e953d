/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/mem.h"
#include "custom/impl.h"
#include "site/address.h"
#include "site/github.h"
#include "site/source.h"

/*
 * get: the bytes of a file, and of its signature, from where they are: this
 * machine, standard input, an address, or a release on GitHub.
 */

#define STDIN_WORD	"-"

/* "a%20b.uf2?raw=1" of an address. */
static char *
name_of_url(const char *url)
{
	char *plain = address_public(url);
	char *name = source_safe_name(plain);

	free(plain);
	return name;
}

static int
get_custom_file(struct work *w, struct err *e)
{
	const char *source = w->said->source;
	char *sig;
	struct err ignored;

	w->path = source_path(source, e);
	if (w->path == NULL)
		return -1;
	w->name = mem_str(strrchr(w->path, '/') + 1);
	w->en->firmware.source = entry_own(w->en, source_url(w->path));
	/* What it is called is looked at first: it may be of any size. */
	if (refuse_name(w->name, e) == -1)
		return err_wrap(e, "%s", w->path);
	if (file_read(w->path, &w->bytes, e) == -1)
		return -1;
	sig = mem_printf("%s" MINISIGN_SUFFIX, w->path);
	if (w->c->n_keys > 0 && file_read(sig, &w->sig, &ignored) == -1)
		buf_clear(&w->sig);
	free(sig);
	return 0;
}

int
custom_input(struct buf *out, struct err *e)
{
	char piece[65536];
	ssize_t n;

	if (isatty(STDIN_FILENO)) {
		err_set(e, ERR_USAGE, "-: standard input is a terminal");
		return err_hint(e, "mpf-add - <firmware.uf2");
	}
	while ((n = read(STDIN_FILENO, piece, sizeof(piece))) > 0)
		if (buf_add(out, piece, (size_t)n) == -1)
			return err_set(e, ERR_INPUT, "standard input: more "
			    "than %zu bytes", out->max);
	return n == -1 ? err_sys(e, "standard input") : 0;
}

static void
get_stdin(struct work *w, const struct buf *bytes)
{
	buf_add(&w->bytes, bytes->data, bytes->len);
	w->en->firmware.source = "stdin";
}

/* The signature of what is at url; there may be none. */
static void
get_sig(struct work *w, const char *url)
{
	struct http_request rq = { .url = url, .into = &w->sig,
	    .headers = github_api_headers(&w->c->github, url) };
	struct http_reply reply;
	struct err e = ERR_INIT;

	if (w->c->n_keys == 0 || custom_http(w->c, &rq, &reply, &e) == 0)
		return;
	buf_clear(&w->sig);
	if (w->c->o.say != NULL && e.code != ERR_NOT_FOUND)
		w->c->o.say("%s", e.msg);
}

static int
get_url(struct work *w, const char *url, struct err *e)
{
	struct http_request rq = { .url = url, .into = &w->bytes };
	struct http_reply reply;
	char *shown, *sig;

	w->name = name_of_url(url);
	shown = address_public(url);
	w->en->firmware.source = entry_own(w->en, shown);
	if (w->name[0] == '\0') {
		err_set(e, ERR_INPUT, "%s: no file name at its end", shown);
		return err_hint(e, "name the file itself, not its folder");
	}
	if (refuse_name(w->name, e) == -1)
		return err_wrap(e, "%s", shown);
	if (custom_http(w->c, &rq, &reply, e) == -1)
		return -1;
	sig = mem_printf("%.*s" MINISIGN_SUFFIX "%s",
	    (int)strcspn(url, "?#"), url, url + strcspn(url, "?#"));
	get_sig(w, sig);
	free(sig);
	return 0;
}

/* Of the release in text the asset, by the API where there is a token. */
static int
get_asset(struct work *w, const struct github_source *source,
    const struct buf *text, struct err *e)
{
	const struct github_api *api = &w->c->github;
	const bool own = api->auth != NULL;
	struct http_request rq = { .into = &w->bytes };
	struct github_asset asset;
	struct http_reply reply;
	int r;

	if (github_pick(source, api->base, text->data, text->len, &asset,
	    e) == -1)
		return e->hint[0] != '\0' ? -1 : err_hint(e, "check "
		    "GITHUB_API_URL");
	w->name = source_safe_name(asset.name);
	w->en->firmware.source = entry_own(w->en, address_public(asset.url));
	memcpy(w->published, asset.sha256, DIGEST_HEX);
	rq.url = own ? asset.api_url : asset.url;
	rq.headers = github_api_headers(api, rq.url);
	r = refuse_name(w->name, e) == -1 ? err_wrap(e, "%s", asset.url) :
	    custom_http(w->c, &rq, &reply, e);
	if (r == 0 && (!own || asset.sig_api_url != NULL)) {
		char *sig = own ? mem_str(asset.sig_api_url) :
		    mem_printf("%s" MINISIGN_SUFFIX, asset.url);

		get_sig(w, sig);
		free(sig);
	}
	github_asset_release(&asset);
	return r;
}

static int
get_release(struct work *w, const char *word, struct err *e)
{
	const struct github_api *api = &w->c->github;
	struct github_source source = { .owner = NULL };
	struct buf text = BUF_MAX(GITHUB_MAX);
	struct http_request rq = { .text = true, .into = &text,
	    .headers = api->json_headers };
	struct http_reply reply;
	char *url = NULL;
	int r = -1;

	if (github_parse(word, &source, e) == -1)
		goto out;
	url = github_url(&source, api->base);
	rq.url = url;
	if (custom_http(w->c, &rq, &reply, e) == -1)
		github_api_hint(api, reply.status, e);
	else
		r = get_asset(w, &source, &text, e);
out:
	github_release(&source);
	buf_release(&text);
	free(url);
	return r;
}

int
work_get(struct work *w, const struct buf *bytes, struct err *e)
{
	const char *word = w->said->source;
	char *means;
	int r;

	if (strcmp(word, STDIN_WORD) == 0) {
		get_stdin(w, bytes);
		w->name = mem_str("stdin");
		return 0;
	}
	means = address_rewrite(word, e);
	if (means == NULL)
		return -1;
	switch (source_kind(means)) {
	case SOURCE_GITHUB:
		r = get_release(w, means, e);
		break;
	case SOURCE_URL:
		r = get_url(w, means, e);
		break;
	default:
		r = get_custom_file(w, e);
	}
	free(means);
	return r;
}
