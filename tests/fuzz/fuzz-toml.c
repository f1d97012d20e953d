/* SPDX-License-Identifier: MIT */
#include <stdlib.h>

#include "toml/toml.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What can be read can be written, and read again as the same. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct buf text = BUF_INIT, json = BUF_INIT;
	struct err e = ERR_INIT;
	struct toml *t = toml_parse((const char *)data, size, "fuzz", &e);
	struct toml *back;

	if (t == NULL)
		return 0;
	toml_write(t, &text);
	toml_json(t, &json);
	/* Escapes make it longer: what passes the ceiling is not read. */
	if (text.len <= TOML_TEXT_MAX) {
		back = toml_parse(text.data, text.len, "again", &e);
		if (back == NULL || !toml_equal(t, back))
			abort();
		toml_free(back);
	}
	toml_free(t);
	buf_release(&text);
	buf_release(&json);
	return 0;
}
