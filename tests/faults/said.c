/* SPDX-License-Identifier: MIT */
#include "said.h"

#include <stdio.h>
#include <string.h>

#include "base/buf.h"

static void
add(struct buf *b, const char *key, const char *value)
{
	if (value != NULL)
		buf_addf(b, "%s=<%s> ", key, value);
}

void
said_board(const struct board_answer *a, struct said *out)
{
	const struct board *b = &a->board;
	const struct identity_notes *n = &a->notes;
	struct buf t = BUF_INIT;

	add(&t, "family", b->family);
	add(&t, "version", b->version);
	add(&t, "commit", b->commit);
	add(&t, "port", b->port);
	add(&t, "board_id", b->board_id);
	add(&t, "variant", b->variant);
	add(&t, "description", b->description);
	add(&t, "mcu", b->mcu);
	add(&t, "arch", b->arch);
	add(&t, "mpy", b->mpy);
	add(&t, "uid", b->uid);
	add(&t, "info", b->info);
	add(&t, "record", b->record);
	add(&t, "info_error", a->info_error);
	add(&t, "record_error", a->record_error);
	add(&t, "info_id", n->info_id);
	add(&t, "record_id", n->record_id);
	add(&t, "record_version", n->record_version);
	buf_addf(&t, "build=%lld ignore=%d", (long long)b->build, a->ignore);
	snprintf(out->text, sizeof(out->text), "%s", t.data);
	buf_release(&t);
}

bool
said_is(const struct said *s, const char *key, const char *value)
{
	struct buf t = BUF_INIT;
	bool is;

	buf_addf(&t, "%s=<%s> ", key, value);
	is = strstr(s->text, t.data) != NULL;
	buf_release(&t);
	return is;
}
