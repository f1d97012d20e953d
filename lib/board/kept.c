/* SPDX-License-Identifier: MIT */
#include "board/kept.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/buf.h"
#include "chips/usb.h"
#include "model/pending.h"
#include "model/place.h"

/* Mask ROMs tell their chip; it may be another than the one that was kept. */
static bool
fits(const struct device *d, const struct record *before)
{
	const struct usb_bootloader *rom = usb_bootloader(d->vid, d->pid);
	struct err ignored = ERR_INIT;
	const char *mcu = NULL;

	record_opt_str(before, "board.mcu", &mcu, &ignored);
	return rom == NULL || rom->chip == NULL || mcu == NULL ||
	    strncasecmp(mcu, rom->chip, strlen(rom->chip)) == 0;
}

int
kept_put(struct record *rec, const struct device *d, struct err *e)
{
	struct record *before = NULL;
	struct buf board = BUF_INIT;
	int r = pending_load(d->id, &before, e);

	if (r == 1 && record_has(before, "board") && fits(d, before)) {
		record_text(before, "board", &board);
		r = record_put_json(rec, "board", board.data, e);
	}
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
