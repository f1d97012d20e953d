/* SPDX-License-Identifier: MIT */
#include <stdlib.h>

#include "base/mem.h"
#include "journal/answer.h"

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
	struct answer a = ANSWER_INIT;
	struct err e = ERR_INIT;
	char *text = mem_alloc(size + 1);
	struct toml *t = NULL;

	for (size_t i = 0; i < size; i++)
		text[i] = (char)data[i];
	if (answer_read(text, &a, &e) == 0 && a.has_file)
		t = toml_parse(a.file.data, a.file.len, "fuzz", &e);
	if (t != NULL) {
		journal_merge(&j, t);
		if (journal_merge(&j, t) ||
		    toml_str(toml_get(t, "firmware.version")) == NULL)
			abort();
	}
	toml_free(t);
	answer_release(&a);
	free(text);
	return 0;
}
