/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "http/http_impl.h"

/* "https://micropython.org": the address up to its path. */
static size_t
server_length(const char *url)
{
	const char *at = strstr(url, "://");

	at = at != NULL ? at + 3 : url;
	return (size_t)(at - url) + strcspn(at, "/?#");
}

bool
http_first_told(struct http *h, const char *url, int64_t tries)
{
	const size_t n = server_length(url);
	struct http_told *t;

	for (size_t i = 0; i < h->n_told; i++) {
		t = &h->told[i];
		if (strlen(t->server) != n || strncmp(t->server, url, n) != 0)
			continue;
		if (t->tries >= tries)
			return false;
		t->tries = tries;
		return true;
	}
	h->told = mem_grow(h->told, h->n_told + 1, sizeof(*h->told));
	t = &h->told[h->n_told++];
	t->server = mem_printf("%.*s", (int)n, url);
	t->tries = tries;
	return true;
}

void
http_told_free(struct http *h)
{
	for (size_t i = 0; i < h->n_told; i++)
		free(h->told[i].server);
	free(h->told);
}

static void
hide_users(char *msg)
{
	const char *host;

	for (char *at = msg; (at = strstr(at, "://")) != NULL; at += 3) {
		host = text_url_host(at);
		if (host != NULL && at + strcspn(at, " ") > host)
			memmove(at + 3, host, strlen(host) + 1);
	}
}

void
http_hide(const char *url, struct err *e)
{
	const char *query = strchr(url, '?');
	const size_t n = query == NULL ? 0 : (size_t)(query - url);
	char *at = e->msg, *from, *to;

	while (query != NULL && (at = strstr(at, "?")) != NULL) {
		if ((size_t)(at - e->msg) < n ||
		    strncmp(at - n, url, n) != 0) {
			at++;
			continue;
		}
		from = at;
		while (*from != '\0' && *from == query[from - at])
			from++;
		for (to = at; (*to = *from) != '\0'; to++, from++)
			;
	}
	hide_users(e->msg);
}
