/* SPDX-License-Identifier: MIT */
#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "picoboot/info.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Answers of an RP2350's ROM, or of what says that it is an RP2350. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct picoboot_system system;
	struct picoboot_target t;
	struct err e;

	if (info_system(data, size, &system, &e) == 0)
		assert(strlen(system.uid) == 0 || strlen(system.uid) == 16);
	if (info_target(data, size, &t, &e) == 0 &&
	    t.place == PICOBOOT_PARTITION)
		assert(t.size > 0 && t.offset + t.size <= 32u << 20);
	return 0;
}
