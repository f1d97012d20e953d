/* SPDX-License-Identifier: MIT */
#include "site/github.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/mem.h"
#include "base/text.h"
#include "http/http.h"
#include "site/name.h"
#include "stream/stream.h"
#include "trust/minisign.h"

#define SCHEME		"github:"
#define NAMES_MAX	150u		/* bytes of names in a hint */

/* Of an owner, a repository or a tag: what an address holds as it is. */
static bool
is_plain(const char *s, bool slash)
{
	for (const char *p = s; *p != '\0'; p++)
		if (!isascii((unsigned char)*p) ||
		    (!isalnum((unsigned char)*p) && strchr("._-+", *p) ==
		    NULL && !(slash && *p == '/')))
			return false;
	return *s != '\0' && strstr(s, "..") == NULL;
}

int
github_parse(const char *source, struct github_source *out, struct err *e)
{
	char *text = mem_str(source + sizeof(SCHEME) - 1), *p = text;
	char *hash = strchr(text, '#'), *at, *slash;

	memset(out, 0, sizeof(*out));
	if (hash != NULL)
		*hash++ = '\0';
	at = strchr(p, '@');
	if (at != NULL)
		*at++ = '\0';
	slash = strchr(p, '/');
	if (slash != NULL)
		*slash++ = '\0';
	if (slash == NULL || !is_plain(p, false) || !is_plain(slash, false) ||
	    (at != NULL && !is_plain(at, true)) || hash == NULL ||
	    *hash == '\0') {
		free(text);
		err_set(e, ERR_USAGE, "%s: not a release on GitHub", source);
		return err_hint(e, "github:OWNER/REPO@TAG#GLOB; without @TAG "
		    "the latest release");
	}
	out->owner = mem_str(p);
	out->repo = mem_str(slash);
	out->tag = at == NULL || strcmp(at, "latest") == 0 ? NULL :
	    mem_str(at);
	out->glob = mem_str(hash);
	free(text);
	return 0;
}

void
github_release(struct github_source *s)
{
	free(s->owner);
	free(s->repo);
	free(s->tag);
	free(s->glob);
	memset(s, 0, sizeof(*s));
}

char *
github_url(const struct github_source *s, const char *api)
{
	if (s->tag == NULL)
		return mem_printf("%s/repos/%s/%s/releases/latest", api,
		    s->owner, s->repo);
	return mem_printf("%s/repos/%s/%s/releases/tags/%s", api, s->owner,
	    s->repo, s->tag);
}

void
github_asset_release(struct github_asset *a)
{
	free(a->name);
	free(a->url);
	free(a->api_url);
	free(a->sig_api_url);
	memset(a, 0, sizeof(*a));
}

struct picking {
	const struct github_source *s;
	const char		*api;
	struct github_asset	*out;
	size_t			 n;		/* that fit */
	struct buf		 fit, all;	/* names */
};

static void
add_asset_name(struct buf *b, const char *name)
{
	if (b->len + strlen(name) + 2 > NAMES_MAX)
		buf_adds(b, b->len > 0 && b->data[b->len - 1] == '.' ? "" :
		    " ...");
	else
		buf_addf(b, "%s%s", b->len > 0 ? ", " : "", name);
}

static bool
asset_fits(const char *name, const char *glob)
{
	const char *const list[] = { glob, NULL };
	const size_t n = strlen(name), m = sizeof(MINISIGN_SUFFIX) - 1;

	return !(n > m && strcmp(name + n - m, MINISIGN_SUFFIX) == 0) &&
	    text_match(name, list);
}

/* "sha256:HEX", where GitHub knows it. */
static void
set_digest(const char *digest, char out[DIGEST_HEX])
{
	out[0] = '\0';
	if (digest == NULL || strncmp(digest, "sha256:", 7) != 0 ||
	    strlen(digest + 7) != DIGEST_HEX - 1 ||
	    strspn(digest + 7, "0123456789abcdef") != DIGEST_HEX - 1)
		return;
	memcpy(out, digest + 7, DIGEST_HEX);
}

static char *
api_url(const struct picking *p, int64_t id)
{
	return mem_printf("%s/repos/%s/%s/releases/assets/%" PRId64, p->api,
	    p->s->owner, p->s->repo, id);
}

/* The signature of the one that was picked? */
static int
on_sig(const struct record *item, void *ctx)
{
	const struct picking *p = ctx;
	const size_t n = strlen(p->out->name);
	const char *name;
	struct err ignored;
	int64_t id;

	if (record_get_str(item, "name", &name, &ignored) == -1 ||
	    record_get_int(item, "id", &id, &ignored) == -1 || id < 0 ||
	    strncmp(name, p->out->name, n) != 0 ||
	    strcmp(name + n, MINISIGN_SUFFIX) != 0)
		return 0;
	p->out->sig_api_url = api_url(p, id);
	return 1;
}

static int
on_asset(const struct record *item, void *ctx)
{
	struct picking *p = ctx;
	const char *name, *url, *digest;
	struct err ignored;
	int64_t id;

	if (record_get_str(item, "name", &name, &ignored) == -1 ||
	    record_get_str(item, "browser_download_url", &url,
	    &ignored) == -1 ||
	    record_get_int(item, "id", &id, &ignored) == -1 || id < 0 ||
	    http_kind(url) == HTTP_NO || http_kind(url) == HTTP_FILE)
		return 0;		/* not one that can be had */
	add_asset_name(&p->all, name);
	if (!asset_fits(name, p->s->glob))
		return 0;
	add_asset_name(&p->fit, name);
	if (p->n++ > 0)
		return 0;
	p->out->name = mem_str(name);
	p->out->url = mem_str(url);
	/* Made here, so that nobody but the API ever gets the token. */
	p->out->api_url = api_url(p, id);
	if (record_opt_str(item, "digest", &digest, &ignored) == -1)
		digest = NULL;
	set_digest(digest, p->out->sha256);
	return 0;
}

static int
pick(struct picking *p, const struct record *rec, struct err *e)
{
	const struct github_source *s = p->s;
	const char *tag = s->tag != NULL ? s->tag : "latest";

	if (record_each(rec, "assets", on_asset, p, e) == -1)
		return -1;
	if (p->n == 1)
		return record_each(rec, "assets", on_sig, p, e);
	if (p->n == 0) {
		err_set(e, ERR_NOT_FOUND, "%.80s/%.80s@%.80s: no asset is "
		    "like %.80s", s->owner, s->repo, tag, s->glob);
		e->retry = false;
		return err_todo(e, NEXT_FIX_COMMAND,
		    p->all.len > 0 ? "there is %s" :
		    "the release has no assets%s", p->all.data);
	}
	err_set(e, ERR_AMBIGUOUS, "%.80s/%.80s@%.80s: %zu assets are like "
	    "%.80s: %s", s->owner, s->repo, tag, p->n, s->glob, p->fit.data);
	return err_todo(e, NEXT_FIX_COMMAND,
	    "put a pattern behind # that matches a single "
	    "asset");
}

int
github_pick(const struct github_source *s, const char *api, const char *json,
    size_t n, struct github_asset *out, struct err *e)
{
	struct picking p = { .s = s, .api = api, .out = out, .fit = BUF_INIT,
	    .all = BUF_INIT };
	struct record *rec = NULL;
	int r = -1;

	memset(out, 0, sizeof(*out));
	if (record_parse(json, n, &rec, e) == 0)
		r = pick(&p, rec, e);
	if (r == -1)
		github_asset_release(out);
	record_free(rec);
	buf_release(&p.fit);
	buf_release(&p.all);
	return r;
}
