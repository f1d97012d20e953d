/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "ledger/name.h"
#include "store/history.h"
#include "store/search.h"

static int
tell_hit(const struct search_hit *hit, void *ctx)
{
	struct ledger *l = ctx;
	struct record *rec;

	if (hit->device != NULL)
		rec = ledger_device_record(hit->device);
	else if (hit->file != NULL)
		rec = ledger_file_record(l->store, hit->file);
	else if (hit->event != NULL)
		rec = ledger_event_record(hit->event);
	else
		rec = ledger_board_record(hit->board);
	return l->tell(rec, NULL, l->ctx);
}

int
ledger_search(struct ledger *l, const char *const *words, int64_t limit,
    struct err *e)
{
	return store_search(l->store, words, limit, tell_hit, l, e);
}

/* --- what a name stands for --- */

static int
use_file(const struct store_file *f, void *ctx)
{
	struct name_use *u = ctx;

	u->found++;
	return u->file != NULL && u->file(f, u->ctx) != 0;
}

static int
use_device(const struct store_device *d, void *ctx)
{
	struct name_use *u = ctx;

	u->found++;
	return u->device != NULL && u->device(d, u->ctx) != 0;
}

/* "rp2/X.uf2", or "X.uf2" alone. */
static int
take_named(const struct store_file *f, void *ctx)
{
	struct name_use *u = ctx;
	const char *slash = f->file != NULL ? strrchr(f->file, '/') : NULL;

	return slash != NULL && strcmp(slash + 1, u->name) == 0 ?
	    use_file(f, u) : 0;
}

static int
take_placed(const struct store_device *d, void *ctx)
{
	struct name_use *u = ctx;

	return d->device_id != NULL && strcmp(d->device_id, u->name) == 0 ?
	    use_device(d, u) : 0;
}

static int
use_board(struct store *s, struct name_use *u, struct err *e)
{
	return store_devices(s, NULL, u->name, use_device, u, e) == -1 ||
	    store_files(s, NULL, u->name, NULL, use_file, u, e) == -1 ?
	    -1 : 0;
}

static int
use_digest(struct store *s, struct name_use *u, struct err *e)
{
	return store_files_by_sha256(s, u->name, use_file, u, e) == -1 ||
	    store_devices_by_sha256(s, u->name, use_device, u, e) == -1 ?
	    -1 : 0;
}

static bool
is_digest(const char *name)
{
	const size_t n = strspn(name, "0123456789abcdef");

	return n >= 7 && n <= 64 && name[n] == '\0';
}

int
name_use(struct store *s, struct name_use *u, struct err *e)
{
	u->found = 0;
	if (store_file_find(s, u->name, use_file, u, e) == -1 ||
	    store_device_find(s, u->name, use_device, u, e) == -1)
		return -1;
	if (u->found == 0 && is_digest(u->name) && use_digest(s, u, e) == -1)
		return -1;
	if (u->found == 0 && use_board(s, u, e) == -1)
		return -1;
	if (u->found == 0 && store_devices(s, NULL, NULL, take_placed, u,
	    e) == -1)
		return -1;
	if (u->found == 0 && strchr(u->name, '/') == NULL &&
	    store_files(s, NULL, NULL, NULL, take_named, u, e) == -1)
		return -1;
	return 0;
}

int
name_unknown(const char *name, struct err *e)
{
	err_set(e, ERR_NOT_FOUND, "%.200s: not in the database", name);
	e->retry = false;
	return err_hint(e, "give a file, a digest, the id of a board or a "
	    "BOARD; mpf-db search finds more");
}

/* --- show --- */

struct shown {
	struct ledger	*l;
	int64_t		 limit;
	struct err	*e;
	int		 r;
};

static int
show_event(const struct store_event *ev, void *ctx)
{
	struct shown *sh = ctx;

	return sh->l->tell(ledger_event_record(ev), NULL, sh->l->ctx);
}

static int
show_file_row(const struct store_file *f, void *ctx)
{
	struct shown *sh = ctx;

	return sh->l->tell(ledger_file_record(sh->l->store, f), NULL,
	    sh->l->ctx);
}

/* A board with its last events. */
static int
show_device(const struct store_device *d, void *ctx)
{
	struct shown *sh = ctx;
	const struct history_filter f = { .uid = d->uid,
	    .limit = sh->limit };

	if (sh->l->tell(ledger_device_record(d), NULL, sh->l->ctx) != 0)
		return 1;
	sh->r = store_history(sh->l->store, &f, show_event, sh, sh->e);
	return sh->r != 0;
}

int
ledger_show(struct ledger *l, const char *name, int64_t limit, struct err *e)
{
	struct shown sh = { .l = l, .limit = limit, .e = e };
	struct name_use u = { .name = name, .file = show_file_row,
	    .device = show_device, .ctx = &sh };

	if (name_use(l->store, &u, e) == -1 || sh.r == -1)
		return -1;
	return u.found > 0 ? 0 : name_unknown(name, e);
}
