/* SPDX-License-Identifier: MIT */
#ifndef MPF_TEST_ESP_BENCH_H
#define MPF_TEST_ESP_BENCH_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "esp/loader.h"
#include "link/ops.h"
#include "sim/esp.h"

/*
 * esp_bench: a link to a simulated ESP chip in the same process, by the test's
 * clock: nothing waits.
 */

struct esp_bench {
	struct link	 link;
	struct sim_esp	*chip;
	unsigned	 baud;
	bool		 no_lines;	/* DTR and RTS lead nowhere */
	char		 moves[40];	/* DTR and RTS, "00 11 01 " */
	size_t		 sent;		/* bytes, to the chip */
	int64_t		 now;		/* ms */
};

static struct esp_bench *
bench_of(struct link *l)
{
	return (struct esp_bench *)(void *)l;
}

static void
bench_wait(struct esp_bench *b, int64_t until)
{
	b->now = until;
	clock_fake(b->now);
	sim_esp_turn(b->chip, b->now * 1000);
}

static int
bench_read(struct link *l, void *p, size_t max, int64_t deadline, size_t *got,
    struct err *e)
{
	struct esp_bench *b = bench_of(l);
	struct buf *out = sim_esp_out(b->chip);

	b->now = clock_ms();
	sim_esp_turn(b->chip, b->now * 1000);
	while (out->len == 0) {
		const int64_t due = sim_esp_due(b->chip);

		if (b->now >= deadline)
			return err_set(e, ERR_TIMEOUT, "sim: no answer");
		bench_wait(b, due == INT64_MAX || due / 1000 + 1 > deadline ?
		    deadline : due / 1000 + 1);
	}
	*got = out->len < max ? out->len : max;
	memcpy(p, out->data, *got);
	if (b->baud != sim_esp_rate(b->chip))
		memset(p, 0x55, *got);	/* noise */
	buf_drop(out, *got);
	return 0;
}

static int
bench_write(struct link *l, const void *p, size_t n, int64_t deadline,
    struct err *e)
{
	struct esp_bench *b = bench_of(l);

	(void)deadline;
	(void)e;
	b->sent += n;
	sim_esp_input(b->chip, p, n, b->baud, clock_ms() * 1000);
	return 0;
}

static int
bench_baud(struct link *l, unsigned baud, struct err *e)
{
	(void)e;
	bench_of(l)->baud = baud;
	return 0;
}

static int
bench_lines(struct link *l, bool dtr, bool rts, struct err *e)
{
	struct esp_bench *b = bench_of(l);

	(void)e;
	if (strlen(b->moves) + 4 <= sizeof(b->moves))
		snprintf(b->moves + strlen(b->moves), 4, "%d%d ", dtr, rts);
	if (!b->no_lines)
		sim_esp_lines(b->chip, dtr, rts, clock_ms() * 1000);
	return 0;
}

static void
bench_flush(struct link *l)
{
	buf_clear(sim_esp_out(bench_of(l)->chip));
}

static void
bench_close(struct link *l)
{
	sim_esp_free(bench_of(l)->chip);
	free(bench_of(l));
}

static const struct link_ops bench_ops = {
	.read = bench_read, .write = bench_write, .baud = bench_baud,
	.lines = bench_lines, .flush = bench_flush, .close = bench_close,
};

/* A chip that runs what is in its flash, or hangs without; link_close frees. */
static struct esp_bench *
esp_bench_new(const struct sim_esp_opts *opts)
{
	struct esp_bench *b = mem_alloc(sizeof(*b));

	b->link.ops = &bench_ops;
	b->link.name = mem_str("sim");
	b->chip = sim_esp_new(opts);
	b->now = 1000;
	clock_fake(b->now);
	sim_esp_reset(b->chip, false, b->now * 1000);
	return b;
}

/* Connects, and asks what it is. */
static inline int
open_loader(struct esp_bench *b, struct esp_loader **l, struct esp_target *t,
    struct err *e)
{
	const struct esp_connect_opts opts = {
		.port = ESP_BRIDGE, .deadline = clock_ms() + 60000,
	};

	if (esp_connect(&b->link, &opts, l, e) == -1)
		return -1;
	return esp_identify(*l, t, e);
}

#endif
