/* SPDX-License-Identifier: MIT */
/* Functions of lib/flash by themselves. */
#include "../tests/unit/large_bench.h"
#include "flash/compare.h"
#include "flash/impl.h"
#include "flash/load.h"

/* Chunks without a gap: full to the end, and from the beginning. */
static void
test_run(void)
{
	struct flash_chunk c[] = {
		{ .addr = 0, .len = 100, .from = 10, .to = 100 },
		{ .addr = 100, .len = 50, .from = 0, .to = 50 },
		{ .addr = 150, .len = 50, .from = 0, .to = 20 },
	};
	struct flash_plan plan = { .v = c, .n = 3 };

	OK(plan_run_end(&plan, 0) == 3 && plan_run_end(&plan, 2) == 3);
	c[0].to = 99;
	OK(plan_run_end(&plan, 0) == 1 && plan_run_end(&plan, 1) == 3);
	c[0].to = 100;
	c[1].from = 1;
	OK(plan_run_end(&plan, 0) == 1);
	c[1].from = 0;
	c[2].addr = 151;
	OK(plan_run_end(&plan, 0) == 2);
}

static int packs[2];

static int
pack_half(const void *p, size_t n, struct buf *out, struct err *err)
{
	(void)err;
	packs[0]++;
	return buf_add(out, p, n / 2);
}

static int
pack_third(const void *p, size_t n, struct buf *out, struct err *err)
{
	(void)err;
	packs[1]++;
	return buf_add(out, p, n / 3);
}

/* The first chunk for itself, then pieces; anew where anything differs. */
static void
test_pack(void)
{
	static const struct flash_packing half = { "half", NULL, pack_half };
	static const struct flash_packing third = { "third", NULL,
		pack_third };
	struct flash_image *image = NULL;

	OK(image_load("large.uf2", &image, &e) == 0);
	OK(image_pack(image, &half, 0, 2 * CHUNK, &e) == 0 && packs[0] == 2);
	OK(image_packed(image, FAKE_ADDR, CHUNK) != NULL);
	OK(image_packed(image, FAKE_ADDR + CHUNK, LARGE_SIZE - CHUNK) != NULL);
	OK(image_packed(image, FAKE_ADDR, 2 * CHUNK) == NULL);
	OK(image_pack(image, &half, 0, 2 * CHUNK, &e) == 0 && packs[0] == 2);
	OK(image_pack(image, &third, 0, 2 * CHUNK, &e) == 0 && packs[1] == 2);
	OK(image_pack(image, &third, 0, CHUNK, &e) == 0 && packs[1] == 5);
	OK(image_pack(image, &third, 4096, CHUNK, &e) == 0 && packs[1] == 8);
	image_free(image);
}

static void
test_chip(void)
{
	struct flash_job job = begin();

	IS_STR(board_chip(&job.board), "rp2040");
	job.board.mcu = "RP2350";	/* older than what it says itself */
	IS_STR(board_chip(&job.board), "rp2040");
	job.board.description = NULL;
	IS_STR(board_chip(&job.board), "rp2350");
	job.board.mcu = NULL;
	OK(board_chip(&job.board) == NULL);
}

static void
test_list(void)
{
	struct buf b = BUF_INIT;

	OK(flash_list(&b, &e) == 0);
	OK(strstr(b.data, "Methods:\n") != NULL);
	OK(strstr(b.data, "\n  uf2        ") != NULL);
	OK(strstr(b.data, "\n  touch1200  ") != NULL);
	OK(strstr(b.data, "\n  mimxrt      TEENSY41                   ") !=
	    NULL);
	buf_release(&b);
}

int
main(void)
{
	bench_enter();
	make_large();
	test_run();
	test_pack();
	test_chip();
	test_list();
	bench_leave();
	return tap_done();
}
