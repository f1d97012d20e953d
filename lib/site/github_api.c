/* SPDX-License-Identifier: MIT */
#include "site/github_api.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/dirs.h"
#include "base/file.h"
#include "base/mem.h"
#include "http/http.h"
#include "site/github.h"

#define TOKEN_MAX	4096u		/* bytes; GitHub's have 40 to 255 */
#define TOKEN_FILE	"github_token"

static int
check_token(const char *token, const char *where, struct err *e)
{
	if (token[strcspn(token, "\r\n")] == '\0')
		return 0;
	return err_set(e, ERR_USAGE, "%s: more than one line", where);
}

/* That of a service; no such file is fine. */
static int
read_token(struct buf *out, struct err *e)
{
	const char *dir = dirs_env("CREDENTIALS_DIRECTORY");
	char *path;
	int r;

	if (dir == NULL)
		return 0;
	path = mem_printf("%s/" TOKEN_FILE, dir);
	r = file_read(path, out, e);
	if (r == -1 && e->code == ERR_NOT_FOUND)
		r = 0;
	while (out->len > 0 && out->data[out->len - 1] == '\n')
		out->data[--out->len] = '\0';
	if (r == 0)
		r = check_token(out->data, path, e);
	free(path);
	return r;
}

static int
set_token(struct github_api *a, struct err *e)
{
	const char *token = dirs_env("GITHUB_TOKEN");
	struct buf text = BUF_MAX(TOKEN_MAX);
	int r;

	r = token != NULL ? check_token(token, "GITHUB_TOKEN", e) :
	    read_token(&text, e);
	if (token == NULL && text.len > 0)
		token = text.data;
	if (r == 0 && token != NULL)
		a->auth = mem_printf("Authorization: Bearer %s", token);
	buf_release(&text);
	return r;
}

static int
set_base(struct github_api *a, struct err *e)
{
	const char *base = dirs_env("GITHUB_API_URL");
	size_t n;

	a->base = mem_str(base == NULL ? GITHUB_API : base);
	for (n = strlen(a->base); n > 0 && a->base[n - 1] == '/';)
		a->base[--n] = '\0';
	if (http_kind(a->base) == HTTP_HTTPS ||
	    http_kind(a->base) == HTTP_LOOPBACK)
		return 0;
	err_set(e, ERR_USAGE, "GITHUB_API_URL=%s: not an address to ask",
	    a->base);
	return err_hint(e, "https, or http to this machine");
}

int
github_api_open(struct github_api *a, struct err *e)
{
	*a = (struct github_api)GITHUB_API_INIT;
	if (set_base(a, e) == -1 || set_token(a, e) == -1) {
		github_api_release(a);
		return -1;
	}
	a->file_headers[0] = "Accept: application/octet-stream";
	a->file_headers[1] = a->auth;
	a->json_headers[0] = "Accept: application/vnd.github+json";
	a->json_headers[1] = "X-GitHub-Api-Version: 2022-11-28";
	a->json_headers[2] = a->auth;
	return 0;
}

void
github_api_release(struct github_api *a)
{
	free(a->base);
	free(a->auth);
	*a = (struct github_api)GITHUB_API_INIT;
}

const char *const *
github_api_headers(const struct github_api *a, const char *url)
{
	const size_t n = strlen(a->base);

	if (a->auth == NULL || strncmp(url, a->base, n) != 0 ||
	    url[n] != '/')
		return NULL;
	return a->file_headers;
}

void
github_api_hint(const struct github_api *a, int status, struct err *e)
{
	if (status < 400 || status >= 500)
		return;
	if (a->auth != NULL)
		err_hint(e, "check that GITHUB_TOKEN may read it");
	else if (e->code == ERR_NOT_FOUND)
		err_hint(e, "no such release; or a private one: set "
		    "GITHUB_TOKEN");
	else
		err_hint(e, "GitHub answers more often with GITHUB_TOKEN");
}
