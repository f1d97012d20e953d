/* SPDX-License-Identifier: MIT */
#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "image/info_uf2.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct info_uf2 info;
	struct err e = ERR_INIT;

	if (info_uf2_parse((const char *)data, size, &info, &e) == 0)
		assert(info.board_id[0] != '\0' &&
		    strlen(info.board_id) < sizeof(info.board_id));
	return 0;
}
