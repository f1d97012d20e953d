/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "dfu/dfu.h"
#include "dfu_bench.h"
#include "tap.h"

#define FLASH		0x08000000u
#define N		10000u		/* bytes: five blocks, the last short */

static struct err e;
static uint8_t want[N], back[N];

/* A device that does what its options say, open and at rest. */
static struct dfu_bench
plug(struct dfu *d, const struct sim_dfu_opts *opts)
{
	struct dfu_bench b;

	bench_open(&b, opts);
	(void)d;
	return b;
}

static int
begin(struct dfu *d, struct dfu_bench *b, size_t alternate)
{
	e = (struct err)ERR_INIT;
	return dfu_open(d, &b->usb, &e) == 0 &&
	    dfu_select(d, alternate, &e) == 0 ? 0 : -1;
}

static int
erase_write_read(struct dfu *d, uint32_t addr)
{
	memset(back, 0, sizeof(back));
	if (dfuse_erase_page(d, addr, &e) == -1 ||
	    dfuse_write(d, addr, want, N, &e) == -1 ||
	    dfuse_read(d, addr, back, N, &e) == -1)
		return -1;
	return memcmp(want, back, N) == 0 ? 0 : -1;
}

/* One round over a device; the time that it took, or -1. */
static int64_t
round_over(const struct sim_dfu_opts *opts, uint32_t addr,
    struct sim_dfu_counts *counts)
{
	const int64_t from = clock_ms();
	struct dfu d;
	struct dfu_bench b = plug(&d, opts);
	size_t n;
	int r = begin(&d, &b, 0);

	if (r == 0)
		r = erase_write_read(&d, addr);
	/* Where it was meant to be, whatever was read back. */
	if (r == 0)
		r = memcmp(sim_dfu_memory(b.sim, 0, &n) + (addr - FLASH), want,
		    N) == 0 ? 0 : -1;
	*counts = *sim_dfu_counts(b.sim);
	bench_end(&b);
	return r == 0 ? clock_ms() - from : -1;
}

static void
test_open(void)
{
	const struct sim_dfu_opts opts = { .transfer = 1024 };
	struct dfu d;
	struct dfu_bench b = plug(&d, &opts);

	OK(begin(&d, &b, 0) == 0 && b.claims == 1);
	OK(d.dfuse && d.interface.n == 4 && d.block == 1024 && !d.careful);
	OK(d.memory[0].known && d.memory[0].layout.n == 3);
	IS_STR(d.memory[1].layout.name, "Option Bytes");
	OK(d.state == DFU_IDLE);
	b.busy = true;
	OK(dfu_select(&d, 1, &e) == -1 && e.code == ERR_BUSY);
	bench_end(&b);
}

static void
test_round(void)
{
	struct sim_dfu_opts opts = { .erase_ms = 300, .write_ms = 5,
		.quirks = SIM_DFU_STRICT };
	struct sim_dfu_counts c;
	int64_t ms = round_over(&opts, FLASH + 0x4000, &c);

	OK(ms >= 300 + 5 * 5 && ms < 600);
	OK(c.early == 0 && c.dirty == 0 && c.erases == 1 && c.writes == 5);
	/* The address is set once to write and once to read. */
	OK(c.requests < 50);
	opts.transfer = 256;
	OK(round_over(&opts, FLASH, &c) > 0 && c.writes == 40);
	/* No block is larger than what the system takes at once. */
	opts.transfer = 8192;
	OK(round_over(&opts, FLASH, &c) > 0 && c.writes == 3);
}

/* Each device as it is in the wild comes to the same. */
static void
test_quirks(void)
{
	static const unsigned quirks[] = { SIM_DFU_MBOOT, SIM_DFU_DIRECT,
		SIM_DFU_SHORT_POLL, SIM_DFU_ASKED, SIM_DFU_MUTE_LEAVE };
	struct sim_dfu_counts c;

	for (size_t i = 0; i < sizeof(quirks) / sizeof(quirks[0]); i++) {
		const struct sim_dfu_opts opts = { .erase_ms = 300,
			.write_ms = 5, .quirks = quirks[i] };

		OK(round_over(&opts, FLASH, &c) > 0 && c.early == 0);
	}
}

/* A device that knows no block numbers is written block by block. */
static void
test_careful(void)
{
	const struct sim_dfu_opts opts = { .quirks = SIM_DFU_ONE_BLOCK };
	struct sim_dfu_counts c;
	struct dfu d;
	struct dfu_bench b = plug(&d, &opts);

	OK(round_over(&opts, FLASH, &c) == -1 && c.dirty > 0);
	OK(begin(&d, &b, 0) == 0);
	d.careful = true;
	OK(erase_write_read(&d, FLASH) == 0);
	bench_end(&b);
}

/* What was written to the wrong places is not taken for right. */
static void
test_stride(void)
{
	struct sim_dfu_opts opts = { .stride = 4096 };
	struct sim_dfu_counts c;
	struct dfu d;
	struct dfu_bench b = plug(&d, &opts);
	size_t n;

	OK(begin(&d, &b, 0) == 0 && erase_write_read(&d, FLASH) == -1);
	d.careful = true;
	OK(erase_write_read(&d, FLASH) == 0 &&
	    memcmp(sim_dfu_memory(b.sim, 0, &n), want, N) == 0);
	bench_end(&b);
	/* It does not say how large its blocks are. */
	opts = (struct sim_dfu_opts){ .quirks = SIM_DFU_ASKED,
		.fault = SIM_DFU_STALL_REQUEST, .fault_at = 0 };
	OK(round_over(&opts, FLASH, &c) > 0 && c.writes == 10);
}

/* An STM32H743 that has erased beyond 1 MiB. */
static void
test_stuck_erase(void)
{
	struct sim_dfu_opts opts = { .erase_ms = 500,
		.layout = { "@Internal Flash   /0x08000000/16*128Kg" },
		.quirks = SIM_DFU_STUCK_ERASE };
	struct sim_dfu_counts c;
	int64_t ms;

	OK(round_over(&opts, FLASH, &c) > 0);
	ms = round_over(&opts, FLASH + 0x100000, &c);
	OK(ms > 10000 && ms < 13000 && c.erases == 1);
}

static void
test_mass_erase(void)
{
	struct sim_dfu_opts opts = { .mass_ms = 8000 };
	struct dfu d;
	struct dfu_bench b = plug(&d, &opts);
	int64_t from = clock_ms();
	size_t n;

	OK(begin(&d, &b, 0) == 0);
	sim_dfu_memory(b.sim, 0, &n)[0] = 0;
	OK(dfuse_erase_all(&d, &e) == 0 &&
	    sim_dfu_memory(b.sim, 0, &n)[0] == 0xff);
	OK(clock_ms() - from < 9000 && sim_dfu_counts(b.sim)->early == 0);
	bench_end(&b);

	/* An STM32F405: 100 ms, it says. */
	opts.quirks = SIM_DFU_LONG_MASS;
	b = plug(&d, &opts);
	from = clock_ms();
	OK(begin(&d, &b, 0) == 0 && dfuse_erase_all(&d, &e) == 0);
	OK(clock_ms() - from > 32000 && sim_dfu_counts(b.sim)->early == 0);
	bench_end(&b);
}

static void
test_never_done(void)
{
	struct sim_dfu_opts opts = { .erase_ms = 3600000,
		.quirks = SIM_DFU_ZERO_POLL };
	struct dfu d;
	struct dfu_bench b = plug(&d, &opts);
	int64_t from = clock_ms();

	OK(begin(&d, &b, 0) == 0);
	OK(dfuse_write(&d, FLASH, want, 16, &e) == 0);
	OK(dfuse_erase_page(&d, FLASH, &e) == -1 && e.code == ERR_TIMEOUT);
	IS_STR(e.msg, "erase 0x08000000: the device stays busy");
	OK(clock_ms() - from < 10000);
	bench_end(&b);
	opts.quirks = 0;
	b = plug(&d, &opts);
	OK(begin(&d, &b, 0) == 0);
	OK(dfuse_erase_page(&d, FLASH, &e) == -1 && e.code == ERR_TIMEOUT);
	bench_end(&b);
}

static void
test_refused(void)
{
	const struct sim_dfu_opts opts = { .erase_ms = 1 };
	struct dfu d;
	struct dfu_bench b = plug(&d, &opts);

	OK(begin(&d, &b, 0) == 0);
	OK(dfuse_erase_page(&d, 0x20000000, &e) == -1 &&
	    e.code == ERR_MISMATCH);
	IS_STR(e.msg, "erase 0x20000000: the device says errTARGET");
	/* The next request works again. */
	OK(erase_write_read(&d, FLASH) == 0);
	OK(dfuse_read(&d, FLASH + 0xff000, back, 8192, &e) == -1 &&
	    e.code == ERR_PROTOCOL);
	OK(erase_write_read(&d, FLASH) == 0);
	bench_end(&b);
}

static void
test_protected(void)
{
	const struct sim_dfu_opts opts = { .quirks = SIM_DFU_PROTECTED };
	struct dfu d;
	struct dfu_bench b = plug(&d, &opts);

	OK(begin(&d, &b, 0) == 0);
	OK(dfuse_read(&d, FLASH, back, 64, &e) == -1 &&
	    e.code == ERR_UNSUPPORTED);
	IS_STR(e.msg, "address 0x08000000: read protection is on");
	OK(e.hint[0] != '\0');
	OK(dfuse_erase_page(&d, FLASH, &e) == -1 &&
	    e.code == ERR_UNSUPPORTED);
	bench_end(&b);
}

/* What an earlier program left behind: an error, half a write, an erase. */
static void
test_recovery(void)
{
	const struct sim_dfu_opts opts = { .erase_ms = 900 };
	static const uint8_t page[] = { 0x41, 0, 0, 0, 8 };
	uint8_t b6[6];
	struct dfu d;
	struct dfu_bench b = plug(&d, &opts);

	sim_dfu_control(b.sim, 0x21, 99, 0, b6, 0, clock_ms());
	OK(begin(&d, &b, 0) == 0);
	memcpy(b6, page, 5);
	sim_dfu_control(b.sim, 0x21, 1, 0, b6, 5, clock_ms());
	OK(begin(&d, &b, 0) == 0);
	memcpy(b6, page, 5);
	sim_dfu_control(b.sim, 0x21, 1, 0, b6, 5, clock_ms());
	sim_dfu_control(b.sim, 0xa1, 3, 0, b6, 6, clock_ms());
	OK(b6[4] == DFU_DNBUSY);
	OK(begin(&d, &b, 0) == 0 && erase_write_read(&d, FLASH) == 0);
	bench_end(&b);
}

static void
test_leave(void)
{
	struct sim_dfu_opts opts = { .erase_ms = 0 };
	struct dfu d;
	struct dfu_bench b = plug(&d, &opts);
	uint32_t addr = 0;

	OK(begin(&d, &b, 0) == 0 && erase_write_read(&d, FLASH + 0x20000) == 0);
	OK(dfuse_leave(&d, FLASH, &e) == 0);
	OK(sim_dfu_started(b.sim, &addr) && addr == FLASH);
	bench_end(&b);
	opts.quirks = SIM_DFU_MUTE_LEAVE;
	b = plug(&d, &opts);
	OK(begin(&d, &b, 0) == 0 && dfuse_leave(&d, FLASH, &e) == 0);
	OK(sim_dfu_started(b.sim, &addr));
	OK(dfuse_read(&d, FLASH, back, 1, &e) == -1 &&
	    e.code == ERR_NOT_FOUND);
	bench_end(&b);
}

/* A fault at each request: an error, or all is as it should be. */
static void
test_faults(void)
{
	static const enum sim_dfu_fault faults[] = { SIM_DFU_PULL,
		SIM_DFU_STALL_REQUEST, SIM_DFU_DEAF, SIM_DFU_LOSE };
	unsigned wrong = 0, failed = 0, done = 0;

	for (size_t i = 0; i < sizeof(faults) / sizeof(faults[0]); i++)
		for (long at = 0; at < 70; at++) {
			const struct sim_dfu_opts opts = { .erase_ms = 20,
				.write_ms = 2, .fault = faults[i],
				.fault_at = at, .quirks = SIM_DFU_STRICT };
			struct dfu d;
			struct dfu_bench b = plug(&d, &opts);
			int r = begin(&d, &b, 0);

			if (r == 0)
				r = erase_write_read(&d, FLASH);
			wrong += r == -1 && e.code == ERR_NONE;
			/* What is not gone or deaf works the second time. */
			if (r == -1 && faults[i] != SIM_DFU_PULL &&
			    faults[i] != SIM_DFU_DEAF && (begin(&d, &b,
			    0) == -1 || erase_write_read(&d, FLASH) == -1))
				wrong++;
			*(r == 0 ? &done : &failed) += 1;
			bench_end(&b);
		}
	OK(wrong == 0);
	OK(failed > 100 && done > 50);
}

static void
test_names(void)
{
	char buf[DFU_CODE_TEXT];

	IS_STR(dfu_code_name(11, buf), "errVENDOR");
	IS_STR(dfu_code_name(99, buf), "status 99");
}

int
main(void)
{
	clock_fake(1000);
	for (size_t i = 0; i < N; i++)
		want[i] = (uint8_t)(i * 31 + i / 251);
	test_open();
	test_round();
	test_quirks();
	test_careful();
	test_stride();
	test_stuck_erase();
	test_mass_erase();
	test_never_done();
	test_refused();
	test_protected();
	test_recovery();
	test_leave();
	test_faults();
	test_names();
	return tap_done();
}
