/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "fetch/run.h"
#include "fetch/source.h"

/*
 * mirror: sites of one shape, and the next one when one has failed.
 */

/* An address without "/" at its end; a folder becomes one. */
static int
set(const char *given, char **out, struct err *e)
{
	char *path = NULL;
	size_t n;

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
mirrors_set(struct fetch *f, struct err *e)
{
	static const char *const standard[] = { FETCH_MIRROR, NULL };
	const char *const *given = f->o.mirrors;

	f->mirror_given = given != NULL && given[0] != NULL;
	if (!f->mirror_given)
		given = standard;
	for (; *given != NULL; given++) {
		f->mirrors = mem_grow(f->mirrors, f->n_mirrors + 1,
		    sizeof(*f->mirrors));
		f->mirrors[f->n_mirrors] = NULL;
		if (set(*given, &f->mirrors[f->n_mirrors++], e) == -1)
			return -1;
	}
	return 0;
}

/* What a mirror answered: may another one do better? */
static bool
passable(const struct err *e)
{
	return e->code == ERR_NETWORK || e->code == ERR_NOT_FOUND ||
	    e->code == ERR_INPUT || e->code == ERR_VERIFY ||
	    e->code == ERR_TIMEOUT;
}

char *
page_url(const struct fetch *f, size_t mirror, const char *board_id)
{
	const char *m = f->mirrors[mirror];

	return mem_printf("%s/download/%s%s%s", m, board_id,
	    board_id[0] == '\0' ? "" : "/",
	    http_kind(m) == HTTP_FILE ? "index.html" : "");
}

bool
page_elsewhere(const struct fetch *f, const char *board_id,
    const struct err *e, size_t *mirror, char **url)
{
	if (!passable(e) || *mirror + 1 >= f->n_mirrors)
		return false;
	++*mirror;
	if (f->o.say != NULL)
		f->o.say("%s: now %s", e->msg, f->mirrors[*mirror]);
	free(*url);
	*url = page_url(f, *mirror, board_id);
	return true;
}

void
item_set_url(struct item *it)
{
	const struct fetch *f = it->f;

	if (it->api_url != NULL)
		it->url = it->api_url;
	else if (f->mirror_given && it->job->chosen.custom != 1 &&
	    strstr(it->link, FETCH_FILES) != NULL)
		it->url = item_own(it, mem_printf("%s%s%s",
		    f->mirrors[it->mirror], FETCH_FILES, url_file(it->link)));
	else
		it->url = it->link;
}

bool
item_elsewhere(struct item *it, const struct err *e)
{
	const struct fetch *f = it->f;

	if (it->url == NULL || it->url == it->link || it->url == it->api_url ||
	    !passable(e) || ++it->tried >= f->n_mirrors)
		return false;
	it->mirror = (it->mirror + 1) % f->n_mirrors;
	if (f->o.say != NULL)
		f->o.say("%s: now %s", e->msg, f->mirrors[it->mirror]);
	sig_task_free(it->sig);
	it->sig = NULL;
	item_want_file(it);
	return true;
}
