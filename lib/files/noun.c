/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "base/clock.h"
#include "base/text.h"
#include "files/files.h"

bool
files_wanted(const struct record *rec, void *ctx)
{
	(void)ctx;
	return text_same(record_str(rec, "device.mode"), "repl");
}

static int
read_nouns(const struct record *rec, struct device *d, struct board *b,
    struct err *e)
{
	if (device_get(rec, d, e) == -1 || board_get(rec, b, e) == -1)
		return -1;
	if (b->uid != NULL || b->description != NULL)
		return 0;
	err_set(e, ERR_INPUT, "%s: the record does not say which board it is "
	    "about", d->id);
	return err_hint(e, "begin with mpf-detect");
}

static void
put_done(struct record *rec, const char *action, const struct files_done *d)
{
	char now[CLOCK_TEXT];

	clock_text(clock_wall(), now);
	record_clear(rec, "files");
	record_put_str(rec, "files.action", action);
	record_put_int(rec, "files.count", (int64_t)d->count);
	record_put_int(rec, "files.size_bytes", d->size_bytes);
	if (d->unchanged > 0)
		record_put_int(rec, "files.unchanged", (int64_t)d->unchanged);
	if (d->path != NULL)
		record_put_str(rec, "files.path", d->path);
	record_put_str(rec, "files.at", now);
}

int
files_work(struct record *rec, const struct files_how *how, void *ctx,
    struct err *e)
{
	struct files_done done = { .path = NULL };
	struct device d;
	struct board b;
	const struct files_job job = { &d, &b, how->sysroot,
		clock_ms() + how->timeout_ms, how->progress, rec };
	int res = read_nouns(rec, &d, &b, e);

	if (res == 0)
		res = how->work(&job, ctx, &done, e);
	if (res == 0)
		put_done(rec, how->action, &done);
	files_done_release(&done);
	return res;
}
