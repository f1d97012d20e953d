/* SPDX-License-Identifier: MIT */
#include "board/kept.h"

#include <stdlib.h>

#include "model/pending.h"
#include "tap.h"
#include "tmp.h"

static struct err e;

static void
keep(const char *id)
{
	struct record *rec = record_new();

	record_put_str(rec, "device.id", id);
	OK(pending_save(id, rec, NULL, &e) == 0);
	record_free(rec);
}

/* By its own id, and by that of its place. */
int
main(void)
{
	const struct device d = { .id = "b/usb/1-1:2", .usb_path = "1-1" };
	struct record *rec = NULL;

	tmp_enter();
	setenv("XDG_STATE_HOME", tmp_path, 1);
	keep("b/usb/1-1:2");
	keep("b/usb/1-1");
	kept_drop(&d);
	OK(pending_load("b/usb/1-1:2", &rec, &e) == 0);
	OK(pending_load("b/usb/1-1", &rec, &e) == 0);
	tmp_leave();
	return tap_done();
}
