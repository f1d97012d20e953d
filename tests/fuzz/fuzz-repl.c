/* SPDX-License-Identifier: MIT */
#include <stdint.h>
#include <stdlib.h>

#include "repl/frame.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/*
 * Whatever a board says: the output keeps to its ceiling, and the traceback
 * to its own.  The first byte chooses how, the second the ceiling.
 */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct buf out = BUF_INIT, line = BUF_INIT;
	struct frame f;
	size_t max;

	if (size < 2)
		return 0;
	max = data[1];
	frame_begin(&f, data[0] & 1, &out, max);
	for (size_t i = 2; i < size; i++)
		frame_feed(&f, (char)data[i]);
	if (out.len > max || f.trace.len > FRAME_TRACE_MAX ||
	    out.len > size || (f.state == FRAME_OVER && out.len != max))
		abort();
	frame_last_line(&line, &f.trace);
	if (frame_errno(line.data) < 0 || line.len > f.trace.len)
		abort();
	buf_release(&line);
	frame_end(&f);
	buf_release(&out);
	return 0;
}
