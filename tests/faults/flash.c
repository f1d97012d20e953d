/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <string.h>

#include "base/clock.h"
#include "calls.h"
#include "flashing.h"
#include "model/pending.h"

/*
 * flash: an image onto a board, by the uf2 method.  "ok" means that the board
 * of the record runs the image, every block of which it has got; another
 * board gets none; what is said of the board's state is true.
 */

#define FLASH_MS	180000		/* all waits of one run together */
#define SETTLE_MS	3000		/* a board on its way arrives */

static void
check_ok(struct run *r, const struct flash_test *t, const struct flashing *f,
    const struct flash_outcome *out)
{
	const struct fake *b = f->wire->board;
	char uid[2 * SIM_UID_MAX + 1];

	if (b != &f->first)
		run_broken(r, "ok, but another board hangs there");
	if (b->flashed.len != sizeof(t->bytes) ||
	    memcmp(b->flashed.data, t->bytes, sizeof(t->bytes)) != 0 ||
	    b->stays > 0)
		run_broken(r, "ok, but the board does not run the image");
	fake_uid(b, uid);
	if (!out->answered || out->board.version == NULL ||
	    strcmp(out->board.version, b->id.tag) != 0 ||
	    out->board.description == NULL ||
	    strcmp(out->board.description, b->id.machine) != 0 ||
	    out->board.uid == NULL || strcmp(out->board.uid, uid) != 0)
		run_broken(r, "ok, but its facts are not the board's");
	if (out->result.state == NULL ||
	    strcmp(out->result.state, "running") != 0)
		run_broken(r, "ok, but it is not said to run");
}

/* A board that came in the place of the first is left alone. */
static void
check_second(struct run *r, const struct flashing *f)
{
	const struct fake *b = &f->second;

	if (f->wire->board != b)
		return;
	if (b->left > 0)
		run_broken(r, "another board was sent to its bootloader");
	/* One of the same chip that is in its bootloader looks the same. */
	if (b->blocks > 0 && f->swap != SWAP_TWIN_DRIVE)
		run_broken(r, "another board was written to");
}

/* Is what was said of its state true? */
static void
check_state(struct run *r, const struct flashing *f,
    const struct flash_outcome *out, bool fallible)
{
	const char *state = out->result.state != NULL ? out->result.state :
	    "untouched";
	struct record *saved = NULL;
	const struct fake *b = f->wire->board;
	struct err e;

	if (f->wire->spoiler.pulled || b != &f->first || b->phase == FAKE_GONE)
		return;
	if (strcmp(state, "untouched") == 0 && b->left > 0 &&
	    b->phase == FAKE_DRIVE)
		run_broken(r, "it waits in its bootloader, and nobody says so");
	if (strcmp(state, "running") == 0 && b->phase != FAKE_RUNS)
		run_broken(r, "it is said to run, and does not");
	if (strcmp(state, "bootloader") == 0 && b->phase != FAKE_DRIVE)
		run_broken(r, "it is said to be in its bootloader, and is "
		    "not");
	if (b->phase == FAKE_DRIVE && b->left > 0 && !fallible &&
	    pending_load(FLASHING_ID, &saved, &e) != 1)
		run_broken(r, "it waits in its bootloader, and its record is "
		    "lost");
	record_free(saved);
}

/* Until a board that is on its way has arrived. */
static void
settle(struct fake *b)
{
	const int64_t end = clock_ms() + SETTLE_MS;

	while (clock_ms() < end) {
		fake_turn(b);
		clock_sleep_ms(100);
	}
}

static void
flash_and_check(struct run *r, struct flash_test *t, struct flashing *f,
    struct wire *w, bool fallible)
{
	struct flash_outcome out;
	struct err e = ERR_INIT;
	int64_t begin;
	int said;

	begin = clock_ms();
	said = flashing_run(t, f, &out, &e);
	if (clock_ms() - begin > FLASH_MS)
		run_broken(r, "it took %lld ms",
		    (long long)(clock_ms() - begin));
	settle(w->board);
	if (said == 0)
		check_ok(r, t, f, &out);
	check_second(r, f);
	check_state(r, f, &out, fallible);
	run_end(r, said, &e);
	flash_release(&out);
}

static void
flash_with(struct run *r, const struct spoil *fault, size_t n, void *ctx)
{
	struct flash_test *t = ctx;
	struct wire w = { .spoiler.n = n };
	struct flashing f = { .swap = SWAP_NONE };
	char what[160];

	spoil_show(fault, what, sizeof(what));
	if (!run_begin(r, "flash, %s: %s (1 of %zu)", t->name, what, n))
		return;
	memcpy(w.spoiler.fault, fault, n * sizeof(*fault));
	w.seed = (unsigned)r->number;
	flashing_begin(t, &f, &w);
	flash_and_check(r, t, &f, &w, false);
	flashing_end(&f);
}

static void
swap_at(struct run *r, struct flash_test *t, enum swap swap, unsigned at_look,
    unsigned at_open)
{
	struct wire w = { .opens = 0 };
	struct flashing f = { .swap = swap, .at_look = at_look,
		.at_open = at_open };

	if (!run_begin(r, "flash, %s: swap %d at look %u or open %u", t->name,
	    (int)swap, at_look, at_open))
		return;
	flashing_begin(t, &f, &w);
	flash_and_check(r, t, &f, &w, false);
	flashing_end(&f);
}

static void
call_fails(struct run *r, struct flash_test *t, const char *call,
    unsigned nth, int error)
{
	struct wire w = { .opens = 0 };
	struct flashing f = { .swap = SWAP_NONE };

	if (!run_begin(r, "flash, %s: call %u of %s fails: %s", t->name, nth,
	    call, error == CALL_SHORT ? "short" : error == CALL_FIFO ?
	    "a fifo" : error == CALL_TAKEN ? "taken" : strerror(error)))
		return;
	flashing_begin(t, &f, &w);
	calls_fail(call, nth, error);
	flash_and_check(r, t, &f, &w, true);
	flashing_end(&f);
}

static void
learn(struct run *r, struct flash_test *t, unsigned *made)
{
	struct flashing f = { .swap = SWAP_NONE };
	struct flash_outcome out;
	struct err e = ERR_INIT;
	int said;

	clock_fake(1);
	t->calm = (struct wire){ .opens = 0 };
	flashing_begin(t, &f, &t->calm);
	snprintf(t->machine, sizeof(t->machine), "%s", f.first.id.machine);
	flashing_image(t);
	said = flashing_run(t, &f, &out, &e);
	if ((said == -1) != t->refused)
		run_broken(r, "%s: without a fault: %s", t->name,
		    said == 0 ? "ok" : e.msg);
	for (size_t i = 0; call_names[i] != NULL; i++)
		made[i] = calls_made(call_names[i]);
	t->calm_looks = f.looks;
	t->calm_opens = t->calm.opens;
	flash_release(&out);
	flashing_end(&f);
}

/* Each call of each name fails, in each way. */
static void
fail_calls(struct run *r, struct flash_test *t, const unsigned *made)
{
	static const int errors[] = { EIO, ENOSPC, EINTR, EACCES, EINVAL,
		EROFS, ENOENT, ENOMEM, EMFILE, CALL_SHORT };

	const size_t n = sizeof(errors) / sizeof(errors[0]);

	for (size_t i = 0; call_names[i] != NULL; i++)
		for (unsigned nth = 1; nth <= made[i]; nth++)
			for (size_t k = 0; k < n; k++)
				call_fails(r, t, call_names[i], nth,
				    errors[k]);
	for (unsigned nth = 1; nth <= made[0]; nth++) {
		call_fails(r, t, "open", nth, CALL_FIFO);
		call_fails(r, t, "open", nth, CALL_TAKEN);
	}
}

static void
swap_boards(struct run *r, struct flash_test *t)
{
	for (int s = SWAP_TWIN; s <= SWAP_EMPTY; s++) {
		for (unsigned n = 1; n <= t->calm_looks; n++)
			swap_at(r, t, (enum swap)s, n, 0);
		for (unsigned n = 1; n <= t->calm_opens; n++)
			swap_at(r, t, (enum swap)s, 0, n);
	}
}

static struct flash_test tests[] = {
	{ .name = "newer", .version = "1.22.2", .image_version = "v1.24.1" },
	{ .name = "the same again", .version = "1.24.1",
	  .image_version = "v1.24.1", .opts.busy = true },
	{ .name = "the image is not started", .version = "1.22.2",
	  .image_version = "v1.24.1", .stays = 1, .refused = true },
	{ .name = "says nothing of itself", .version = "1.22.2",
	  .image_version = NULL, .refused = true },
};

#define N_TESTS	(sizeof(tests) / sizeof(tests[0]))

void
test_flash(struct run *r)
{
	unsigned made[CALL_NAMES];

	for (struct flash_test *t = tests; t < tests + N_TESTS; t++) {
		learn(r, t, made);
		run_wire(r, &t->calm.spoiler, flash_with, t);
	}
}

void
test_swap(struct run *r)
{
	unsigned made[CALL_NAMES];

	for (struct flash_test *t = tests; t < tests + N_TESTS; t++) {
		learn(r, t, made);
		swap_boards(r, t);
	}
}

void
test_calls(struct run *r)
{
	unsigned made[CALL_NAMES];

	for (struct flash_test *t = tests; t < tests + N_TESTS; t++) {
		learn(r, t, made);
		fail_calls(r, t, made);
	}
}
