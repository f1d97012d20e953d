/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "dfu/dfu.h"
#include "dfu_bench.h"
#include "tap.h"

#define N		10000u		/* bytes: five blocks, the last short */

static struct err e;
static uint8_t want[N];

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
write_image(struct dfu *d)
{
	uint32_t no = 0;

	for (size_t at = 0; at < N; at += d->block, no++)
		if (dfu_write_block(d, no, want + at, N - at < d->block ?
		    N - at : d->block, &e) == -1)
			return -1;
	return 0;
}

static void
test_plain(void)
{
	struct sim_dfu_opts opts = { .layout = { "Arduino" },
		.vid = 0x2341, .pid = 0x0368, .write_ms = 3,
		.quirks = SIM_DFU_PLAIN };
	struct dfu d;
	struct dfu_bench b = plug(&d, &opts);
	size_t n;
	uint32_t addr;

	OK(begin(&d, &b, 0) == 0 && !d.dfuse && !d.memory[0].known);
	OK(write_image(&d) == 0 && dfu_manifest(&d, &e) == 0);
	OK(memcmp(sim_dfu_memory(b.sim, 0, &n), want, N) == 0 && n == N);
	dfu_restart(&d);
	OK(sim_dfu_started(b.sim, &addr));
	bench_end(&b);

	opts.quirks |= SIM_DFU_RESETS;
	opts.size = N;
	b = plug(&d, &opts);
	OK(begin(&d, &b, 0) == 0 && write_image(&d) == 0 &&
	    dfu_manifest(&d, &e) == 0 && d.state == DFU_WAIT_RESET);
	dfu_restart(&d);
	OK(sim_dfu_started(b.sim, &addr));
	bench_end(&b);

	opts.size = N - 1;
	b = plug(&d, &opts);
	OK(begin(&d, &b, 0) == 0 && write_image(&d) == -1 &&
	    e.code == ERR_MISMATCH);
	IS_STR(e.msg, "block 4: the device says errADDRESS");
	OK(dfu_manifest(&d, &e) == -1);
	bench_end(&b);
}

int
main(void)
{
	clock_fake(1000);
	for (size_t i = 0; i < N; i++)
		want[i] = (uint8_t)(i * 31 + i / 251);
	test_plain();
	return tap_done();
}
