/* SPDX-License-Identifier: MIT */
#include "board/kept.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/buf.h"
#include "model/pending.h"
#include "model/place.h"

/* Mask ROMs tell their chip; it may be another than the one that was kept. */
static const struct {
	const char	*vid, *pid, *mcu;
} roms[] = {
	{ "2e8a", "0003", "RP2040" },
	{ "2e8a", "000f", "RP2350" },
};

static bool
same(const char *a, const char *b)
{
	return a != NULL && b != NULL && strcmp(a, b) == 0;
}

static bool
fits(const struct device *d, const struct record *before)
{
	struct err ignored = ERR_INIT;
	const char *mcu = NULL;

	record_opt_str(before, "board.mcu", &mcu, &ignored);
	for (size_t i = 0; i < sizeof(roms) / sizeof(roms[0]); i++)
		if (same(d->vid, roms[i].vid) && same(d->pid, roms[i].pid))
			return mcu == NULL || strncasecmp(mcu, roms[i].mcu,
			    strlen(roms[i].mcu)) == 0;
	return true;
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
