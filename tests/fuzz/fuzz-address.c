/* SPDX-License-Identifier: MIT */
#include <assert.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "custom/date.h"
#include "site/address.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What a user or a build writes: an address, or a time. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *word = mem_printf("%.*s", (int)size, (const char *)data);
	char *means, *shown, *again, utc[CLOCK_TEXT], same[CLOCK_TEXT];
	struct err e = ERR_INIT;

	means = address_rewrite(word, &e);
	assert(means != NULL || (e.code == ERR_USAGE && e.hint[0] != '\0'));
	shown = address_public(word);
	again = address_public(shown);
	assert(strcmp(shown, again) == 0);	/* nothing is left to cut */
	if (date_utc(word, utc))
		assert(date_utc(utc, same) && strcmp(utc, same) == 0);
	free(means);
	free(shown);
	free(again);
	free(word);
	return 0;
}
