/* SPDX-License-Identifier: MIT */
#include "choose/impl.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/text.h"

/*
 * answer: all files that the store offers for one board: the links of its
 * download page, what lies in the folder, or what the user added.  Asked once
 * for many boards of a kind.
 */

/* A file in the folder, until it is known whether the page offers it too. */
struct local {
	struct store_link	 link;		/* its strings are its own */
	struct pick_file	 file;
	bool			 used;
};

struct asking {
	struct choose		*c;
	struct answer		*a;
	struct local		*local;
	size_t			 n, room;
};

static void
free_answer(struct answer *a)
{
	if (a == NULL)
		return;
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
	for (size_t i = 0; i < ANSWERS_KEPT; i++) {
		free_answer(c->kept[i]);
		c->kept[i] = NULL;
	}
}

static int
take_page_row(const struct store_page *p, void *ctx)
{
	struct asking *q = ctx;

	q->a->page = true;
	q->a->url = mem_str(p->url);
	q->a->fetched_at = p->fetched_at;
	return 0;
}

static const char *
file_extension(const char *file)
{
	const char *dot = strrchr(file, '.');

	return dot != NULL && strchr(dot, '/') == NULL ? dot + 1 : "";
}

/*
 * May it be the one?  Stock firmware that nobody knows the address of could
 * not be checked.
 */
static bool
is_wanted_file(const struct asking *q, const struct store_file *f)
{
	const struct wanted *w = q->a->pick.ask.wanted;
	const char *port = q->a->port;
	struct version v;

	if (f->custom != q->c->o.custom || f->file == NULL ||
	    (!f->custom && (f->source == NULL ||
	    strstr(f->source, "://") == NULL)) ||
	    (f->port != NULL && port[0] != '\0' && strcmp(f->port, port) != 0))
		return false;
	if (w == NULL)
		return true;
	if (f->version == NULL || !version_parse(f->version, &v))
		return false;
	if (f->build > 0 && f->build <= 999999999)
		v.build = (int)f->build;
	return wanted_admits(w, &v);
}

static int
take_local_file(const struct store_file *f, void *ctx)
{
	struct asking *q = ctx;
	const struct answer *a = q->a;
	struct local *l;

	if (!is_wanted_file(q, f))
		return 0;
	if (q->n == q->room) {
		q->room = q->room == 0 ? 16 : 2 * q->room;
		q->local = mem_grow(q->local, q->room, sizeof(*q->local));
	}
	l = &q->local[q->n++];
	l->link = (struct store_link){ .board_id = a->board_id,
	    .variant = a->variant, .version = mem_str(f->version),
	    .build = f->build, .commit = mem_str(f->commit),
	    .ext = mem_str(file_extension(f->file)),
	    .url = mem_str(f->source != NULL ? f->source : ""),
	    .sha256 = mem_str(f->sha256) };
	l->file = (struct pick_file){ .dir = f->dir,
	    .name = mem_str(f->file), .here = store_has_file(f) };
	l->used = false;
	return 0;
}

/* The page's word, and of the folder that it is here. */
static int
take_link(const struct store_link *l, void *ctx)
{
	struct asking *q = ctx;
	const char *name = choose_file_name(l->url), *own;

	for (size_t i = 0; i < q->n && name != NULL; i++) {
		own = choose_file_name(q->local[i].link.url);
		if (own == NULL || strcmp(own, name) != 0)
			continue;
		q->local[i].used = true;
		pick_offer(&q->a->pick, l, &q->local[i].file);
		return 0;
	}
	pick_offer(&q->a->pick, l, NULL);
	return 0;
}

/* Of one release no other is read: a board may have files by the dozen. */
static int
ask_name(struct asking *q, const struct board_name *name, struct err *e)
{
	struct store *s = q->c->store;
	const char *variant = name->variant != NULL ? name->variant : "";
	char text[WANTED_WAYS][VERSION_TEXT];
	const char *ways[WANTED_WAYS];

	if (q->c->o.custom || !wanted_ways(&q->c->wanted, text))
		return store_files(s, NULL, name->board_id, variant,
		    take_local_file, q, e);
	for (size_t i = 0; i < WANTED_WAYS; i++)
		ways[i] = text[i][0] != '\0' ? text[i] : NULL;
	return store_files_of(s, name->board_id, variant, ways, take_local_file,
	    q, e);
}

/* Under all names that the board has had. */
static int
ask_folder(struct asking *q, const struct board_name *get, struct err *e)
{
	struct board_name names[FACTS_NAMES];
	const size_t n = facts_names(q->c->facts, get, names, FACTS_NAMES);

	for (size_t i = 0; i < n; i++)
		if (ask_name(q, &names[i], e) == -1)
			return -1;
	return 0;
}

static void
release_folder(struct asking *q)
{
	for (size_t i = 0; i < q->n; i++) {
		const struct store_link *l = &q->local[i].link;

		free((char *)l->version);
		free((char *)l->commit);
		free((char *)l->ext);
		free((char *)l->url);
		free((char *)l->sha256);
		free((char *)q->local[i].file.name);
	}
	free(q->local);
}

static void
look_up(struct choose *c, struct answer *a, const struct board_name *get)
{
	a->since = facts_since(c->facts, get);
	a->known = facts_row_of(c->facts, get->board_id, 0) != NULL;
}

static int
pick_firmware(struct choose *c, struct answer *a, const struct board_name *get,
    struct err *e)
{
	const struct pick_ask what = { .board_id = a->board_id,
	    .variant = a->variant, .mode = a->mode,
	    .means = means_find(c->means, a->port, a->board_id),
	    .wanted = c->o.custom && c->o.wanted == NULL ? NULL : &c->wanted,
	    .any = c->o.custom };
	struct asking q = { .c = c, .a = a };
	int r = -1;

	pick_init(&a->pick, &what);
	look_up(c, a, get);
	if (!c->o.custom && store_page_find(c->store, a->board_id,
	    take_page_row, &q, e) == -1)
		goto out;
	/* Which version is the newest one the page alone can say. */
	if ((c->o.custom || a->page || c->wanted.kind == WANTED_EXACT) &&
	    ask_folder(&q, get, e) == -1)
		goto out;
	if (a->page && store_links(c->store, a->url, take_link, &q, e) == -1)
		goto out;
	for (size_t i = 0; i < q.n; i++)
		if (!q.local[i].used)
			pick_offer(&a->pick, &q.local[i].link,
			    &q.local[i].file);
	r = 0;
out:
	release_folder(&q);
	return r;
}

static bool
is_about(const struct answer *a, const struct board_name *get, const char *mode)
{
	return text_alike(a->board_id, get->board_id) &&
	    text_alike(a->variant, get->variant) &&
	    text_alike(a->port, get->port) && text_alike(a->mode, mode);
}

int
choose_answer(struct choose *c, const struct board_name *get,
    const char *mode, const struct answer **out, struct err *e)
{
	struct answer *a;

	for (size_t i = 0; i < ANSWERS_KEPT; i++)
		if (c->kept[i] != NULL && is_about(c->kept[i], get, mode)) {
			*out = c->kept[i];
			return 0;
		}
	a = mem_alloc(sizeof(*a));
	a->board_id = mem_str(get->board_id);
	a->variant = mem_str(get->variant != NULL ? get->variant : "");
	a->port = mem_str(get->port != NULL ? get->port : "");
	a->mode = mem_str(mode);
	if (pick_firmware(c, a, get, e) == -1) {
		free_answer(a);
		return -1;
	}
	free_answer(c->kept[ANSWERS_KEPT - 1]);
	memmove(c->kept + 1, c->kept, (ANSWERS_KEPT - 1) * sizeof(a));
	*out = c->kept[0] = a;
	return 0;
}
