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

/* What is no board that answers, and was not chosen by a person. */
static void
test_device(void)
{
	static const char *const modes[] = { "silent", "foreign", "ignored" };
	struct flash_job job;

	for (size_t i = 0; i < 3; i++) {
		job = begin();
		job.device.mode = modes[i];
		OK(check_device(&job, &e) == -1 && e.code == ERR_UNSUPPORTED);
		job.device.named = true;
		OK(check_device(&job, &e) == -1);
		job.firmware.by = "manual";
		OK(check_device(&job, &e) == 0);
		job.device.named = false;
		OK(check_device(&job, &e) == -1);
		/* A blank chip has nothing to lose, but for a wish. */
		job.chip.mac = "24:0a:c4:00:00:01";
		job.chip.blank = 1;
		OK(check_device(&job, &e) == (i == 2 ? -1 : 0));
		job.chip.blank = 0;
		OK(check_device(&job, &e) == -1);
	}
	job = begin();
	job.board.port = NULL;		/* a REPL tells later which it is */
	OK(check_device(&job, &e) == 0);
	job.device.mode = "uf2";
	OK(check_device(&job, &e) == -1 && e.code == ERR_AMBIGUOUS);
	IS_STR(e.hint, "say so with mpf-resolve --board");
	job.board.port = "rp2";
	OK(check_device(&job, &e) == 0);
	job.board.port = NULL;
	job.firmware.by = "manual";
	OK(check_device(&job, &e) == 0);
}

/* Bytes without blocks are for the chip that was told, and no other. */
static void
test_plain_bytes(void)
{
	struct flash_target t = { .name = "L", .n_regions = 1,
		.region = { { FAKE_ADDR, FAKE_ADDR + 4096, 4096 } } };
	struct image_segments l = IMAGE_SEGMENTS_INIT;
	struct result res = RESULT_INIT;
	struct flash_job job = begin();

	snprintf(t.chip, sizeof(t.chip), "stm32f4");
	job.facts.format = "bin";
	job.facts.addr = FAKE_ADDR;
	job.firmware.flash_offset = FAKE_ADDR;
	job.data = payload;
	job.size = 256;
	job.image.path = "x.bin";
	job.facts.chip = "stm32f4";
	e = (struct err)ERR_INIT;
	OK(check_target(&job, &t, &l, &res, &e) == 0);
	IS_STR(e.msg, "");
	image_segments_release(&l);
	job.facts.chip = "stm32f7";
	OK(check_target(&job, &t, &l, &res, &e) == -1);
	IS_STR(e.msg, "x.bin: for stm32f7, but the bootloader is L");
	image_segments_release(&l);
	job.facts.chip = NULL;
	OK(check_target(&job, &t, &l, &res, &e) == -1);
	IS_STR(e.msg, "x.bin: names no chip, and the bootloader is L");
	image_segments_release(&l);
}

static void
test_names(void)
{
	for (size_t i = 0; flash_drivers[i] != NULL; i++)
		OK(flash_check_names(flash_drivers[i]->name, NULL,
		    flash_drivers, &e) == 0);
	for (size_t i = 0; boot_methods[i] != NULL; i++)
		OK(flash_check_names(NULL, boot_methods[i]->name,
		    flash_drivers, &e) == 0);
	OK(flash_check_names("nail", "mpy", flash_drivers, &e) == -1);
	IS_STR(e.msg, "--method nail: no such method");
	OK(e.code == ERR_USAGE && strstr(e.hint, "uf2, ") != NULL);
	OK(flash_check_names("uf2", "nail", flash_drivers, &e) == -1);
	OK(strstr(e.msg, "--bootloader nail: ") != NULL);
	OK(flash_check_names(NULL, NULL, flash_drivers, &e) == 0);
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
	test_device();
	test_plain_bytes();
	test_names();
	test_list();
	bench_leave();
	return tap_done();
}
