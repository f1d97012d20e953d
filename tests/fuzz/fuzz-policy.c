/* SPDX-License-Identifier: MIT */
#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "base/buf.h"
#include "trust/policy.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Rules that were read can be written, and read as the same. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct policy p, again;
	struct buf text = BUF_INIT;
	struct err e = ERR_INIT;

	if (policy_parse((const char *)data, size, "policy", &p, &e) == -1) {
		assert(e.code == ERR_INPUT && e.hint[0] != '\0');
		return 0;
	}
	for (size_t i = 0; i < p.n; i++) {
		assert(p.v[i].value[0] != '\0');
		assert(i == 0 || p.v[i].line > p.v[i - 1].line);
		buf_addf(&text, "%s %s\n", policy_name(p.v[i].kind),
		    p.v[i].value);
	}
	assert(policy_parse(text.data, text.len, "again", &again, &e) == 0);
	assert(again.n == p.n);
	for (size_t i = 0; i < p.n; i++)
		assert(again.v[i].kind == p.v[i].kind &&
		    strcmp(again.v[i].value, p.v[i].value) == 0);
	policy_release(&again);
	policy_release(&p);
	buf_release(&text);
	return 0;
}
