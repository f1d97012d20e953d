/* SPDX-License-Identifier: MIT */
#include "board/kept.h"

#include <stdlib.h>

#include "base/buf.h"
#include "model/pending.h"
#include "model/place.h"

int
kept_put(struct record *rec, const struct device *d, const struct bus *b,
    struct err *e)
{
	struct record *before = NULL;
	struct bus_place place = { .present = false };
	struct buf board = BUF_INIT;
	int r = pending_load(d->id, &before, e);

	if (r == 1 && d->usb_path != NULL && record_has(before, "board"))
		r = bus_look(b, d->usb_path, -1, &place, e) == -1 ? -1 : 1;
	if (r == 1 &&
	    pending_proves(before, place.usb.serial, place.usb.connection)) {
		record_text(before, "board", &board);
		r = record_put_json(rec, "board", board.data, e);
	}
	bus_place_release(&place);
	buf_release(&board);
	record_free(before);
	return r == -1 ? err_wrap(e, "the record kept for %s", d->id) : 0;
}

void
kept_drop(const struct device *d)
{
	char *place = device_place_id(d);

	pending_drop(d->id);
	pending_drop(place);
	free(place);
}
