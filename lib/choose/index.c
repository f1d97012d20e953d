/* SPDX-License-Identifier: MIT */
#include "choose/impl.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

static void
forget(struct answer *a)
{
	pick_release(&a->pick);
	free(a->port);
	free(a->board_id);
	free(a->variant);
	free(a->mode);
	free(a->url);
	free(a);
}

void
choose_forget(struct choose *c)
{
	while (c->n_cached > 0)
		forget(c->cache[--c->n_cached]);
}

static int
take_page(const struct store_page *p, void *ctx)
{
	struct answer *a = ctx;

	a->page = true;
	a->url = mem_str(p->url);
	a->fetched_at = p->fetched_at;
	return 0;
}

static int
take_link(const struct store_link *l, void *ctx)
{
	struct answer *a = ctx;

	pick_offer(&a->pick, l);
	return 0;
}

static int
ask(struct choose *c, struct answer *a, struct err *e)
{
	const struct pick_ask what = { .board_id = a->board_id,
	    .variant = a->variant, .port = a->port, .mode = a->mode,
	    .wanted = &c->wanted };

	pick_init(&a->pick, &what);
	if (store_page_find(c->store, a->board_id, take_page, a, e) == -1)
		return -1;
	return !a->page ? 0 : store_links(c->store, a->url, take_link, a, e);
}

/* A place in the cache for a; the oldest goes when it is full. */
static void
remember(struct choose *c, struct answer *a)
{
	if (c->n_cached < CACHE_MAX) {
		c->cache[c->n_cached++] = a;
		return;
	}
	forget(c->cache[c->next]);
	c->cache[c->next] = a;
	c->next = (c->next + 1) % CACHE_MAX;
}

int
choose_index(struct choose *c, const struct board_name *get,
    const char *mode, const struct answer **out, struct err *e)
{
	struct answer *a;

	for (size_t i = 0; i < c->n_cached; i++) {
		a = c->cache[i];
		if (same_text(a->board_id, get->board_id) &&
		    same_text(a->variant, get->variant) &&
		    same_text(a->port, get->port) && same_text(a->mode, mode)) {
			*out = a;
			return 0;
		}
	}
	a = mem_alloc(sizeof(*a));
	a->board_id = mem_str(get->board_id);
	a->variant = mem_str(get->variant);
	a->port = mem_str(get->port != NULL ? get->port : "");
	a->mode = mem_str(mode);
	if (ask(c, a, e) == -1) {
		forget(a);
		return -1;
	}
	remember(c, a);
	*out = a;
	return 0;
}

/* --- the user's own files --- */

struct search {
	struct choose		*c;
	const struct board_name	*get;
	bool			 any;	/* no version was asked for */
};

static int
take_file(const struct store_file *f, void *ctx)
{
	struct search *s = ctx;
	struct picked *best = &s->c->custom;
	struct store_link *l = &best->link;
	struct version v = { .build = -1 };
	bool read;

	if (!f->custom || !same_text(f->variant, s->get->variant))
		return 0;
	read = f->version != NULL && version_parse(f->version, &v);
	if (read && f->build >= 0 && f->build < 1000000000)
		v.build = (int)f->build;
	if (!s->any && (!read || !wanted_admits(&s->c->wanted, &v)))
		return 0;
	if (best->rank != 0 && version_compare(&v, &best->version) < 0)
		return 0;
	choose_drop_custom(s->c);
	*l = (struct store_link){ .version = mem_str(f->version),
	    .build = f->build, .commit = mem_str(f->commit),
	    .url = mem_str(f->source), .sha256 = mem_str(f->sha256),
	    .ext = mem_str(f->file) };
	best->version = v;
	best->rank = 1;
	return 0;
}

void
choose_drop_custom(struct choose *c)
{
	const struct store_link *l = &c->custom.link;

	free((char *)l->version);
	free((char *)l->commit);
	free((char *)l->url);
	free((char *)l->sha256);
	free((char *)l->ext);
	memset(&c->custom, 0, sizeof(c->custom));
}

int
choose_custom(struct choose *c, const struct board_name *get,
    struct firmware *fw, struct err *e)
{
	struct search s = { c, get, c->o.wanted == NULL };
	const struct store_link *l = &c->custom.link;
	struct version v;

	choose_drop_custom(c);
	if (store_files(c->store, NULL, get->board_id, NULL, take_file, &s,
	    e) == -1)
		return -1;
	if (c->custom.rank == 0) {
		err_set(e, ERR_NOT_FOUND, "%s: no firmware of your own for it",
		    get->board_id);
		e->retry = false;
		return err_hint(e, "add one with mpf-add, or leave --custom "
		    "out");
	}
	fw->custom = 1;
	if (l->version != NULL && version_parse(l->version, &v)) {
		version_text(&v, c->version);
		fw->version = c->version;
	}
	fw->build = l->build;
	fw->commit = l->commit;
	fw->source = l->url;
	fw->sha256 = l->sha256;
	fw->file_name = choose_file_name(l->ext);
	return 0;
}
