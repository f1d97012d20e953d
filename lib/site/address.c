/* SPDX-License-Identifier: MIT */
#include "site/address.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/mem.h"
#include "base/text.h"
#include "http/http.h"
#include "site/source.h"

#define RAW_GITHUB	"https://raw.githubusercontent.com/"
#define RAW_GITLAB	"https://gitlab.com/"
#define WWW_GITHUB	"https://github.com/"

static bool
starts(const char *s, const char *with)
{
	return strncmp(s, with, strlen(with)) == 0;
}

/* Of a path, with "%" for what an address does not hold as it is. */
static void
add_escaped(struct buf *out, const char *s, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		const unsigned char c = (unsigned char)s[i];

		if (isascii(c) && (isalnum(c) ||
		    strchr("/-._~+@%", c) != NULL))
			buf_addc(out, s[i]);
		else
			buf_addf(out, "%%%02X", c);
	}
}

/* OWNER/REPO/...: where the third part begins, or NULL. */
static const char *
third_part(const char *s)
{
	const char *one = strchr(s, '/');
	const char *two = one == NULL ? NULL : strchr(one + 1, '/');

	if (two == NULL || one == s || two == one + 1 || two[1] == '\0')
		return NULL;
	return two + 1;
}

/* No part of it may lead elsewhere. */
static bool
has_dots(const char *path)
{
	for (const char *p = path; p != NULL; p = strchr(p, '/')) {
		p += *p == '/';
		if (starts(p, "..") && (p[2] == '/' || p[2] == '\0'))
			return true;
		if (*p == '\0')
			break;
	}
	return false;
}

static int
no_file(const char *word, struct err *e)
{
	err_set(e, ERR_USAGE, "%s: names no file in a repository", word);
	return err_hint(e, "github:OWNER/REPO/PATH@BRANCH, or for a release "
	    "github:OWNER/REPO@TAG#GLOB");
}

/* A file at a branch, behind "github:" or "gitlab:". */
static char *
from_short(const char *word, const char *base, const char *between,
    struct err *e)
{
	const char *rest = strchr(word, ':') + 1, *path = third_part(rest);
	const char *at = strrchr(rest, '@');
	struct buf url = BUF_INIT;
	size_t n;

	if (path == NULL || has_dots(rest) ||
	    (at != NULL && (at < path || at[1] == '\0'))) {
		no_file(word, e);
		return NULL;
	}
	n = at == NULL ? strlen(path) : (size_t)(at - path);
	buf_adds(&url, base);
	add_escaped(&url, rest, (size_t)(path - rest));
	buf_adds(&url, between);
	add_escaped(&url, at == NULL ? "HEAD" : at + 1,
	    strlen(at == NULL ? "HEAD" : at + 1));
	buf_addc(&url, '/');
	add_escaped(&url, path, n);
	return buf_steal(&url);
}

/* .../releases/tag/TAG#GLOB */
static char *
from_release(const char *word, const char *rest, size_t repo,
    const char *tag, struct err *e)
{
	const char *hash = strchr(tag, '#');

	if (hash != NULL && hash[1] != '\0' && hash > tag)
		return mem_printf("github:%.*s@%.*s%s", (int)repo, rest,
		    (int)(hash - tag), tag, hash);
	err_set(e, ERR_USAGE, "%s: a release, but not which of its files",
	    word);
	err_hint(e, "put the name behind it: %.120s#*.uf2", word);
	return NULL;
}

/* The pages of GitHub that show a file or a release. */
static char *
from_github(const char *word, struct err *e)
{
	const char *rest = word + strlen(WWW_GITHUB);
	const char *what = third_part(rest);
	const size_t repo = what == NULL ? 0 : (size_t)(what - rest) - 1;
	const size_t n = strcspn(word, "?#");

	if (what == NULL)
		return mem_str(word);
	if (starts(what, "releases/tag/"))
		return from_release(word, rest, repo, what +
		    strlen("releases/tag/"), e);
	if (starts(what, "blob/") || starts(what, "raw/")) {
		what = strchr(what, '/') + 1;
		return mem_printf(RAW_GITHUB "%.*s/%.*s", (int)repo, rest,
		    (int)(word + n - what), what);
	}
	return mem_str(word);
}

static char *
from_gitlab(const char *word)
{
	const char *blob = strstr(word, "/-/blob/");

	if (blob == NULL)
		return mem_str(word);
	return mem_printf("%.*s/-/raw/%.*s", (int)(blob - word), word,
	    (int)strcspn(blob + strlen("/-/blob/"), "?#"),
	    blob + strlen("/-/blob/"));
}

/* Another scheme, or http to another machine. */
static int
cannot_ask(const char *word, struct err *e)
{
	if (starts(word, "http://")) {
		err_set(e, ERR_USAGE, "%s: not encrypted, so anybody on the "
		    "way could change the file", word);
		return err_hint(e, "https, if the server has it; else "
		    "download it yourself, and compare its sha-256");
	}
	err_set(e, ERR_USAGE, "%s: not an address to download from", word);
	return err_hint(e, "https, github:OWNER/REPO@TAG#GLOB, "
	    "github:OWNER/REPO/PATH@BRANCH, or a file");
}

int
address_check_user(const char *word, struct err *e)
{
	char *cut;

	if (text_url_host(word) == NULL)
		return 0;
	cut = address_public(word);
	err_set(e, ERR_USAGE, "%s: a user name or a password in the address, "
	    "which all users of this machine can read", cut);
	free(cut);
	return err_hint(e, "put it into ~/.netrc, with mode 0600");
}

static char *
address_of_url(const char *word, struct err *e)
{
	if (address_check_user(word, e) == -1)
		return NULL;
	if (http_kind(word) != HTTP_HTTPS &&
	    http_kind(word) != HTTP_LOOPBACK) {
		cannot_ask(word, e);
		return NULL;
	}
	if (starts(word, WWW_GITHUB))
		return from_github(word, e);
	return starts(word, RAW_GITLAB) ? from_gitlab(word) : mem_str(word);
}

char *
address_rewrite(const char *word, struct err *e)
{
	if (starts(word, "github:"))
		return strchr(word, '#') != NULL ? mem_str(word) :
		    from_short(word, RAW_GITHUB, "", e);
	if (starts(word, "gitlab:"))
		return from_short(word, RAW_GITLAB, "-/raw/", e);
	return source_kind(word) == SOURCE_URL ? address_of_url(word, e) :
	    mem_str(word);
}

char *
address_public(const char *url)
{
	const char *user = text_url_host(url), *host = strstr(url, "://");
	size_t n;

	if (host == NULL)
		return mem_str(url);
	host += 3;
	if (user == NULL)
		user = host;
	n = strcspn(user, "?#");
	return mem_printf("%.*s%.*s", (int)(host - url), url, (int)n, user);
}
