/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "front/impl.h"
#include "tool/table.h"

void
lost_note(struct lost *l, const struct record *rec)
{
	if (!record_ours(rec))
		return;
	l->seen = mem_grow(l->seen, l->sent.n + 1, sizeof(*l->seen));
	l->seen[l->sent.n] = false;
	front_keep(&l->sent, record_copy(rec));
}

/* The same device, or firmware for no device. */
static bool
is_same_record(const struct record *a, const struct record *b)
{
	const char *paths[] = { "device.id", "firmware.board_id" };
	const char *x = NULL, *y = NULL;

	for (size_t i = 0; i < 2 && x == NULL && y == NULL; i++) {
		x = record_str(a, paths[i]);
		y = record_str(b, paths[i]);
	}
	return x == NULL || y == NULL ? x == y : strcmp(x, y) == 0;
}

void
lost_found(struct lost *l, const struct record *rec)
{
	for (size_t i = 0; i < l->sent.n; i++)
		if (!l->seen[i] && is_same_record(l->sent.v[i], rec)) {
			l->seen[i] = true;
			return;
		}
}

/* The bare verb of a tool: "flash". */
static const char *
stage_of(const struct front_stage *s)
{
	return s == NULL ? "mpf" : strncmp(s->tool, "mpf-", 4) == 0 ?
	    s->tool + 4 : s->tool;
}

void
lost_add(struct lost *l, const struct front_stage *died, bool stopped,
    struct front_records *out)
{
	struct buf why = BUF_INIT;
	struct err e = ERR_INIT;

	if (died != NULL)
		process_died(died, &why);
	for (size_t i = 0; i < l->sent.n; i++) {
		if (l->seen[i])
			continue;
		if (stopped)
			err_set(&e, ERR_CANCELLED, "stopped by a second "
			    "signal, and its state is unknown");
		else
			err_set(&e, ERR_INTERNAL, "%s, and the record was "
			    "lost", why.len > 0 ? why.data : "a stage ended");
		err_hint(&e, "run the same command again");
		if (!record_failed(l->sent.v[i]))
			record_fail(l->sent.v[i], stage_of(died), &e);
		front_keep(out, record_copy(l->sent.v[i]));
	}
	buf_release(&why);
}

void
lost_release(struct lost *l)
{
	front_records_release(&l->sent);
	free(l->seen);
	l->seen = NULL;
}
