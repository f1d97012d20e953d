/* SPDX-License-Identifier: MIT */
#include "ledger/ledger.h"

#include "base/text.h"

/* What is told, as far as it fits. */
struct listing {
	struct ledger			*l;
	const struct ledger_filter	*f;
	int64_t				 left;	/* -1: no end */
	bool				 queued;	/* those alone */
};

static int
tell_row(struct listing *li, struct record *rec)
{
	if (li->left > 0)
		li->left--;
	return li->l->tell(rec, NULL, li->l->ctx);
}

static bool
row_fits(const struct ledger_filter *f, const char *port, const char *board_id,
    const char *variant, bool custom)
{
	return (f->port == NULL || (port != NULL &&
	    text_match(port, f->port))) && (!f->custom || custom) &&
	    ledger_is_board(f->board, board_id, variant);
}

static int
list_file(const struct store_file *row, void *ctx)
{
	struct listing *li = ctx;

	if (!row_fits(li->f, row->port, row->board_id, row->variant,
	    row->custom))
		return 0;
	return li->left == 0 || tell_row(li, ledger_file_record(li->l->store,
	    row)) != 0;
}

static int
list_device(const struct store_device *d, void *ctx)
{
	struct listing *li = ctx;
	struct record *rec;

	if ((li->queued && d->queued_at == NULL) ||
	    !row_fits(li->f, d->port, d->board_id, d->variant, d->custom))
		return 0;
	if (li->left == 0)
		return 1;
	rec = ledger_device_record(d);
	if (li->queued)
		record_put_str(rec, "database.state", "queued");
	return tell_row(li, rec) != 0;
}

int
ledger_firmware(struct ledger *l, const struct ledger_filter *f,
    struct err *e)
{
	struct listing li = { .l = l, .f = f, .left = f->limit };

	return store_files(l->store, NULL, NULL, NULL, list_file, &li, e);
}

int
ledger_boards(struct ledger *l, const struct ledger_filter *f, struct err *e)
{
	struct listing li = { .l = l, .f = f, .left = f->limit };

	return store_devices(l->store, NULL, NULL, list_device, &li, e);
}

int
ledger_queue(struct ledger *l, const struct ledger_filter *f, struct err *e)
{
	struct listing li = { .l = l, .f = f, .left = f->limit,
	    .queued = true };

	return store_devices(l->store, NULL, NULL, list_device, &li, e);
}
