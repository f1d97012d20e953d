/* SPDX-License-Identifier: MIT */
#include "sim/pace.h"

#include <string.h>

#define BITS		10		/* of a byte: start, eight, stop */
#define SLACK_US	2000		/* who comes so late was not idle */

static int64_t
begin_us(int64_t line_free, int64_t now)
{
	return now * 1000 - line_free < SLACK_US ? line_free : now * 1000;
}

static int64_t
wire_us(size_t n, unsigned baud)
{
	return (int64_t)n * BITS * 1000000 / (int64_t)baud;
}

void
sim_pace_in(struct sim_pace *p, const void *bytes, size_t n, unsigned baud,
    int64_t now)
{
	const int64_t ready = p->in_free > p->out_free ? p->in_free :
	    p->out_free;

	if (p->answered && now * 1000 > ready)
		p->idle_us += now * 1000 - ready;
	p->answered = false;
	p->in_free = begin_us(p->in_free, now) + wire_us(n, baud);
	buf_add(&p->held, bytes, n);
}

size_t
sim_pace_take(struct sim_pace *p, void *to, size_t max, int64_t now)
{
	const size_t n = p->held.len < max ? p->held.len : max;

	if (n == 0 || now * 1000 < p->in_free)
		return 0;
	memcpy(to, p->held.data, n);
	buf_drop(&p->held, n);
	return n;
}

size_t
sim_pace_out(struct sim_pace *p, size_t len, unsigned baud, int64_t now)
{
	size_t gone;

	if (p->out_mark > 0 && now * 1000 < p->out_free)
		return 0;
	gone = p->out_mark;
	if (len > gone && gone == 0) {
		p->out_free = begin_us(p->out_free, now) + wire_us(len, baud);
		p->out_mark = len;
		p->answered = true;
	}
	return gone;
}

void
sim_pace_sent(struct sim_pace *p, size_t n)
{
	p->out_mark -= n < p->out_mark ? n : p->out_mark;
}

int64_t
sim_pace_due(const struct sim_pace *p)
{
	int64_t due = INT64_MAX;

	if (p->held.len > 0)
		due = p->in_free / 1000 + 1;
	if (p->out_mark > 0 && p->out_free / 1000 + 1 < due)
		due = p->out_free / 1000 + 1;
	return due;
}

int64_t
sim_pace_idle(struct sim_pace *p)
{
	const int64_t us = p->idle_us;

	p->idle_us = 0;
	return us;
}

void
sim_pace_release(struct sim_pace *p)
{
	buf_release(&p->held);
	p->out_mark = 0;
}
