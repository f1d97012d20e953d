/* SPDX-License-Identifier: MIT */
#include "site/list.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/stop.h"
#include "facts/version.h"
#include "site/board.h"
#include "site/index.h"
#include "site/source.h"

struct waiting {
	struct refresh_wait w;		/* first: the callback has only that */
	bool		 done;
	struct err	 e;		/* code 0: well */
};

static void
on_listed_page(struct refresh_wait *w, const char *url, const struct err *e)
{
	struct waiting *p = (struct waiting *)w;

	(void)url;
	p->done = true;
	if (e != NULL)
		p->e = *e;
}

static int
ask_page(struct refresh *r, const char *board_id, struct err *e)
{
	struct waiting p = { .w = { .done = on_listed_page } };
	int status = 0;

	refresh_board(r, board_id, &p.w);
	while (status == 0 && !p.done && !stop_requested())
		status = refresh_turn(r, -1, e);
	if (!p.done)
		refresh_cancel(r);
	if (status == 0 && p.e.code != ERR_NONE) {
		*e = p.e;
		status = -1;
	}
	return status;
}

static int
list_source_folder(const struct list_want *w, const char *board_id,
    struct index *out, struct err *e)
{
	char *path = source_path(w->folder, e);
	int r = -1;

	if (path != NULL)
		r = source_folder(path, board_id, out, e);
	free(path);
	return r;
}

static int
not_known(const char *board_id, struct err *e)
{
	err_set(e, ERR_NOT_FOUND, "%s: nothing here says which versions there "
	    "are", board_id);
	e->retry = false;
	return err_todo(e, NEXT_GO_ONLINE, "run it once without --offline");
}

static int
find_index(struct refresh *r, const struct list_want *w, const char *board_id,
    struct index *out, struct err *e)
{
	struct store *s = refresh_store(r);
	int known;

	if (w->folder != NULL)
		return list_source_folder(w, board_id, out, e);
	known = refresh_known(r, board_id, w->offline, out, e);
	if (known == -1)
		return -1;
	if (w->offline) {
		if (index_add_here(s, board_id, false, out, e) == -1)
			return -1;
		return out->source != NULL ? 0 : not_known(board_id, e);
	}
	if (known == 1 && index_age_s(out) <= INDEX_FRESH_S)
		return 0;
	index_release(out);
	*out = (struct index)INDEX_INIT;
	if (ask_page(r, board_id, e) == -1)
		return -1;
	return refresh_known(r, board_id, false, out, e) == 1 ? 0 : -1;
}

static bool
is_wanted_link(const struct list_want *w, const struct board_name *name,
    const struct wanted *versions, const struct index_link *l)
{
	const char *variant = w->variant != NULL ? w->variant : name->variant;

	if (variant != NULL && strcmp(strcmp(variant, "-") == 0 ? "" : variant,
	    l->name.variant) != 0)
		return false;
	return w->version == NULL ||
	    wanted_admits(versions, &l->name.version);
}

/* As the record of a choice says it. */
static void
tell_link(const struct index *ix, const struct index_link *l,
    const struct board_name *name,
    void (*fn)(const struct firmware *fw, void *ctx), void *ctx)
{
	struct firmware fw = FIRMWARE_INIT;
	char text[VERSION_TEXT];

	fw.board_id = name->board_id;
	fw.port = name->port;
	if (l->name.variant[0] != '\0')
		fw.variant = l->name.variant;
	index_pin(ix, l, text, &fw);
	fn(&fw, ctx);
}

static int
on_board_port(const struct store_board *b, void *ctx)
{
	*(char **)ctx = mem_str(b->port);
	return 1;
}

int
list_board(struct refresh *r, const struct list_want *w,
    void (*fn)(const struct firmware *fw, void *ctx), void *ctx,
    struct err *e)
{
	struct facts *facts = refresh_facts(r, e);
	struct board_name name;
	struct wanted versions;
	struct index ix = INDEX_INIT;
	char *port = NULL;
	size_t n = 0;
	int status = -1;

	if (facts == NULL ||
	    (w->version != NULL &&
	    wanted_check(w->version, &versions, e) == -1) ||
	    site_board(refresh_store(r), &facts, w->port, w->board, &name,
	    e) == -1 || find_index(r, w, name.board_id, &ix, e) == -1 ||
	    (name.port == NULL && ix.port[0] == '\0' &&
	    store_boards_by_id(refresh_store(r), NULL, name.board_id,
	    on_board_port, &port, e) == -1))
		goto out;
	if (name.port == NULL)
		name.port = ix.port[0] != '\0' ? ix.port : port;
	for (size_t i = 0; i < ix.n; i++) {
		if (!is_wanted_link(w, &name, &versions, &ix.link[i]))
			continue;
		tell_link(&ix, &ix.link[i], &name, fn, ctx);
		n++;
	}
	status = n > 0 ? 0 : err_set(e, ERR_NOT_FOUND, "%s: no match in its "
	    "%zu files", name.board_id, ix.n);
out:
	free(port);
	index_release(&ix);
	return status;
}
