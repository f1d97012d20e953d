/* SPDX-License-Identifier: MIT */
/* Does a board that is written by DFU keep the user's files? */
#include "../tests/unit/dfu_flash_bench.h"
#include "../tests/unit/make_dfu.h"
#include "chips/stm32.h"
#include "image/image.h"

#define FLASH		0x08000000u
#define FILES		(FLASH + 0x4000u)	/* of a PYBv1.1 */
#define TEXT_AT		(FLASH + 0x20000u)

extern const struct flash_driver flash_dfu, flash_dfu_plain;

static uint8_t bytes[0x30000];
/* As MicroPython has it: vectors and text, the files between them. */
static const struct make_element around[] = {
	{ FLASH, bytes, 0x3f00 }, { TEXT_AT, bytes, 0x8000 },
};
/* The same as one piece, as of a .bin. */
static const struct make_element through[] = {
	{ FLASH, bytes, 0x28000 },
};
/* The last page is shared with the files: 16 KB are erased at once. */
static const struct make_element beside[] = {
	{ FLASH, bytes, 0x100 }, { TEXT_AT - 0x20, bytes, 0x8000 },
};

static struct flash_job
pyboard(const struct make_element *v, size_t n)
{
	struct buf b = BUF_INIT;

	make_hex(&b, v, n);
	keep_image(&b);
	buf_release(&b);
	return job_for("stm32", "PYBV11", "hex");
}

/* Something, or nothing, where the files are. */
static void
plug_with(uint8_t what)
{
	static const struct sim_dfu_opts rom = { .quirks = SIM_DFU_STRICT };
	size_t n;
	uint8_t *p;

	plug(&rom);
	p = sim_dfu_memory(usb.sim, 0, &n);
	memset(p, what, n);
}

static void
test_flash(void)
{
	struct flash_job job = pyboard(around, 2);
	struct flash_outcome out;

	plug_with(1);
	OK(flash(&job, &out) == ERR_NONE);
	IS_STR(out.result.files, "kept");
	flash_release(&out);

	job = pyboard(through, 1);
	plug_with(1);
	refused(&job, ERR_MISMATCH, "the files on the board would be lost: the "
	    "image goes from 0x8000000 to 0x8028000, and the file system "
	    "begins at 0x8004000");
	OK(strstr(e.hint, "--lose-files") != NULL);
	job.lose_files = true;
	OK(flash(&job, &out) == ERR_NONE);
	IS_STR(out.result.files, "lost");
	flash_release(&out);

	/* A page of the files is erased for a few bytes of the image. */
	job = pyboard(beside, 2);
	plug_with(1);
	refused(&job, ERR_MISMATCH, "the files on the board would be lost");

	/* What was never written is no loss. */
	job = pyboard(through, 1);
	plug_with(0xff);
	OK(flash(&job, &out) == ERR_NONE);
	IS_STR(out.result.files, "kept");
	flash_release(&out);
}

/* At plan time: a board that runs has files; a device may be blank. */
static const char *
planned(struct flash_job *job)
{
	static char files[16];
	struct flash_outcome out;

	job->dry_run = true;
	if (flash(job, &out) != ERR_NONE)
		return e.msg;
	snprintf(files, sizeof(files), "%s", out.result.files);
	flash_release(&out);
	return files;
}

static void
test_plan(void)
{
	struct flash_job job = pyboard(around, 2);

	plug_with(1);
	IS_STR(planned(&job), "kept");
	job.firmware.custom = 1;
	IS_STR(planned(&job), "unknown");
	job = pyboard(through, 1);
	IS_STR(planned(&job), "unknown");
	job = pyboard(around, 2);
	job.firmware.board_id = "PYBV12";
	IS_STR(planned(&job), "unknown");
	job.firmware.board_id = "PYBV11";
	job.board.board_id = "PYBLITEV10";
	job.force = true;
	IS_STR(planned(&job), "unknown");
}

/* --- the table --- */

static const char *
fate_of(const char *board_id, const struct make_element *v, size_t n)
{
	static const char *const names[] = { "unknown", "kept", "lost" };
	struct flash_files out = { .fate = FLASH_FILES_UNKNOWN };
	struct flash_job job = job_for("stm32", board_id, "hex");
	struct buf b = BUF_INIT;
	struct image_source image;
	int r;

	make_hex(&b, v, n);
	job.data = (const uint8_t *)b.data;
	job.size = b.len;
	job.device.mode = "repl";
	image = (struct image_source)IMAGE_MEMORY(job.data, job.size);
	r = image_inspect(&image, &job.facts, &e);
	if (r == 0)
		r = flash_dfu.files(&job, NULL, &out, &e);
	buf_release(&b);
	return r == 0 ? names[out.fate] : e.msg;
}

/* Around all of its ranges nothing is lost, and a byte in each is too much. */
static void
check_board(const char *board_id, const struct stm32_storage *at)
{
	const struct make_element clear[] = {
		{ FLASH, bytes, 0x3f00 },
		{ at[0].addr + at[0].bytes, bytes, 16 },
	};
	const bool apart = at[0].addr + at[0].bytes != at[1].addr;

	IS_STR(fate_of(board_id, clear, apart ? 2 : 1), "kept");
	for (size_t i = 0; i < STM32_STORAGES && at[i].bytes > 0; i++) {
		const struct make_element in[] = {
			{ FLASH, bytes, 64 },
			{ at[i].addr + at[i].bytes - 1, bytes, 1 },
		};

		IS_STR(fate_of(board_id, in, 2), "lost");
	}
}

static void
test_table(void)
{
	const struct stm32_storage *at;
	const char *boards;
	char name[64];

	for (unsigned i = 0; stm32_storage_row(i, &boards, &at); i++)
		while (*(boards += strspn(boards, " ")) != '\0') {
			const size_t n = strcspn(boards, " ");

			snprintf(name, sizeof(name), "%.*s", (int)n, boards);
			boards += n;
			OK(stm32_storage(name) == at);
			check_board(name, at);
		}
	OK(stm32_storage("PYBV1") == NULL && stm32_storage("") == NULL &&
	    stm32_storage(" ") == NULL && stm32_storage(NULL) == NULL);
	IS_STR(fate_of("VCC_GND_F407VE", around, 2), "unknown");
}

/* A pyboard D: code in a chip of its own, files in a second one. */
static void
test_external(void)
{
	const struct make_element code[] = {
		{ FLASH + 0x8000, bytes, 0x1000 },
		{ 0x90000000, bytes, 0x1000 },
	};
	const struct make_element chip[] = {
		{ FLASH + 0x8000, bytes, 0x1000 },
		{ 0x80000000, bytes, 0x1000 },
	};

	IS_STR(fate_of("PYBD_SF2", code, 2), "kept");
	IS_STR(fate_of("PYBD_SF2", chip, 2), "lost");
	IS_STR(fate_of("LEGO_HUB_NO6", code, 2), "lost");
}

static void
test_plain(void)
{
	struct flash_files out = { .fate = FLASH_FILES_UNKNOWN };
	const struct flash_job job = job_for("esp32", "ARDUINO_NANO_ESP32",
	    "bin");

	OK(flash_dfu_plain.files(&job, NULL, &out, &e) == 0);
	OK(out.fate == FLASH_FILES_KEPT);
}

int
main(void)
{
	static const char runs[] = SAYS PYBOARD;

	bench_enter();
	for (size_t i = 0; i < sizeof(bytes); i++)
		bytes[i] = (uint8_t)(i * 31 + i / 251);
	memcpy(bytes + 0x400, runs, sizeof(runs));
	test_flash();
	test_plan();
	test_table();
	test_external();
	test_plain();
	bench_leave();
	return tap_done();
}
