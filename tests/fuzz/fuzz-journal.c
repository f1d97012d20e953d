/* SPDX-License-Identifier: MIT */
#include <stdlib.h>

#include "board/probe.h"
#include "journal/journal.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/*
 * Whatever a board answers: what it has for an mpflash.toml either is none,
 * or is merged so that merging again changes nothing.
 */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct journal j = { .device_id = "d", .port = "rp2",
		.board_id = "X", .version = "v1.2", .build = 3,
		.commit = "abcdef0", .flash_date = "2026-11-20T12:00:00Z",
		.flashed = size % 2 == 0, .source = "https://x/y",
		.custom = -1 };
	struct buf fields = BUF_INIT;
	struct probe p;
	struct err e = ERR_INIT;
	int got;
	struct toml *t = NULL;

	buf_add(&fields, data, size);
	got = probe_parse(&fields, &p, &e);
	buf_release(&fields);
	if (got == -1)
		return 0;
	t = toml_parse(p.record.data, p.record.len, "fuzz", &e);
	if (t != NULL) {
		journal_merge(&j, t);
		if (journal_merge(&j, t) ||
		    toml_str(toml_get(t, "firmware.version")) == NULL)
			abort();
	}
	toml_free(t);
	probe_release(&p);
	return 0;
}
