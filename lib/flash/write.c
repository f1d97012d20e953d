/* SPDX-License-Identifier: MIT */
#include "flash/write.h"

#include <stdlib.h>
#include <string.h>

#include "base/stop.h"
#include "flash/compare.h"

#define TRIES		3u	/* that bring nothing, in a row */

void
write_tell(struct flash_write *w, uint64_t done)
{
	w->done = done;
	if (done <= w->shown || w->job->progress == NULL)
		return;			/* tried again: it was told already */
	w->shown = done;
	w->job->progress(w->job->progress_ctx, "write", (int64_t)done,
	    (int64_t)w->total);
}

int
write_stopped(const struct flash_write *w, struct err *e)
{
	err_set(e, ERR_CANCELLED, "stopped at byte %llu of %llu",
	    (unsigned long long)w->done, (unsigned long long)w->total);
	return err_hint(e, "run the whole pipe again");
}

static size_t
chunk_size(const struct flash_chunk *c)
{
	return c->to - c->from;
}

/* Bytes that are in their place. */
static uint64_t
bytes_same(const struct flash_plan *plan)
{
	uint64_t sum = 0;

	for (size_t i = 0; i < plan->n; i++)
		if (plan->v[i].same)
			sum += chunk_size(&plan->v[i]);
	return sum;
}

/*
 * Where what is erased and written in one go ends: before a chunk that is
 * there, and where the loader takes no more.  The first chunk is for itself:
 * its header may be another for each board.
 */
static size_t
go_end(const struct flash_write *w, const struct flash_plan *plan, size_t i)
{
	const size_t gap = plan_run_end(plan, i);
	size_t end = i + 1;

	while (i > 0 && end < gap && !plan->v[end].same &&
	    (uint64_t)plan->v[end].addr + plan->v[end].len -
	    plan->v[i].addr <= w->target->go_max)
		end++;
	return end;
}

/* A driver says how far it is, and hears whether to go on. */
static int
on_step(void *ctx, size_t done, struct err *e)
{
	struct flash_write *w = ctx;
	const uint64_t at = w->begun + done;

	write_tell(w, at < w->goal ? at : w->goal);
	return stop_requested() ? write_stopped(w, e) : 0;
}

/* From there to the end, to whole units of what one write takes. */
static struct flash_piece
piece_of(struct flash_write *w, const struct flash_plan *plan, size_t first,
    size_t end)
{
	const struct flash_chunk *a = &plan->v[first], *b = &plan->v[end - 1];
	const size_t unit = w->target->write_unit;
	const size_t from = a->from - a->from % unit;
	const size_t before = b->addr - a->addr;
	const size_t up = (b->to + unit - 1) / unit * unit;
	const size_t to = before + (up < b->len ? up : b->len);
	struct flash_piece p = {
		.addr = a->addr + (uint32_t)from,
		.bytes = plan_bytes(plan, a) - (a->from - from),
		.n = to - from, .step = on_step, .ctx = w,
	};

	/* What was packed for all boards is not what this one gets. */
	const struct buf *packed = w->changed && first == 0 ? NULL :
	    image_packed(w->image, p.addr, p.n);

	if (packed != NULL) {
		p.packed = (const uint8_t *)packed->data;
		p.n_packed = packed->len;
	}
	return p;
}

/* What was not packed before, as it is a part that is left. */
static int
pack_piece(const struct flash_write *w, struct flash_piece *p, struct buf *own,
    struct err *e)
{
	const struct flash_packing *packing = w->driver->packing;

	if (packing == NULL || w->target->plain || p->packed != NULL)
		return 0;
	if (packing->pack(p->bytes, p->n, own, e) == -1)
		return -1;
	p->packed = (const uint8_t *)own->data;
	p->n_packed = own->len;
	return 0;
}

static int
write_piece_parts(struct flash_write *w, struct flash_piece left, struct err *e)
{
	const size_t most = w->target->write_max;

	while (left.n > 0) {
		struct flash_piece one = left;

		if (stop_requested())
			return write_stopped(w, e);
		if (left.n_packed == 0 && left.n > most)
			one.n = most;
		if (w->driver->write(w->session, &one, e) == -1)
			return -1;
		left.addr += (uint32_t)one.n;
		left.bytes += one.n;
		left.n -= one.n;
		w->begun += one.n;
		write_tell(w, w->begun < w->goal ? w->begun : w->goal);
	}
	return 0;
}

/* The chunks from first to end, erased and written in one go. */
static int
write_go(struct flash_write *w, struct flash_plan *plan, size_t first,
    size_t end, struct err *e)
{
	const struct flash_chunk *a = &plan->v[first], *b = &plan->v[end - 1];
	struct flash_piece p = piece_of(w, plan, first, end);
	struct buf own = BUF_INIT;
	int r = -1;

	w->begun = bytes_same(plan);
	w->goal = w->begun;
	for (size_t i = first; i < end; i++) {
		w->goal += chunk_size(&plan->v[i]);
		plan->v[i].tried = true;
	}
	w->touched = true;
	if (pack_piece(w, &p, &own, e) == 0 &&
	    w->driver->erase(w->session, a->addr, (size_t)(b->addr - a->addr) +
	    b->len, e) == 0)
		r = write_piece_parts(w, p, e);
	buf_release(&own);
	return r;
}

/* All that is not there; where much goes at once, compared in the end. */
static int
write_left(struct flash_write *w, struct flash_plan *plan, struct err *e)
{
	const bool late = w->target->go_max > 0;

	for (size_t i = 0, end; i < plan->n; i = end) {
		end = i + 1;
		if (plan->v[i].same)
			continue;
		if (stop_requested())
			return write_stopped(w, e);
		end = go_end(w, plan, i);
		if (write_go(w, plan, i, end, e) == -1 || (!late &&
		    verify_chunks(w, plan, i, end, e) == -1))
			return -1;
		for (size_t k = i; k < end; k++)
			plan->v[k].same = true;
		write_tell(w, bytes_same(plan));
	}
	return 0;
}

/* What was written, run by run. */
static int
verify_late(struct flash_write *w, struct flash_plan *plan, struct err *e)
{
	for (size_t i = 0, end; i < plan->n; i = end) {
		const size_t gap = plan_run_end(plan, i);

		for (end = i + 1; end < gap && plan->v[end].tried ==
		    plan->v[i].tried; end++)
			continue;
		if (plan->v[i].tried &&
		    verify_chunks(w, plan, i, end, e) == -1)
			return -1;
	}
	return 0;
}

/* May the same again do better? */
static bool
may_retry(const struct flash_write *w, enum err_code code)
{
	return code == ERR_IO || code == ERR_TIMEOUT ||
	    code == ERR_PROTOCOL || code == ERR_VERIFY ||
	    (code == ERR_NOT_FOUND && w->driver->recover != NULL);
}

/* The loader works again, and what has arrived is known. */
static int
recover(struct flash_write *w, struct flash_plan *plan, unsigned failures,
    enum err_code code, struct err *e)
{
	if (w->driver->recover == NULL)
		return 0;
	/* What was compared a moment ago needs no more. */
	if (code == ERR_VERIFY && failures == 1)
		return 0;
	return w->driver->recover(w->session, failures, e) == -1 ? -1 :
	    mark_left(w, plan, e);
}

/* A run of failures ends where something has arrived in between. */
static int
write_until_same(struct flash_write *w, struct flash_plan *plan, struct err *e)
{
	struct err why = ERR_INIT;
	unsigned failures = 0;
	uint64_t before = bytes_same(plan);

	for (w->res->attempts = 1;; w->res->attempts++) {
		if (write_left(w, plan, &why) == 0 && (w->target->go_max == 0 ||
		    verify_late(w, plan, &why) == 0))
			return 0;
		do {
			if (++failures >= TRIES || stop_requested() ||
			    !may_retry(w, why.code)) {
				*e = why;
				return -1;
			}
		} while (recover(w, plan, failures, why.code, &why) == -1);
		if (bytes_same(plan) > before)
			failures = 0;
		before = bytes_same(plan);
	}
}

static void
note_compared(struct flash_write *w)
{
	if (!can_compare(w))
		return;
	w->res->verified[0] = w->driver->digest != NULL ? "digest" :
	    "readback";
	w->proof->bytes = true;
}

/* On failure too, as far as it came. */
static void
count_bytes(const struct flash_plan *plan, struct result *res)
{
	res->written_bytes = res->unchanged_bytes = 0;
	for (size_t i = 0; i < plan->n; i++)
		if (plan->v[i].same)
			*(plan->v[i].tried ? &res->written_bytes :
			    &res->unchanged_bytes) +=
			    (int64_t)chunk_size(&plan->v[i]);
}

int
write_plan(struct flash_write *w, struct flash_plan *plan, struct err *e)
{
	int r;

	w->total = plan->total;
	r = mark_same(w, plan, e);
	if (r == 0) {
		write_tell(w, bytes_same(plan));
		r = write_until_same(w, plan, e);
	}
	count_bytes(plan, w->res);
	if (r == -1)
		return -1;
	note_compared(w);
	w->proof->accepted = true;
	return 0;
}
