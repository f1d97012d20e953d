/* SPDX-License-Identifier: MIT */
/* What becomes of the files on an RP2, by the tables of its firmware. */
#include "../tests/unit/flash_picoboot_bench.h"
#include "../tests/unit/make_binary_info.h"

static char files_sum[DIGEST_HEX];

/* Firmware with its file system from 640 KiB to the end of 2 MiB. */
static void
make_files_image(void)
{
	static uint8_t file[LARGE * MAKE_UF2_BLOCK], bytes[LARGE_SIZE];

	make_images();
	memcpy(bytes, payload, LARGE_SIZE);
	make_binary_info(bytes, "MicroPython", 0x100a0000, 0x160000);
	for (uint32_t i = 0; i < LARGE; i++)
		make_uf2(file + i * MAKE_UF2_BLOCK, MAKE_RP2040,
		    PICOROM_FLASH + i * 256, i, LARGE, bytes + i * 256, 256);
	put_file("files.uf2", file, sizeof(file), files_sum);
}

/* Files live where the image in the flash has its file system. */
static void
test_files(void)
{
	static const struct {
		uint32_t	 addr, size;	/* of it in the flash */
		bool		 blank;		/* and nothing in it */
		const char	*files, *why;	/* why NULL: it is flashed */
	} cases[] = {
		{ 0x100a0000, 0x160000, false, "kept", NULL },
		{ 0x100a0000, 0x100000, false, "lost", "the file system is at "
		    "0x100a0000 (1024 KB), and the image has it at 0x100a0000 "
		    "(1408 KB)" },
		{ 0x10020000, 0x100000, false, "lost", "the image goes to "
		    "0x10028000, and the file system begins at 0x10020000" },
		{ 0x100a0000, 0x100000, true, "kept", NULL },
	};
	struct flash_outcome out;
	char why[256];

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct flash_job job = begin_pico(false);
		uint8_t *p = pico.rom.flash + (cases[i].addr - PICOROM_FLASH);

		job.image.path = "files.uf2";
		job.image.sha256 = files_sum;
		make_binary_info(pico.rom.flash, "MicroPython", cases[i].addr,
		    cases[i].size);
		if (cases[i].blank)
			memset(p, 0xff, 8192);
		OK(flash_run(&job, table, &out, &e) == (cases[i].why == NULL ?
		    0 : -1));
		IS_STR(out.result.files, cases[i].files);
		if (cases[i].why != NULL) {
			snprintf(why, sizeof(why), ID ": picoboot: the files "
			    "on the board would be lost: %s", cases[i].why);
			IS_STR(e.msg, why);
			OK(pico.rom.erased == 0);
		}
		flash_release(&out);
		pending_drop(ID);
	}
}

/* What is no firmware with tables tells nothing; what is blank has no files. */
static void
test_unknown(void)
{
	for (int kind = 0; kind < 4; kind++) {
		struct flash_job job = begin_pico(false);
		struct flash_outcome out;

		job.image.path = "files.uf2";
		job.image.sha256 = files_sum;
		if (kind == 1)
			memset(pico.rom.flash, 0xff, 2 * MEGABYTE);
		if (kind == 2)
			job.board.storage_files = 0;
		if (kind == 3)		/* the device is another's */
			make_binary_info(pico.rom.flash, "Another", 0x100a0000,
			    0x100000);
		OK(flash_run(&job, table, &out, &e) == 0);
		IS_STR(out.result.files, kind == 1 || kind == 2 ? "kept" :
		    "unknown");
		flash_release(&out);
	}
}

/* The user may say so; and a dry run cannot look. */
static void
test_told(void)
{
	struct flash_job job = begin_pico(false);
	struct flash_outcome out;

	job.image.path = "files.uf2";
	job.image.sha256 = files_sum;
	job.lose_files = true;
	make_binary_info(pico.rom.flash, "MicroPython", 0x10080000, 0x180000);
	OK(flash_run(&job, table, &out, &e) == 0);
	IS_STR(out.result.files, "lost");
	flash_release(&out);
	job = begin_pico(false);
	job.dry_run = true;
	OK(flash_run(&job, table, &out, &e) == 0);
	IS_STR(out.result.files, "unknown");
	flash_release(&out);
}

int
main(void)
{
	bench_enter();
	make_files_image();
	test_files();
	test_unknown();
	test_told();
	pico_end();
	bench_leave();
	return tap_done();
}
