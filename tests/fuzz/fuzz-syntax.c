/* SPDX-License-Identifier: MIT */
#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "stream/stream.h"
#include "stream/syntax.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/*
 * What the JSON library reads is JSON, and ours or not (but for a NUL behind
 * a value, which it forgives); and so is the plain form.
 */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *text = (const char *)data;
	const enum syntax found = syntax_check(text, size);
	struct buf plain = BUF_INIT;
	struct record *rec = NULL;
	struct err e = ERR_INIT;

	if (record_parse(text, size, &rec, &e) == 0 &&
	    memchr(text, '\0', size) == NULL)
		assert(found == (record_ours(rec) ? SYNTAX_RECORD :
		    SYNTAX_JSON));
	if (found != SYNTAX_NONE) {
		syntax_plain(text, size, &plain);
		assert(syntax_check(plain.data, plain.len) == found);
	}
	buf_release(&plain);
	record_free(rec);
	return 0;
}
