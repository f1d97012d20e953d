/* SPDX-License-Identifier: MIT */
#include "site/mirror.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "site/address.h"
#include "site/source.h"

/* An address without "/" at its end; a folder becomes one. */
static int
set_mirror(const char *given, char **out, struct err *e)
{
	char *path = NULL;
	size_t n;

	if (address_check_user(given, e) == -1)
		return err_wrap(e, "--mirror");
	if (source_kind(given) == SOURCE_FILE) {
		path = source_path(given, e);
		if (path == NULL) {
			err_wrap(e, "--mirror");
			return err_hint(e, "https, file, or http to this "
			    "machine");
		}
	}
	*out = path != NULL ? source_url(path) : mem_str(given);
	free(path);
	for (n = strlen(*out); n > 0 && (*out)[n - 1] == '/';)
		(*out)[--n] = '\0';
	if (http_kind(*out) != HTTP_NO)
		return 0;
	err_set(e, ERR_USAGE, "%s: not an address to download from", given);
	return err_hint(e, "https, file, or http to this machine");
}

int
mirrors_open(const char *const *given, struct mirrors *out, struct err *e)
{
	static const char *const standard[] = { SITE_MIRROR, NULL };

	*out = (struct mirrors)MIRRORS_INIT;
	out->given = given != NULL && given[0] != NULL;
	if (!out->given)
		given = standard;
	for (; *given != NULL; given++) {
		out->v = mem_grow(out->v, out->n + 1, sizeof(*out->v));
		out->v[out->n] = NULL;
		if (set_mirror(*given, &out->v[out->n++], e) == -1)
			return -1;
	}
	return 0;
}

void
mirrors_release(struct mirrors *m)
{
	while (m->n > 0)
		free(m->v[--m->n]);
	free(m->v);
	*m = (struct mirrors)MIRRORS_INIT;
}

bool
mirror_passable(const struct err *e)
{
	return e->code == ERR_NETWORK || e->code == ERR_NOT_FOUND ||
	    e->code == ERR_INPUT || e->code == ERR_VERIFY ||
	    e->code == ERR_TIMEOUT;
}

char *
page_url(const struct mirrors *m, size_t mirror, const char *board_id)
{
	const char *site = m->v[mirror];

	return mem_printf("%s/download/%s%s%s", site, board_id,
	    board_id[0] == '\0' ? "" : "/",
	    http_kind(site) == HTTP_FILE ? "index.html" : "");
}

bool
page_elsewhere(const struct mirrors *m, const char *board_id,
    const struct err *e, void (*say)(const char *fmt, ...), size_t *mirror,
    char **url)
{
	if (!mirror_passable(e) || *mirror + 1 >= m->n)
		return false;
	++*mirror;
	if (say != NULL)
		say("%s: now %s", e->msg, m->v[*mirror]);
	free(*url);
	*url = page_url(m, *mirror, board_id);
	return true;
}
