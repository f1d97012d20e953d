/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "repl/parcel.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/*
 * Whatever a board says before, in between and behind: what is whole has the
 * sum that was said, keeps to its ceiling, and its fields lie inside of it.
 */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const size_t max = 100;
	struct parcel_field f;
	struct parcel p;
	size_t at = 0;

	parcel_begin(&p, max);
	parcel_run(&p, 5);
	for (size_t i = 0; i < size; i++) {
		if (data[i] == '\n')
			parcel_run(&p, 5 + 2 * p.nonce);
		parcel_feed(&p, (char)data[i]);
	}
	if (p.state == PARCEL_WHOLE || p.state == PARCEL_RAISED) {
		const struct parcel_part *part =
		    &p.part[p.state == PARCEL_WHOLE ? PARCEL_ANSWER :
		    PARCEL_ERROR];

		if (part->bytes.len != part->length || part->length > max ||
		    parcel_sum(0, part->bytes.data, part->length) !=
		    part->total)
			abort();
		while (parcel_next(&part->bytes, &at, &f) == 1)
			if (f.p + f.n > (const uint8_t *)part->bytes.data +
			    part->bytes.len)
				abort();
	}
	parcel_end(&p);
	return 0;
}
