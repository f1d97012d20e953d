/* SPDX-License-Identifier: MIT */
#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "trust/lockfile.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What could be read is written in one form, which reads as the same. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct lockfile l = LOCKFILE_INIT, again = LOCKFILE_INIT;
	struct buf one = BUF_INIT, two = BUF_INIT;
	struct err e = ERR_INIT;

	if (lockfile_parse((const char *)data, size, &l, &e) == 0) {
		lockfile_write(&l, &one);
		assert(lockfile_parse(one.data, one.len, &again, &e) == 0);
		lockfile_write(&again, &two);
		assert(one.len == two.len &&
		    memcmp(one.data, two.data, one.len) == 0);
	}
	for (size_t i = 1; i < l.n; i++)
		assert(strcmp(l.v[i - 1].url, l.v[i].url) < 0);
	lockfile_release(&l);
	lockfile_release(&again);
	buf_release(&one);
	buf_release(&two);
	return 0;
}
