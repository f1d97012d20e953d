/* SPDX-License-Identifier: MIT */
/* Does the image fit the loader that was opened? */
#include "../tests/unit/make_uf2.h"
#include "../tests/unit/tap.h"
#include "flash/impl.h"

#define START	0x10000000u
#define END	(START + 256u)		/* of the one block */
#define REFUSED	"x.uf2: for rp2040, and nothing tells whether it fits the " \
		"bootloader L"

static struct err e;
static uint8_t block[MAKE_UF2_BLOCK];

static struct flash_job
by_hand(void)
{
	struct flash_job job = {
		.device = DEVICE_INIT, .board = BOARD_INIT, .chip = CHIP_INIT,
		.firmware = FIRMWARE_INIT, .image = IMAGE_INIT,
	};

	job.image.path = "x.uf2";
	job.image.checks[0] = "format";
	job.image.checks[1] = "board";
	job.facts.format = "uf2";
	job.facts.chip = "rp2040";
	job.firmware.by = "manual";
	make_uf2(block, MAKE_RP2040, START, 0, 1, "x", 1);
	job.data = block;
	job.size = sizeof(block);
	return job;
}

static struct flash_target
loader(const char *chip)
{
	struct flash_target t = { .name = "L", .n_regions = 1,
		.region = { { START, END, 4096 } } };

	snprintf(t.chip, sizeof(t.chip), "%s", chip);
	return t;
}

/* msg NULL: it fits; else with --force, too, where forced says so. */
static void
ends(struct flash_job job, const struct flash_target *t, const char *msg,
    bool forced)
{
	for (int force = 0; force < 2; force++) {
		struct image_segments l = IMAGE_SEGMENTS_INIT;
		struct result res = RESULT_INIT;
		const bool good = msg == NULL || (force == 1 && forced);

		e = (struct err)ERR_INIT;
		job.force = force == 1;
		OK(check_target(&job, t, &l, &res, &e) == (good ? 0 : -1));
		IS_STR(e.msg, good ? "" : msg);
		OK((res.forced[0] != NULL) == (good && msg != NULL));
		image_segments_release(&l);
	}
}

static void
test_known(void)
{
	struct flash_job job = by_hand();
	struct flash_target t = loader("rp2040");

	ends(job, &t, NULL, false);
	t = loader("samd21");
	ends(job, &t, "x.uf2: for rp2040, but the bootloader is L", true);
	job.facts.chip = NULL;
	ends(job, &t, "x.uf2: names no chip, and the bootloader is L", true);
	job.facts.mixed = true;
	ends(job, &t, "x.uf2: names other chips, and the bootloader is L",
	    true);
}

/* A loader that says no chip: the board has said it, or a person all. */
static void
test_unknown(void)
{
	struct flash_job job = by_hand();
	struct flash_target t = loader("");

	ends(job, &t, NULL, false);
	job.firmware.by = "board";
	ends(job, &t, REFUSED, true);
	job.firmware.by = NULL;
	ends(job, &t, REFUSED, true);
	job.board.mcu = "RP2040";	/* it said so before */
	job.board.port = "rp2";
	ends(job, &t, NULL, false);
	job.board.mcu = "RP2350";
	ends(job, &t, REFUSED, true);
	job = by_hand();
	job.board.mcu = "RP2350";
	job.board.port = "rp2";
	ends(job, &t, REFUSED, true);
	job = by_hand();
	job.image.checks[1] = NULL;
	ends(job, &t, REFUSED, true);
	job = by_hand();
	t.n_regions = 0;
	ends(job, &t, REFUSED, true);
}

static void
test_range(void)
{
	struct flash_job job = by_hand();
	struct flash_target t = loader("rp2040");

	t.region[0].end = END - 1;
	ends(job, &t, "x.uf2: for 0x10000000 to 0x10000100, but L takes "
	    "0x10000000 to 0x100000ff", true);
	t.region[1] = (struct flash_region){ END - 1, END, 4096 };
	t.n_regions = 2;
	ends(job, &t, NULL, false);
	t.region[1].addr = END;		/* a gap */
	ends(job, &t, "x.uf2: for 0x10000000 to 0x10000100, but L takes "
	    "0x10000000 to 0x10000100", true);
	t.region[0] = (struct flash_region){ START + 1, END, 4096 };
	t.n_regions = 1;
	ends(job, &t, "x.uf2: for 0x10000000 to 0x10000100, but L takes "
	    "0x10000001 to 0x10000100", true);
	t.n_regions = 0;		/* it does not say */
	ends(job, &t, NULL, false);
}

/* An id that may not be known, or be written in other letters; not another. */
static void
test_id(const struct flash_job *job, struct flash_target *t, char *theirs,
    size_t size, const char *const ids[2], const char *msg)
{
	ends(*job, t, NULL, false);
	for (int i = 0; i < 2; i++) {
		snprintf(theirs, size, "%s", ids[i]);
		ends(*job, t, i == 0 ? NULL : msg, false);
	}
}

/* No --force: another board, another chip, or one that is locked. */
static void
test_never(void)
{
	static const char *const uids[] = { "E661", "e662" };
	static const char *const macs[] = { "24:0A:C4:00:00:01",
	    "24:0a:c4:00:00:02" };
	struct flash_job job = by_hand();
	struct flash_target t = loader("rp2040");

	snprintf(t.protection, sizeof(t.protection), "it is locked");
	ends(job, &t, "L: it is locked", false);
	t = loader("rp2040");
	job.board.uid = "e661";
	test_id(&job, &t, t.uid, sizeof(t.uid), uids, "another board is in "
	    "its bootloader there: e662, not e661");
	job = by_hand();
	t = loader("rp2040");
	job.chip.mac = "24:0a:c4:00:00:01";
	test_id(&job, &t, t.mac, sizeof(t.mac), macs, "another chip is there: "
	    "24:0a:c4:00:00:02, not 24:0a:c4:00:00:01");
}

/* A chip that was blank when its ROM was asked, and is not any more. */
static void
test_blank(void)
{
	struct flash_job job = by_hand();
	struct flash_target t = loader("rp2040");

	job.chip.mac = "24:0a:c4:00:00:01";
	job.chip.blank = 1;
	job.device.mode = "silent";
	ends(job, &t, "L: there is firmware on it now", false);
	t.blank = true;
	ends(job, &t, NULL, false);
	t.blank = false;
	job.device.named = true;
	ends(job, &t, NULL, false);
	job.device.named = false;
	job.device.mode = "repl";
	ends(job, &t, NULL, false);
	job.device.mode = "silent";
	job.chip.blank = 0;
	ends(job, &t, NULL, false);
	job.chip.blank = 1;
	job.chip.mac = NULL;		/* it was not asked */
	ends(job, &t, NULL, false);
}

/* Of a file for both kinds of cores, all goes on but the other's image. */
static void
test_cores(void)
{
	static const uint32_t families[] = { 0xe48bff5a, 0xe48bff58,
		0xe48bff59 };
	uint8_t file[3 * MAKE_UF2_BLOCK];
	struct buf own = BUF_INIT;
	struct flash_job job = by_hand();

	for (size_t i = 0; i < 3; i++)
		make_uf2(file + i * MAKE_UF2_BLOCK, families[i], START, 0, 1,
		    "x", 1);
	job.facts.chip = "rp2350";
	job.firmware.variant = "RISCV";
	job.data = file;
	job.size = sizeof(file);
	OK(take_cores(&job, &own, &e) == 0);
	OK(job.size == 2 * MAKE_UF2_BLOCK &&
	    memcmp(job.data, file, job.size) == 0);
	buf_release(&own);
	own = (struct buf)BUF_INIT;
	job.facts.chip = "rp2350";
	job.firmware.variant = "";
	job.data = file;
	job.size = sizeof(file);
	OK(take_cores(&job, &own, &e) == 0);
	OK(job.size == 2 * MAKE_UF2_BLOCK &&
	    memcmp(job.data, file + MAKE_UF2_BLOCK, job.size) == 0);
	buf_release(&own);
	/* By what the board says of itself, where nothing is chosen. */
	own = (struct buf)BUF_INIT;
	job.facts.chip = "rp2350";
	job.firmware.variant = NULL;
	job.board.mcu = "RP2350-RISCV";
	job.data = file;
	job.size = sizeof(file);
	OK(take_cores(&job, &own, &e) == 0);
	OK(memcmp(job.data, file, job.size) == 0);
	buf_release(&own);
}

int
main(void)
{
	test_known();
	test_unknown();
	test_range();
	test_never();
	test_blank();
	test_cores();
	return tap_done();
}
