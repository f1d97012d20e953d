/* SPDX-License-Identifier: MIT */
#include "store/history.h"

#include <string.h>

#include "ledger/name.h"

/* Events of one question after the other. */
struct telling {
	struct ledger			*l;
	const struct ledger_filter	*f;
	struct err			*e;
	int				 r;
	int64_t				 told;
	int64_t				 skip;	/* the oldest that fit */
};

static int
tell_history_event(const struct store_event *ev, void *ctx)
{
	struct telling *t = ctx;

	if (!ledger_is_board(t->f->board, ev->board_id, ev->variant) ||
	    t->skip-- > 0)
		return 0;
	t->told++;
	return t->l->tell(ledger_event_record(ev), NULL, t->l->ctx);
}

static struct history_filter
filter_of(const struct ledger_filter *f)
{
	return (struct history_filter){ .what = f->what, .since = f->since,
	    .until = f->until, .limit = f->limit };
}

static int
tell_of_device(const struct store_device *d, void *ctx)
{
	struct telling *t = ctx;
	struct history_filter h = filter_of(t->f);

	h.uid = d->uid;
	t->r = store_history(t->l->store, &h, tell_history_event, t, t->e);
	return t->r != 0;
}

/* A board of which there are events and no row: it was removed. */
static int
tell_of_name(struct telling *t, const char *name)
{
	struct history_filter h = filter_of(t->f);

	h.uid = name;
	if (store_history(t->l->store, &h, tell_history_event, t, t->e) == -1)
		return -1;
	if (t->told > 0)
		return 0;
	h.uid = NULL;
	h.device_id = name;
	if (store_history(t->l->store, &h, tell_history_event, t, t->e) == -1)
		return -1;
	if (t->told > 0)
		return 0;
	h.device_id = NULL;
	h.board_id = name;
	return store_history(t->l->store, &h, tell_history_event, t, t->e);
}

static int
count_event(const struct store_event *ev, void *ctx)
{
	struct telling *t = ctx;

	t->skip += ledger_is_board(t->f->board, ev->board_id, ev->variant);
	return 0;
}

/* The newest of some boards: SQL knows no such patterns. */
static int
tell_newest(struct telling *t, struct history_filter *h)
{
	h->limit = -1;
	if (store_history(t->l->store, h, count_event, t, t->e) == -1)
		return -1;
	t->skip -= t->f->limit;
	return store_history(t->l->store, h, tell_history_event, t, t->e);
}

int
ledger_history(struct ledger *l, const char *name,
    const struct ledger_filter *f, struct err *e)
{
	struct telling t = { .l = l, .f = f, .e = e };
	struct name_use u = { .name = name, .device = tell_of_device,
	    .ctx = &t };
	struct history_filter h = filter_of(f);

	if (name == NULL && f->limit != -1 && f->board != NULL)
		return tell_newest(&t, &h);
	if (name == NULL)
		return store_history(l->store, &h, tell_history_event, &t, e);
	if (name_use(l->store, &u, e) == -1 || t.r == -1)
		return -1;
	if (t.told == 0 && tell_of_name(&t, name) == -1)
		return -1;
	return t.told > 0 || u.found > 0 ? 0 : name_unknown(name, e);
}

static int
check_head(const char *head, struct err *e)
{
	const size_t n = strspn(head, "0123456789abcdef");

	if (n == 64 && head[n] == '\0')
		return 0;
	err_set(e, ERR_USAGE, "--head %.80s: not 64 hex digits", head);
	return err_hint(e, "mpf-db history verify prints the head");
}

int
ledger_verify(struct ledger *l, const char *head, struct err *e)
{
	struct history_proof p;
	struct err problem = ERR_INIT;
	struct record *rec;

	if ((head != NULL && check_head(head, e) == -1) ||
	    store_history_verify(l->store, head, &p, e) == -1)
		return -1;
	rec = record_new();
	record_put_str(rec, "database.kind", "chain");
	record_put_int(rec, "database.rows", p.events);
	record_put_str(rec, "database.head", p.head);
	if (p.broken != -1) {
		record_put_int(rec, "database.row", p.broken);
		err_set(&problem, ERR_VERIFY, "the history is broken at row "
		    "%lld: %s", (long long)p.broken, p.why);
		err_hint(&problem, "compare it with a backup, or an export");
	} else if (head != NULL && !p.found) {
		err_set(&problem, ERR_VERIFY, "the history of %lld rows does "
		    "not hold the head %.12s...", (long long)p.events, head);
		err_hint(&problem, "it was written anew, or is another one");
	}
	l->tell(rec, problem.code != ERR_NONE ? &problem : NULL, l->ctx);
	return 0;
}

static int
tell_success(const struct history_success *h, void *ctx)
{
	struct ledger *l = ctx;
	struct record *rec = record_new();
	static const char *const keys[] = { "statistics.port",
	    "statistics.board_id", "statistics.method", "statistics.host" };
	const char *const texts[] = { h->port, h->board_id, h->method,
	    h->host };

	record_put_str(rec, "database.kind", "statistics");
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		if (texts[i] != NULL)
			record_put_str(rec, keys[i], texts[i]);
	record_put_int(rec, "statistics.installations", h->installations);
	record_put_int(rec, "statistics.attempts", h->attempts);
	record_put_int(rec, "statistics.first_pass", h->first_pass);
	record_put_int(rec, "statistics.final", h->final);
	return l->tell(rec, NULL, l->ctx);
}

int
ledger_statistics(struct ledger *l, const char *since, struct err *e)
{
	return store_history_success(l->store, since, tell_success, l, e);
}
