/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "facts/version.h"
#include "ledger/ledger.h"

/* One board, and the newest that there is for it. */
struct newest {
	const struct store_device	*d;
	bool				 preview;	/* those count too */
	bool				 found;
	struct version			 v;
};

struct looking {
	struct ledger			*l;
	const struct ledger_filter	*f;
	struct ledger_outdated		*out;
	struct err			*e;
	int				 r;
};

static bool
same_variant(const char *a, const char *b)
{
	return strcmp(a != NULL ? a : "", b != NULL ? b : "") == 0;
}

static void
consider(struct newest *n, const char *text, int64_t build)
{
	struct version v;

	if (text == NULL || !version_parse(text, &v))
		return;
	if (v.build == -1)
		v.build = (int)build;
	if ((v.preview && !n->preview) ||
	    (n->found && version_compare(&v, &n->v) <= 0))
		return;
	n->v = v;
	n->found = true;
}

static int
consider_link(const struct store_link *link, void *ctx)
{
	struct newest *n = ctx;

	if (same_variant(link->variant, n->d->variant))
		consider(n, link->version, link->build);
	return 0;
}

static int
consider_file(const struct store_file *f, void *ctx)
{
	struct newest *n = ctx;

	if (f->custom == n->d->custom)
		consider(n, f->version, f->build);
	return 0;
}

static int
note_url(const struct store_page *p, void *ctx)
{
	*(char **)ctx = mem_str(p->url);
	return 0;
}

/* What was downloaded or added, and what the index says there is. */
static int
look_for_newest(struct store *s, struct newest *n, struct err *e)
{
	const char *variant = n->d->variant != NULL ? n->d->variant : "";
	char *url = NULL;
	int r;

	if (store_files(s, n->d->port, n->d->board_id, variant, consider_file,
	    n, e) == -1)
		return -1;
	if (n->d->custom)
		return 0;
	r = store_page_find(s, n->d->board_id, note_url, &url, e);
	if (r == 1)
		r = store_links(s, url, consider_link, n, e);
	free(url);
	return r == -1 ? -1 : 0;
}

/* "behind", "current" or "unknown". */
static const char *
judge_version(const struct newest *n, const struct version *runs)
{
	if (!n->found)
		return "unknown";
	return version_compare(runs, &n->v) < 0 ? "behind" : "current";
}

static void
tell_outdated(struct looking *lo, const struct newest *n, const char *state)
{
	struct record *rec = ledger_device_record(n->d);
	char text[VERSION_TEXT];

	record_put_str(rec, "database.state", state);
	if (n->found) {
		version_text(&n->v, text);
		record_put_str(rec, "database.newest", text);
		if (n->v.build > 0)
			record_put_int(rec, "database.newest_build",
			    n->v.build);
	}
	lo->r = lo->l->tell(rec, NULL, lo->l->ctx);
}

static int
look_at_device(const struct store_device *d, void *ctx)
{
	struct looking *lo = ctx;
	struct newest n = { .d = d };
	struct version runs;
	const char *state = "unknown";

	if (!ledger_is_board(lo->f->board, d->board_id, d->variant) ||
	    (lo->f->port != NULL && (d->port == NULL ||
	    !text_match(d->port, lo->f->port))))
		return 0;
	if (d->board_id != NULL && d->version != NULL &&
	    version_parse(d->version, &runs)) {
		if (runs.build == -1)
			runs.build = (int)d->build;
		n.preview = runs.preview;
		lo->r = look_for_newest(lo->l->store, &n, lo->e);
		if (lo->r == -1)
			return 1;
		state = judge_version(&n, &runs);
	}
	lo->out->boards++;
	lo->out->behind += strcmp(state, "behind") == 0;
	tell_outdated(lo, &n, state);
	return lo->r != 0;
}

int
ledger_outdated(struct ledger *l, const struct ledger_filter *f,
    struct ledger_outdated *out, struct err *e)
{
	struct looking lo = { .l = l, .f = f, .out = out, .e = e };

	*out = (struct ledger_outdated){ 0, 0 };
	if (store_devices(l->store, NULL, NULL, look_at_device, &lo, e) == -1)
		return -1;
	return lo.r == -1 ? -1 : 0;
}
