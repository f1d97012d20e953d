/* SPDX-License-Identifier: MIT */
#include <stdlib.h>

/* The bench counts for itself; here the oracles do. */
#define MPF_TAP_H
#define OK(cond)	((void)(cond))
#define IS_STR(a, b)	((void)(a), (void)(b))

#include "../tests/unit/flash_picoboot_bench.h"
#include "run.h"

/*
 * picoboot: an image onto an RP2 over PICOBOOT, whose cable is pulled at any
 * byte, or which fails otherwise.  "ok" means that the flash holds the image
 * and was started; nothing else is started; what is said of the board's state
 * is true; and the next run, over the same flash, succeeds.
 */

#define PULLS		10000u
#define OTHERS		6000u
#define RUN_MS		900000		/* all waits of one run together */

enum fault { PULL, STALL, MUTE, SLOW, FLIP, WORN, FAULTS };

/* What is in the flash before, and what a run takes without a fault. */
enum content { OTHER, BLANK, HALF, NEARLY, CONTENTS };

static struct {
	size_t		 moved;
	unsigned	 transfers;
} calm[2][CONTENTS];

static const uint8_t *
wanted(void)
{
	return pico.rom.rp2350 ? payload2 : payload;
}

static struct flash_job
begin_with(bool rp2350, enum content c)
{
	struct flash_job job = begin_pico(rp2350);
	uint8_t *flash = pico.rom.flash;

	clock_fake(1000000);
	job.progress = NULL;
	if (c == BLANK)
		memset(flash, 0xff, 2 * MEGABYTE);
	if (c == HALF)
		memcpy(flash, wanted(), LARGE_SIZE / 2);
	if (c == NEARLY) {
		memcpy(flash, wanted(), LARGE_SIZE);
		flash[3 * PICOROM_SECTOR] ^= 0x10;
	}
	return job;
}

/* The same board in its boot loader again, with what is in its flash. */
static struct flash_job
begin_again(const struct flash_job *first)
{
	pico_replug();
	pico.rom.worn = 0;
	fake_begin();
	board = begin_board();
	board.machine = first->board.description;
	return *first;
}

static bool
has_image(void)
{
	return memcmp(pico.rom.flash, wanted(), LARGE_SIZE) == 0;
}

static void
check_said(struct run *r, int said, const struct flash_outcome *out)
{
	const char *state = out->result.state != NULL ? out->result.state :
	    "untouched";

	if (said == 0 && !(has_image() && pico.rom.rebooting &&
	    out->answered && strcmp(state, "running") == 0))
		run_broken(r, "ok, but the board does not run the image");
	if (pico.rom.rebooting && !has_image())
		run_broken(r, "half an image was started");
	if (strcmp(state, "running") == 0 && !pico.rom.rebooting)
		run_broken(r, "it is said to run, and does not");
	if (strcmp(state, "bootloader") == 0 && pico.pulled)
		run_broken(r, "it is said to be in its bootloader, and is "
		    "gone");
	if (strcmp(state, "untouched") == 0 && pico.rom.erased > 0)
		run_broken(r, "it was erased, and nobody says so");
	if (pico.opened != pico.closed || pico.claimed != 0)
		run_broken(r, "the device was not let go");
}

static void
set_fault(enum fault fault, bool rp2350, enum content c, uint32_t at)
{
	const size_t byte = 1 + at % calm[rp2350][c].moved;
	const unsigned transfer = 1 + at % calm[rp2350][c].transfers;

	if (fault == PULL)
		pico.pull_at = byte;
	if (fault == STALL)
		pico.stall_at = transfer;
	if (fault == MUTE)
		pico.mute_at = transfer;
	if (fault == SLOW)
		pico.slow_ms = 1 + at % 4000;
	if (fault == FLIP)
		pico.flip_at = byte;
	if (fault == WORN)
		pico.rom.worn = at % LARGE * 256 + 32;
}

static void
flash_with(struct run *r, enum fault fault)
{
	const bool rp2350 = run_random(r, 2) == 1;
	const enum content c = (enum content)run_random(r, CONTENTS);
	const uint32_t at = run_random(r, UINT32_MAX);
	struct flash_outcome out;
	struct flash_job job, again;
	struct err why = ERR_INIT, later = ERR_INIT;
	int64_t start;
	int said;

	if (!run_begin(r, "picoboot, %s, flash %d: fault %d at %u",
	    rp2350 ? "RP2350" : "RP2040", (int)c, (int)fault, at))
		return;
	job = begin_with(rp2350, c);
	set_fault(fault, rp2350, c, at);
	start = clock_ms();
	said = flash_run(&job, table, &out, &why);
	if (clock_ms() - start > RUN_MS)
		run_broken(r, "it took %lld ms",
		    (long long)(clock_ms() - start));
	check_said(r, said, &out);
	flash_release(&out);
	pending_drop(ID);
	if (said == -1) {
		again = begin_again(&job);
		if (flash_run(&again, table, &out, &later) == -1)
			run_broken(r, "the next run fails: %s", later.msg);
		check_said(r, 0, &out);
		flash_release(&out);
		pending_drop(ID);
	}
	run_end(r, said, &why);
}

/* What it takes when all is well. */
static void
learn(struct run *r)
{
	struct flash_outcome out;
	struct flash_job job;
	struct err why;

	for (int chip = 0; chip < 2; chip++)
		for (int c = 0; c < CONTENTS; c++) {
			job = begin_with(chip == 1, (enum content)c);
			if (flash_run(&job, table, &out, &why) == -1)
				run_broken(r, "without a fault: %s",
				    why.msg);
			calm[chip][c].moved = pico.moved;
			calm[chip][c].transfers = pico.transfers;
			flash_release(&out);
		}
}

void
test_picoboot(struct run *r)
{
	make_images();
	rec = record_new();
	record_put_str(rec, "device.id", ID);
	learn(r);
	for (unsigned i = 0; i < PULLS; i++)
		flash_with(r, PULL);
	for (unsigned i = 0; i < OTHERS; i++)
		flash_with(r, (enum fault)(STALL + (int)run_random(r,
		    FAULTS - STALL)));
	pico_end();
	record_free(rec);
}
