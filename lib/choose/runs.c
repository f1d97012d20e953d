/* SPDX-License-Identifier: MIT */
#include "choose/impl.h"

#include <string.h>

struct noted {
	const struct board	*b;
	char			 id[BOARD_NAME_TEXT];
};

static int
note_device(const struct store_device *d, void *ctx)
{
	struct noted *n = ctx;
	const struct board_name name = { d->port, d->board_id, d->variant };

	if (d->board_id != NULL && identity_same_version(d->version,
	    n->b->version))
		board_name_text(&name, n->id);
	return 0;
}

/* What the board itself cannot tell our database may: what was flashed. */
int
choose_runs(struct choose *c, const struct subject *su, struct err *e)
{
	struct noted noted = { .b = su->b };
	struct err ignored = ERR_INIT;

	if (identify_board(c->facts, su->b, &su->said->notes, &c->id,
	    e) == -1) {
		memset(&c->id, 0, sizeof(c->id));
		return err_wrap(e, "%s", su->d->id);
	}
	if (c->id.n > 1 && su->b->uid != NULL &&
	    store_device_find(c->store, su->b->uid, note_device, &noted,
	    &ignored) == 1 && noted.id[0] != '\0')
		identity_settle(c->facts, &c->id, noted.id);
	return 0;
}
