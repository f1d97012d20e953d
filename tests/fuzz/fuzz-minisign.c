/* SPDX-License-Identifier: MIT */
#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "trust/minisign.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Keys and signatures; none that was made up is ever right. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct minisign_sig sig;
	const char *text = (const char *)data;
	struct minisign_key key;
	struct err e = ERR_INIT;

	if (minisign_key_parse(text, size, &key, &e) == -1)
		memset(&key, 1, sizeof(key));
	if (minisign_sig_parse(text, size, &sig, &e) == -1)
		return 0;
	assert(strlen(sig.comment) < MINISIGN_COMMENT);
	memcpy(key.id, sig.id, sizeof(key.id));
	assert(minisign_check(&sig, &key, 1, "x", 1, &e) == -1);
	return 0;
}
