/* SPDX-License-Identifier: MIT */
#include "sim/answer.h"

#include <string.h>

#include "base/mem.h"

#define MEGABYTE	(1024u * 1024)
#define NOISE		4096u		/* bytes */

/* MicroPython's standard output has "\r\n" for every "\n". */
static void
add_crlf(const struct buf *text, struct buf *out)
{
	for (size_t i = 0; i < text->len; i++) {
		if (text->data[i] == '\n')
			buf_addc(out, '\r');
		buf_addc(out, text->data[i]);
	}
}

/* The same noise each time: xorshift32. */
static void
noise(struct buf *out)
{
	uint32_t x = 2463534242u;

	for (size_t i = 0; i < NOISE; i++) {
		x ^= x << 13;
		x ^= x >> 17;
		x ^= x << 5;
		buf_addc(out, (char)x);
	}
}

static void
flood(size_t megabytes, struct buf *out)
{
	char line[64];

	memset(line, 'x', sizeof(line));
	line[62] = '\r';
	line[63] = '\n';
	for (size_t n = 0; n < megabytes * MEGABYTE; n += sizeof(line))
		buf_add(out, line, sizeof(line));
}

void
sim_answer(const struct sim_fault *fault, unsigned *count,
    struct sim_outcome *o, struct buf *out)
{
	(*count)++;
	switch (fault->kind) {
	case SIM_FAULT_GARBAGE:
		noise(out);
		break;
	case SIM_FAULT_FLOOD:
		flood(fault->n, out);
		break;
	default:
		add_crlf(&o->out, out);
	}
}
