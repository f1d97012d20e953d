/* SPDX-License-Identifier: MIT */
/* Does the image fit? */
#include "../tests/unit/make_uf2.h"
#include "../tests/unit/tap.h"
#include "../tests/unit/tmp.h"
#include "base/digest.h"
#include "base/file.h"
#include "flash/load.h"
#include "flash/impl.h"

static struct err e;
static uint8_t block[MAKE_UF2_BLOCK];

static struct flash_job
pico(void)
{
	struct flash_job job = {
		.device = DEVICE_INIT, .board = BOARD_INIT,
		.firmware = FIRMWARE_INIT, .image = IMAGE_INIT,
	};

	job.image.path = "x.uf2";
	job.image.format = "uf2";
	job.facts.format = "uf2";
	job.facts.chip = "rp2040";
	snprintf(job.facts.strings.machine, sizeof(job.facts.strings.machine),
	    "Raspberry Pi Pico with RP2040");
	snprintf(job.facts.strings.tag, sizeof(job.facts.strings.tag),
	    "v1.24.1");
	make_uf2(block, MAKE_RP2040, 0x10000000, 0, 1, "x", 1);
	job.data = block;
	job.size = sizeof(block);
	job.board.port = "rp2";
	job.board.description = "Raspberry Pi Pico with RP2040";
	return job;
}

static void
fits(const struct flash_job *job)
{
	struct result res = RESULT_INIT;

	OK(check_image(job, &res, &e) == 0);
	OK(res.forced[0] == NULL);
}

/* It does not fit, for this one reason; with --force that is listed. */
static void
unfit(struct flash_job job, const char *check, const char *msg)
{
	struct result res = RESULT_INIT;

	e = (struct err)ERR_INIT;
	OK(check_image(&job, &res, &e) == -1);
	OK(e.code == ERR_MISMATCH);
	IS_STR(e.msg, msg);
	IS_STR(e.hint, "--force overrides this check");
	job.force = true;
	e = (struct err)ERR_INIT;
	OK(check_image(&job, &res, &e) == 0 && e.code == ERR_NONE);
	IS_STR(res.forced[0] == NULL ? "(none)" : res.forced[0], check);
	OK(res.forced[1] == NULL);
}

static void
test_format(void)
{
	struct flash_job job = pico();

	fits(&job);
	job.image.format = "bin";
	unfit(job, "format", "x.uf2: holds uf2, not bin");
}

/* Who knows where such blocks are written to? */
static void
test_family(void)
{
	static const struct {
		uint32_t	 id;
		const char	*name;
	} families[] = {
		{ 0xe48bff57, "RP2 absolute" }, { 0xe48bff58, "RP2 data" },
		{ 0xe48bff55, "CYW43 firmware" }, { 0x12345678, "unknown" },
	};
	struct flash_job job = pico();
	uint8_t file[2 * MAKE_UF2_BLOCK];
	char msg[100];

	make_uf2(file, MAKE_RP2040, 0x10000000, 0, 1, "x", 1);
	job.data = file;
	job.size = sizeof(file);
	for (size_t i = 0; i < 4; i++) {
		make_uf2(file + MAKE_UF2_BLOCK, families[i].id, 0x10000000, 0,
		    1, "x", 1);
		snprintf(msg, sizeof(msg), "x.uf2: holds blocks of the UF2 "
		    "family 0x%08x (%s), which is not a chip's",
		    families[i].id, families[i].name);
		unfit(job, "family", msg);
	}
	make_uf2(file + MAKE_UF2_BLOCK, 0xe48bff59, 0x10000000, 0, 1, "x", 1);
	fits(&job);		/* for two chips, and both are known */
}

static void
test_chip(void)
{
	struct flash_job job = pico();

	job.facts.chip = NULL;
	fits(&job);
	job.facts.chip = "rp2350";
	unfit(job, "chip", "x.uf2: for rp2350, but the board has rp2040");
	job.board.description = NULL;
	job.board.mcu = "RP2040";
	unfit(job, "chip", "x.uf2: for rp2350, but the board has rp2040");
	job.board.mcu = "RP2350";
	fits(&job);
	job.board.mcu = NULL;
	fits(&job);
	job.board.port = "samd";
	unfit(job, "chip", "x.uf2: for rp2350, but the board is of the port "
	    "samd");
	job.board.port = NULL;
	job.firmware.port = "esp32";
	unfit(job, "chip", "x.uf2: for rp2350, but the board is of the port "
	    "esp32");
	job.firmware.port = "zephyr";
	fits(&job);
	job.firmware.port = NULL;
	fits(&job);
}

static void
tag(struct flash_job *job, const char *text)
{
	snprintf(job->facts.strings.tag, sizeof(job->facts.strings.tag), "%s",
	    text);
}

static void
test_version(void)
{
	struct flash_job job = pico();

	job.firmware.version = job.image.version = "v1.24.1";
	fits(&job);
	tag(&job, "");
	unfit(job, "version", "x.uf2: it does not say which version of "
	    "MicroPython it is");
	job.firmware.custom = 0;
	unfit(job, "version", "x.uf2: it does not say which version of "
	    "MicroPython it is");
	job.firmware.custom = 1;
	fits(&job);
	tag(&job, "v1.24.0");
	unfit(job, "version", "x.uf2: it says that it is v1.24.0, but the "
	    "record says v1.24.1");
	job.image.version = NULL;
	fits(&job);		/* its version is the user's affair */
	job.firmware.custom = -1;
	unfit(job, "version", "x.uf2: it says that it is v1.24.0, not "
	    "v1.24.1");
	job = pico();
	tag(&job, "v1.25.0-preview.201.g269a0e0e1");
	job.firmware.version = "v1.25.0";
	unfit(job, "version", "x.uf2: it says that it is "
	    "v1.25.0-preview.201.g269a0e0e1, not v1.25.0");
	job.firmware.version = "v1.25.0-preview";
	fits(&job);
	job.firmware.build = 200;
	unfit(job, "version", "x.uf2: it says that it is "
	    "v1.25.0-preview.201.g269a0e0e1, not v1.25.0-preview");
	job.firmware.build = 201;
	job.firmware.commit = "269a0e0e1f";
	fits(&job);
	job.firmware.commit = "269a0e1";
	unfit(job, "version", "x.uf2: it says that it is "
	    "v1.25.0-preview.201.g269a0e0e1, not v1.25.0-preview");
	job.firmware.commit = NULL;
	job.image.commit = "1234567";
	unfit(job, "version", "x.uf2: it says that it is "
	    "v1.25.0-preview.201.g269a0e0e1, but the record says something "
	    "else");
}

static void
test_board(void)
{
	struct flash_job job = pico();

	job.board.description = "Seeed XIAO RP2040 with RP2040";
	unfit(job, "board", "x.uf2: for \"Raspberry Pi Pico with RP2040\", but "
	    "the board is \"Seeed XIAO RP2040 with RP2040\"");
	job.firmware.by = "board";
	unfit(job, "board", "x.uf2: for \"Raspberry Pi Pico with RP2040\", but "
	    "the board is \"Seeed XIAO RP2040 with RP2040\"");
	job.firmware.by = "manual";
	fits(&job);
	job.firmware.by = NULL;
	job.image.checks[0] = "format";
	job.image.checks[1] = "board";
	fits(&job);
	job.image.checks[1] = NULL;
	job.facts.strings.machine[0] = '\0';
	unfit(job, "board", "x.uf2: it does not say which board it is for");
	job.firmware.custom = 1;
	fits(&job);
	job = pico();
	job.board.description = NULL;
	fits(&job);
	job.image.board = "Pimoroni Tiny 2040 with RP2040";
	unfit(job, "board", "x.uf2: for \"Raspberry Pi Pico with RP2040\", but "
	    "the record says \"Pimoroni Tiny 2040 with RP2040\"");
}

static void
test_all(void)
{
	struct flash_job job = pico();
	struct result res = RESULT_INIT;

	job.force = true;
	job.image.format = "bin";
	job.board.description = "Wio Terminal D51R with SAMD51P19A";
	OK(check_image(&job, &res, &e) == 0);
	IS_STR(res.forced[0], "format");
	IS_STR(res.forced[1], "chip");
	IS_STR(res.forced[2], "board");
	OK(res.forced[3] == NULL);
}

static void
test_machine(void)
{
	OK(same_machine("A B with RP2040", "A B with RP2040"));
	OK(!same_machine("A B with RP2040", "A B with RP2350"));
	OK(!same_machine("A B with RP2040", "A with RP2040"));
	OK(!same_machine("A W with RP2040", "A with RP2040"));
	/* The banner may leave the chip out. */
	OK(same_machine("Pololu 3pi+ 2040 Robot",
	    "Pololu 3pi+ 2040 Robot with RP2040"));
	OK(same_machine("Pololu 3pi+ 2040 Robot with RP2040",
	    "Pololu 3pi+ 2040 Robot"));
	OK(!same_machine("Pololu 3pi+ 2040", "Pololu 3pi+ 2040 Robot"));
	/* Chips were spelled in two ways. */
	OK(same_machine("ESP32C3 module with ESP32C3",
	    "ESP32C3 module with ESP32-C3"));
	OK(!same_machine("X with ESP32-C3", "X with ESP32-C6"));
	OK(!same_machine("", "X with ESP32-C6") && same_machine("", ""));
}

static int
load(const struct flash_job *job)
{
	struct flash_image *image = NULL;
	int r;

	e = (struct err)ERR_INIT;
	r = image_load(job->image.path, &image, &e);
	if (r == 0)
		r = image_check(image, job, &e);
	if (r == 0)
		IS_STR(image->facts.chip, "rp2040");
	image_free(image);
	return r;
}

static void
test_load(void)
{
	struct flash_job job = pico();
	char sum[DIGEST_HEX], other[DIGEST_HEX];

	make_uf2(block, MAKE_RP2040, 0x10000000, 0, 1, "x", 1);
	digest_bytes(block, sizeof(block), sum);
	OK(file_write("x.uf2", block, sizeof(block), 0644, &e) == 0);
	job.image.sha256 = sum;
	OK(load(&job) == 0);
	/* One digit is enough, whichever it is. */
	for (size_t i = 0; i < 64; i += 63) {
		memcpy(other, sum, sizeof(other));
		other[i] = other[i] == '0' ? '1' : '0';
		job.image.sha256 = other;
		OK(load(&job) == -1 && e.code == ERR_VERIFY);
		OK(strncmp(e.msg, "x.uf2: not the file that was fetched: ",
		    38) == 0);
		job.image.sha256 = sum;
		job.firmware.sha256 = other;
		OK(load(&job) == -1 && e.code == ERR_VERIFY);
		OK(strncmp(e.msg, "x.uf2: not the file that was chosen: ",
		    37) == 0);
		job.firmware.sha256 = sum;
		OK(load(&job) == 0);
	}
	job.firmware.sha256 = NULL;
	OK(file_write("x.uf2", block, 511, 0644, &e) == 0);
	digest_bytes(block, 511, sum);
	OK(load(&job) == -1);
	OK(e.code == ERR_INPUT && strncmp(e.msg, "x.uf2: ", 7) == 0);
	job.image.path = "none.uf2";
	OK(load(&job) == -1 && e.code == ERR_NOT_FOUND);
}

int
main(void)
{
	tmp_enter();
	test_format();
	test_family();
	test_chip();
	test_version();
	test_board();
	test_all();
	test_machine();
	test_load();
	tmp_leave();
	return tap_done();
}
