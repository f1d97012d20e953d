/* SPDX-License-Identifier: MIT */
#include "flash/compare.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/stop.h"

#define MISSES		4u	/* chunks in a row that differ: all will */
#define PROBE		4096u	/* bytes that tell one image from another */

bool
can_compare(const struct flash_write *w)
{
	return !w->target->no_digest &&
	    (w->driver->digest != NULL || w->driver->read != NULL);
}

/* 1: the flash holds these bytes; 0: it does not; -1: it cannot be told. */
static int
compare_bytes(struct flash_write *w, uint32_t addr, const uint8_t *want,
    size_t n, struct err *e)
{
	const struct flash_driver *d = w->driver;
	uint8_t sum[DIGEST_MD5], now[DIGEST_MD5], *bytes;
	int r;

	if (d->digest != NULL) {
		digest_md5(want, n, sum);
		r = d->digest(w->session, addr, n, now, e);
		return r == -1 ? -1 : memcmp(sum, now, sizeof(sum)) == 0;
	}
	bytes = mem_alloc(n);
	r = d->read(w->session, addr, bytes, n, e);
	if (r == 0)
		r = memcmp(bytes, want, n) == 0;
	free(bytes);
	return r;
}

/* Chunks of a run, from first to end, at once. */
static int
compare_run(struct flash_write *w, const struct flash_plan *plan,
    size_t first, size_t end, struct err *e)
{
	const struct flash_chunk *a = &plan->v[first], *b = &plan->v[end - 1];
	const uint32_t addr = a->addr + (uint32_t)a->from;

	return compare_bytes(w, addr, plan_bytes(plan, a), (size_t)(b->addr -
	    addr) + b->to, e);
}

size_t
plan_run_end(const struct flash_plan *plan, size_t i)
{
	const struct flash_chunk *c = &plan->v[i];

	for (i++; i < plan->n; i++, c++)
		if (c->to != c->len || c[1].from != 0 ||
		    c[1].addr != c->addr + c->len)
			break;
	return i;
}

/* Each by itself; after most misses in a row no more is asked. */
static int
mark_each(struct flash_write *w, struct flash_plan *plan, unsigned most,
    struct err *e)
{
	unsigned misses = 0;
	int r;

	for (size_t i = 0; i < plan->n && misses < most; i++) {
		if (plan->v[i].same)
			continue;
		if (stop_requested())
			return write_stopped(w, e);
		r = compare_run(w, plan, i, i + 1, e);
		if (r == -1)
			return -1;
		plan->v[i].same = r == 1;
		misses = r == 1 ? 0 : misses + 1;
	}
	return 0;
}

int
mark_left(struct flash_write *w, struct flash_plan *plan, struct err *e)
{
	return can_compare(w) ? mark_each(w, plan, MISSES, e) : 0;
}

/* A board that has just said that it runs another version has others. */
static bool
runs_another(const struct flash_write *w)
{
	const struct flash_job *job = w->job;
	const char *tag = job->facts.strings.tag;

	return strcmp(job->device.mode, "repl") == 0 && tag[0] != '\0' &&
	    job->board.version != NULL && job->image.version != NULL &&
	    (strcmp(job->board.version, job->image.version) != 0 ||
	    job->board.build != job->image.build);
}

/*
 * Where images differ first, if they differ at all: the place of their own
 * description.  Most updates are told by these few bytes.
 */
static int
probe_image(struct flash_write *w, const struct flash_plan *plan,
    struct err *e)
{
	size_t i = 0, n;

	while (i + 1 < plan->n && plan->v[i].addr < w->target->probe_addr)
		i++;
	n = plan->v[i].to - plan->v[i].from;
	return compare_bytes(w, plan->v[i].addr + (uint32_t)plan->v[i].from,
	    plan_bytes(plan, &plan->v[i]), n < PROBE ? n : PROBE, e);
}

/* All runs of the plan, each at once: 1 if the flash holds them. */
static int
compare_all(struct flash_write *w, const struct flash_plan *plan,
    struct err *e)
{
	int r = 1;

	for (size_t i = 0, end; r == 1 && i < plan->n; i = end) {
		end = plan_run_end(plan, i);
		r = compare_run(w, plan, i, end, e);
	}
	return r;
}

/*
 * A large page (128 KB of an STM32F4) that differs mostly does so at once: 0,
 * as compare_bytes; 1: it has to be read.
 */
static int
probe_page(struct flash_write *w, const struct flash_plan *plan,
    const struct flash_chunk *c, struct err *e)
{
	if (c->len > c->unit || c->to - c->from <= PROBE)
		return 1;
	return compare_bytes(w, c->addr + (uint32_t)c->from,
	    plan_bytes(plan, c), PROBE, e);
}

/* To read is quick beside an erase, so each erase unit is looked at. */
static int
mark_by_reading(struct flash_write *w, struct flash_plan *plan,
    struct err *e)
{
	size_t step;

	for (size_t i = 0; i < plan->n; i += step) {
		const struct flash_chunk *c = &plan->v[i];
		uint8_t *now;
		int r;

		if (stop_requested())
			return write_stopped(w, e);
		r = probe_page(w, plan, c, e);
		if (r == -1)
			return -1;
		step = 1;
		if (r == 0)
			continue;
		now = mem_alloc(c->to - c->from);
		r = w->driver->read(w->session, c->addr + (uint32_t)c->from,
		    now, c->to - c->from, e);
		step = r == 0 ? plan_split(plan, i, now) : 1;
		free(now);
		if (r == -1)
			return -1;
	}
	return 0;
}

/*
 * After an update nearly all differs, and a digest takes time; after a run
 * that was ended half-way the first chunks are there.
 */
int
mark_same(struct flash_write *w, struct flash_plan *plan, struct err *e)
{
	int r;

	if (!can_compare(w) || w->job->no_skip)
		return 0;
	if (w->driver->digest == NULL)
		return mark_by_reading(w, plan, e);
	r = runs_another(w) ? 0 : probe_image(w, plan, e);
	if (r != 1)
		return r;
	r = compare_all(w, plan, e);
	if (r == 0)
		return mark_each(w, plan, (unsigned)plan->n, e);
	for (size_t i = 0; r == 1 && i < plan->n; i++)
		plan->v[i].same = true;
	return r == -1 ? -1 : 0;
}

int
verify_chunks(struct flash_write *w, struct flash_plan *plan, size_t first,
    size_t end, struct err *e)
{
	const struct flash_chunk *bad = NULL;
	int r = can_compare(w) ? compare_run(w, plan, first, end, e) : 1;

	if (r != 0)
		return r == 1 ? 0 : -1;
	for (size_t i = first; i < end; i++) {
		r = end - first == 1 ? 0 : compare_run(w, plan, i, i + 1, e);
		if (r == -1)
			return -1;
		plan->v[i].same = r == 1;
		if (r == 0 && bad == NULL)
			bad = &plan->v[i];
	}
	return bad == NULL ? 0 : err_set(e, ERR_VERIFY, "0x%x to 0x%x: not "
	    "what was written", bad->addr + (unsigned)bad->from, bad->addr +
	    (unsigned)bad->to);
}
