/* SPDX-License-Identifier: MIT */
#include "flash/write.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/stop.h"
#include "image/uf2.h"

#define TRIES		3u	/* of one chunk */
#define MISSES		4u	/* chunks in a row that differ: all will */

static void
tell(struct flash_write *w, uint64_t done, uint64_t total)
{
	w->done = done;
	if (done <= w->shown || w->job->progress == NULL)
		return;			/* tried again: it was told already */
	w->shown = done;
	w->job->progress(w->job->progress_ctx, "write", (int64_t)done,
	    (int64_t)total);
}

static int
stopped(const struct flash_write *w, uint64_t total, struct err *e)
{
	err_set(e, ERR_CANCELLED, "stopped at byte %llu of %llu",
	    (unsigned long long)w->done, (unsigned long long)total);
	return err_hint(e, "run the whole pipe again");
}

static size_t
chunk_size(const struct flash_chunk *c)
{
	return c->to - c->from;
}

static bool
can_compare(const struct flash_write *w)
{
	return w->driver->digest != NULL || w->driver->read != NULL;
}

static int
read_chunk(struct flash_write *w, const struct flash_chunk *c, uint8_t *out,
    struct err *e)
{
	return w->driver->read(w->session, c->addr + (uint32_t)c->from, out,
	    chunk_size(c), e);
}

/* 1: the flash holds these bytes; 0: it does not; -1: it cannot be told. */
static int
compare(struct flash_write *w, const struct flash_plan *plan,
    const struct flash_chunk *c, struct err *e)
{
	const struct flash_driver *d = w->driver;
	const uint8_t *want = plan_bytes(plan, c);
	const size_t n = chunk_size(c);
	uint8_t sum[DIGEST_MD5], now[DIGEST_MD5], *bytes;
	int r;

	if (d->digest != NULL) {
		digest_md5(want, n, sum);
		r = d->digest(w->session, c->addr + (uint32_t)c->from, n, now,
		    e);
		return r == -1 ? -1 : memcmp(sum, now, sizeof(sum)) == 0;
	}
	bytes = mem_alloc(n);
	r = read_chunk(w, c, bytes, e);
	if (r == 0)
		r = memcmp(bytes, want, n) == 0;
	free(bytes);
	return r;
}

/*
 * After an update nearly all differs, and a digest takes time; after a run
 * that was ended half-way the first chunks are there.
 */
static int
mark_by_digest(struct flash_write *w, struct flash_plan *plan, struct err *e)
{
	unsigned misses = 0;
	int r;

	for (size_t i = 0; i < plan->n && misses < MISSES; i++) {
		if (stop_requested())
			return stopped(w, plan->total, e);
		r = compare(w, plan, &plan->v[i], e);
		if (r == -1)
			return -1;
		plan->v[i].same = r == 1;
		misses = r == 1 ? 0 : misses + 1;
	}
	return 0;
}

/* To read is quick beside an erase, so each erase unit is looked at. */
static int
mark_by_reading(struct flash_write *w, struct flash_plan *plan,
    struct err *e)
{
	uint8_t *now;
	size_t step;
	int r;

	for (size_t i = 0; i < plan->n; i += step) {
		if (stop_requested())
			return stopped(w, plan->total, e);
		now = mem_alloc(chunk_size(&plan->v[i]));
		r = read_chunk(w, &plan->v[i], now, e);
		step = r == 0 ? plan_split(plan, i, now) : 1;
		free(now);
		if (r == -1)
			return -1;
	}
	return 0;
}

/* What the flash holds already needs no write. */
static int
mark_same(struct flash_write *w, struct flash_plan *plan, struct err *e)
{
	if (w->driver->digest != NULL)
		return mark_by_digest(w, plan, e);
	return w->driver->read != NULL ? mark_by_reading(w, plan, e) : 0;
}

static size_t
piece_size(const struct flash_write *w, const struct flash_piece *left)
{
	const size_t most = w->target->write_max;

	return left->n_packed > 0 || left->n < most ? left->n : most;
}

/* From there to the end, to whole units of what one write takes. */
static struct flash_piece
pieces_of(const struct flash_write *w, const struct flash_plan *plan,
    const struct flash_chunk *c)
{
	const size_t unit = w->target->write_unit;
	const size_t from = c->from - c->from % unit;
	const size_t up = (c->to + unit - 1) / unit * unit;
	const size_t to = up < c->len ? up : c->len;
	const struct buf *packed = image_packed(w->image,
	    c->addr + (uint32_t)c->from, chunk_size(c));
	struct flash_piece p = {
		.addr = c->addr + (uint32_t)from,
		.bytes = plan_bytes(plan, c) - (c->from - from),
		.n = to - from,
	};

	/* What was packed for all boards is not what this one gets. */
	if (w->changed && c == plan->v)
		return p;
	if (packed != NULL && from == c->from && to == c->to) {
		p.packed = (const uint8_t *)packed->data;
		p.n_packed = packed->len;
	}
	return p;
}

static int
write_chunk(struct flash_write *w, const struct flash_plan *plan,
    const struct flash_chunk *c, struct err *e)
{
	struct flash_piece left = pieces_of(w, plan, c), one;
	const uint64_t end = w->done + chunk_size(c);

	w->touched = true;
	if (w->driver->erase(w->session, c->addr, c->len, e) == -1)
		return -1;
	while (left.n > 0) {
		if (stop_requested())
			return stopped(w, plan->total, e);
		one = left;
		one.n = piece_size(w, &left);
		if (w->driver->write(w->session, &one, e) == -1)
			return -1;
		left.addr += (uint32_t)one.n;
		left.bytes += one.n;
		left.n -= one.n;
		tell(w, w->done + one.n < end ? w->done + one.n : end,
		    plan->total);
	}
	return 0;
}

static int
verify_chunk(struct flash_write *w, const struct flash_plan *plan,
    const struct flash_chunk *c, struct err *e)
{
	const int r = can_compare(w) ? compare(w, plan, c, e) : 1;

	return r != 0 ? r == 1 ? 0 : -1 : err_set(e, ERR_VERIFY, "0x%x to "
	    "0x%x: not what was written", c->addr + (unsigned)c->from,
	    c->addr + (unsigned)c->to);
}

/* May the same again do better? */
static bool
try_again(enum err_code code)
{
	return code == ERR_IO || code == ERR_TIMEOUT ||
	    code == ERR_PROTOCOL || code == ERR_VERIFY;
}

static int
put_chunk(struct flash_write *w, const struct flash_plan *plan,
    const struct flash_chunk *c, struct err *e)
{
	const uint64_t before = w->done;
	struct err why = ERR_INIT;

	for (unsigned i = 1; i <= TRIES; i++) {
		w->done = before;
		if ((int64_t)i > w->res->attempts)
			w->res->attempts = i;
		if (write_chunk(w, plan, c, &why) == 0 &&
		    verify_chunk(w, plan, c, &why) == 0)
			return 0;
		if (!try_again(why.code) || stop_requested())
			break;
		if (i < TRIES && w->driver->recover != NULL &&
		    w->driver->recover(w->session, i, &why) == -1)
			break;
	}
	*e = why;
	return -1;
}

static void
add_verified(struct flash_write *w)
{
	if (!can_compare(w))
		return;
	w->res->verified[0] = w->driver->digest != NULL ? "digest" :
	    "readback";
	w->proof->bytes = true;
}

int
write_plan(struct flash_write *w, struct flash_plan *plan, struct err *e)
{
	struct result *res = w->res;

	res->written_bytes = res->unchanged_bytes = 0;
	if (mark_same(w, plan, e) == -1)
		return -1;
	for (size_t i = 0; i < plan->n; i++) {
		const struct flash_chunk *c = &plan->v[i];
		const size_t n = chunk_size(c);

		if (stop_requested())
			return stopped(w, plan->total, e);
		if (!c->same && put_chunk(w, plan, c, e) == -1)
			return -1;
		if (c->same)
			tell(w, w->done + n, plan->total);
		*(c->same ? &res->unchanged_bytes : &res->written_bytes) +=
		    (int64_t)n;
	}
	add_verified(w);
	w->proof->accepted = true;
	return 0;
}

/* A file for several chips: does the board pass over this block? */
static bool
is_for_others(const struct flash_job *job, const struct uf2_block *b)
{
	const char *chip = uf2_family_chip(b->family);

	return (b->flags & UF2_NOT_MAIN) != 0 || uf2_is_e10(b) ||
	    (chip != NULL && job->facts.chip != NULL &&
	    strcmp(chip, job->facts.chip) != 0);
}

/*
 * The bytes that the blocks of this piece put into the board's flash; and, for
 * end, where the last of its own blocks ends in the file.
 */
static size_t
payload(const struct flash_job *job, size_t off, size_t n, size_t *end)
{
	struct uf2_block b;
	struct err e;
	size_t sum = 0;

	if (strcmp(job->facts.format, "uf2") != 0)
		return n;
	for (; n >= UF2_BLOCK; off += UF2_BLOCK, n -= UF2_BLOCK)
		if (uf2_parse(job->data + off, n, &b, &e) == 0 &&
		    !is_for_others(job, &b)) {
			sum += b.len;
			*end = off + UF2_BLOCK;
		}
	return sum;
}

int
write_file(struct flash_write *w, struct err *e)
{
	const struct flash_job *job = w->job;
	size_t size = job->size, n, end = size, ignored;
	const size_t most = w->target->write_max;
	struct err why = ERR_INIT;

	payload(job, 0, size, &end);
	w->proof->accepted = true;
	w->res->written_bytes = 0;
	w->res->attempts = 1;
	for (size_t off = 0; off < size; off += n) {
		n = size - off < most ? size - off : most;
		if (stop_requested())
			return stopped(w, size, e);
		/*
		 * With its last block the board goes, at once or a second
		 * later; whether it took that block, it has to show.  Blocks
		 * for others behind it do not matter.
		 */
		if (w->driver->write_file(w->session, off, job->data + off, n,
		    &why) == -1) {
			if (off + n < end || why.code == ERR_SPACE ||
			    !w->driver->leaves) {
				*e = why;
				return -1;
			}
			w->proof->accepted = off >= end;
			size = off + n;
		}
		w->touched = true;
		w->res->written_bytes += (int64_t)payload(job, off, n,
		    &ignored);
		tell(w, off + n, size);
	}
	return 0;
}
