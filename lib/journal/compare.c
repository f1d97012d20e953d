/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "journal/device.h"
#include "journal/said.h"

int
journal_write_toml(const struct journal *j, struct store *s,
    const char *now, const char *state, const char *reason,
    const char *text, struct err *e)
{
	const bool queued = strcmp(state, "queued") == 0;

	if (j->uid == NULL)
		return 0;
	if (store_device_toml(s, j->uid, text, state, reason, e) == -1)
		return -1;
	return queued ? store_queue_put(s, j->uid, now, reason != NULL ?
	    reason : "its mpflash.toml was not written", e) :
	    store_queue_drop(s, j->uid, e);
}

struct comparing {
	const struct toml	*t;
	bool			 same;
};

static int
compare_row(const struct store_device *d, void *ctx)
{
	struct comparing *c = ctx;
	struct journal row;

	device_journal(d, &row);
	c->same = said_true(&row, c->t) && (row.sha256 == NULL ||
	    toml_get(c->t, "source.hash") == NULL || said_hash(&row, c->t));
	return 0;
}

int
journal_compare(const struct journal *j, struct store *s, const char *text,
    struct err *e)
{
	struct comparing c = { .same = true };
	struct toml *t;
	int r = 0;

	if (j->uid == NULL || text == NULL)
		return 0;
	t = toml_parse(text, strlen(text), JOURNAL_FILE, e);
	if (t == NULL)
		return -1;
	c.t = t;
	if (store_device_find(s, j->uid, compare_row, &c, e) == -1)
		r = -1;
	else if (!c.same) {
		err_set(e, ERR_VERIFY, "%s and the row of the board in the "
		    "database do not say the same", JOURNAL_FILE);
		r = err_hint(e, "mpf-db show %.40s, and mpf-detect: look at "
		    "both", j->uid);
	}
	toml_free(t);
	return r;
}
