/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"
#include "base/wire.h"
#include "link/ops.h"

/*
 * trace: a link around another one, that tells base/wire what goes over it.
 */

struct traced {
	struct link	 link;
	struct link	*inner;
};

/* As the inner link; what it has found out of the device, this one knows. */
static int
told(struct link *l, int r)
{
	const struct traced *t = (struct traced *)l;

	if (t->inner->gone && !l->gone) {
		l->gone = true;
		wire_step(l->name, "!");
	}
	return r;
}

static int
traced_read(struct link *l, void *p, size_t max, int64_t deadline,
    size_t *got, struct err *e)
{
	const struct traced *t = (struct traced *)l;
	const int r = link_read(t->inner, p, max, deadline, got, e);

	if (r == 0)
		wire_bytes(l->name, '<', p, *got);
	return told(l, r);
}

static int
traced_write(struct link *l, const void *p, size_t n, int64_t deadline,
    struct err *e)
{
	const struct traced *t = (struct traced *)l;
	const int r = link_write(t->inner, p, n, deadline, e);

	if (r == 0)
		wire_bytes(l->name, '>', p, n);
	return told(l, r);
}

static int
traced_baud(struct link *l, unsigned baud, struct err *e)
{
	const struct traced *t = (struct traced *)l;
	const int r = link_baud(t->inner, baud, e);
	char step[24];

	snprintf(step, sizeof(step), "@ %u", baud);
	if (r == 0)
		wire_step(l->name, step);
	return told(l, r);
}

static int
traced_lines(struct link *l, bool dtr, bool rts, struct err *e)
{
	const struct traced *t = (struct traced *)l;
	const int r = link_lines(t->inner, dtr, rts, e);
	char step[8];

	snprintf(step, sizeof(step), "~ %d %d", dtr, rts);
	if (r == 0)
		wire_step(l->name, step);
	return told(l, r);
}

static void
traced_flush(struct link *l)
{
	link_flush(((struct traced *)l)->inner);
	told(l, 0);
}

static void
traced_close(struct link *l)
{
	link_close(((struct traced *)l)->inner);
	free(l);
}

static const struct link_ops traced_ops = {
	.read = traced_read, .write = traced_write, .baud = traced_baud,
	.lines = traced_lines, .flush = traced_flush, .close = traced_close,
};

struct link *
link_traced(struct link *inner)
{
	struct traced *t;

	if (!wire_on())
		return inner;
	t = mem_alloc(sizeof(*t));
	t->link.ops = &traced_ops;
	t->link.name = mem_str(inner->name);
	t->inner = inner;
	wire_begin(inner->name);
	return &t->link;
}
