/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "../tests/unit/dfu_world.h"
#include "../tests/unit/make_dfu.h"
#include "flash/driver.h"
#include "run.h"

/*
 * dfu: an image onto a board by DfuSe, whose cable is pulled at any request,
 * or which fails otherwise.  "ok" means that the flash holds the image and
 * was started; what is said of the board's state is true; and the next run,
 * over the same flash, succeeds.
 */

#define FLASH		0x08000000u
#define VECTORS		3000u		/* bytes */
#define TEXT_AT		0x20000u	/* from FLASH */
#define TEXT		20000u
#define PULLS		10000u
#define OTHERS		6000u
#define RUN_MS		600000		/* all waits of one run together */

static uint8_t vectors[VECTORS], text[TEXT];

/* Devices, and how many requests a run takes without a fault. */
static struct {
	unsigned	 quirks;
	long		 requests;
} devices[] = {
	{ SIM_DFU_STRICT, 0 },
	{ SIM_DFU_MBOOT, 0 },
	{ SIM_DFU_DIRECT | SIM_DFU_MUTE_LEAVE, 0 },
	{ SIM_DFU_SHORT_POLL | SIM_DFU_ASKED, 0 },
};

#define N_DEVICES	(sizeof(devices) / sizeof(devices[0]))

static void
make_image(void)
{
	static const struct make_element elements[] = {
		{ FLASH, vectors, VECTORS }, { FLASH + TEXT_AT, text, TEXT },
	};
	struct buf b = BUF_INIT;

	for (size_t i = 0; i < TEXT; i++)
		text[i] = (uint8_t)(i * 31 + i / 251);
	memcpy(text + 1000, SAYS PYBOARD, sizeof(SAYS PYBOARD));
	memset(vectors, 0x55, VECTORS);
	make_dfu(&b, 0, 0x0483, 0xdf11, elements, 2);
	keep_image(&b);
	buf_release(&b);
}

static bool
has_image(void)
{
	size_t n;
	const uint8_t *p = sim_dfu_memory(usb.sim, 0, &n);

	return memcmp(p, vectors, VECTORS) == 0 &&
	    memcmp(p + TEXT_AT, text, TEXT) == 0;
}

static int
flash_once(struct flash_outcome *out, struct err *e)
{
	const struct flash_job job = job_for("stm32", "PYBV11", "dfu");

	*e = (struct err)ERR_INIT;
	return flash_run(&job, flash_drivers, out, e);
}

static void
check_said(struct run *r, int said, const struct flash_outcome *out)
{
	const char *state = out->result.state != NULL ? out->result.state :
	    "untouched";
	uint32_t addr;
	const bool started = sim_dfu_started(usb.sim, &addr);

	if (said == 0 && !(has_image() && started && addr == FLASH &&
	    out->answered && strcmp(state, "running") == 0))
		run_broken(r, "ok, but the board does not run the image");
	if (strcmp(state, "running") == 0 && !started)
		run_broken(r, "it is said to run, and does not");
	if (strcmp(state, "bootloader") == 0 && sim_dfu_is_gone(usb.sim))
		run_broken(r, "it is said to be in its bootloader, and is "
		    "gone");
	if (strcmp(state, "untouched") == 0 &&
	    sim_dfu_counts(usb.sim)->erases > 0)
		run_broken(r, "it was erased, and nobody says so");
}

/* A fault at a request (or write, or erase); and the run after it. */
static void
flash_with(struct run *r, size_t device, enum sim_dfu_fault fault, long at)
{
	const struct sim_dfu_opts opts = { .quirks = devices[device].quirks,
		.erase_ms = 50, .write_ms = 2, .fault = fault,
		.fault_at = at };
	struct flash_outcome out;
	struct err e = ERR_INIT, again;
	int64_t begin;
	int said;

	if (!run_begin(r, "dfu, device %zu: fault %d at %ld", device,
	    (int)fault, at))
		return;
	plug(&opts);
	begin = clock_ms();
	said = flash_once(&out, &e);
	if (clock_ms() - begin > RUN_MS)
		run_broken(r, "it took %lld ms",
		    (long long)(clock_ms() - begin));
	check_said(r, said, &out);
	flash_release(&out);
	if (said == -1) {
		sim_dfu_replug(usb.sim);
		board.back_at = 0;
		if (flash_once(&out, &again) == -1)
			run_broken(r, "the next run fails: %s", again.msg);
		check_said(r, 0, &out);
		flash_release(&out);
	}
	run_end(r, said, &e);
}

/* How many requests it takes when all is well. */
static void
learn(struct run *r)
{
	struct flash_outcome out;
	struct err e;

	clock_fake(1);
	for (size_t i = 0; i < N_DEVICES; i++) {
		struct sim_dfu_opts opts = { .write_ms = 2 };

		opts.quirks = devices[i].quirks;
		plug(&opts);
		if (flash_once(&out, &e) == -1)
			run_broken(r, "without a fault: %s", e.msg);
		devices[i].requests = (long)sim_dfu_counts(usb.sim)->requests;
		flash_release(&out);
	}
}

void
test_dfu(struct run *r)
{
	static const enum sim_dfu_fault others[] = { SIM_DFU_STALL_REQUEST,
		SIM_DFU_DEAF, SIM_DFU_LOSE, SIM_DFU_FAIL_WRITE,
		SIM_DFU_WRONG_BITS, SIM_DFU_FAIL_ERASE };
	const size_t n = sizeof(others) / sizeof(others[0]);

	make_image();
	learn(r);
	for (unsigned i = 0; i < PULLS + OTHERS; i++) {
		const size_t device = run_random(r, N_DEVICES);
		const enum sim_dfu_fault fault = i < PULLS ? SIM_DFU_PULL :
		    others[run_random(r, (uint32_t)n)];
		const long at = (long)run_random(r,
		    (uint32_t)devices[device].requests);

		flash_with(r, device, fault, fault == SIM_DFU_FAIL_ERASE ?
		    at % 2 : fault == SIM_DFU_FAIL_WRITE ||
		    fault == SIM_DFU_WRONG_BITS ? at % 12 : at);
	}
	bench_end(&usb);
}
