/* SPDX-License-Identifier: MIT */
/* What flash does with a driver: plan, skip, retry, verify, stop, resume. */
#include "../tests/unit/large_bench.h"

static void
test_plan(void)
{
	struct flash_job job = begin_large();

	works(&job, LARGE_SIZE, 1);
	OK(fake.calls[FAKE_ERASE] == 3);
	OK(fake.calls[FAKE_WRITE] == LARGE_SIZE / 1024);
	job = begin_large();
	table = md5_table;
	works(&job, LARGE_SIZE, 1);
	/* Sectors of several sizes, one of them larger than a chunk. */
	job = begin_large();
	fake.target.n_regions = 2;
	fake.target.region[0] = (struct flash_region){ FAKE_ADDR,
		FAKE_ADDR + 0x8000, 0x4000 };
	fake.target.region[1] = (struct flash_region){ FAKE_ADDR + 0x8000,
		FAKE_ADDR + 0x28000, 0x20000 };
	works(&job, LARGE_SIZE, 1);
	OK(fake.calls[FAKE_ERASE] == 2);
}

static void
test_retry(void)
{
	static const enum err_code again[] = { ERR_IO, ERR_TIMEOUT,
		ERR_PROTOCOL };
	struct flash_job job;

	for (size_t i = 0; i < 3; i++) {
		job = begin_large();
		fake.fail = FAKE_WRITE;
		fake.nth = 70;
		fake.code = again[i];
		works(&job, LARGE_SIZE, 2);
	}
	job = begin_large();
	fake.fail = FAKE_ERASE;
	fake.nth = fake.times = 2;
	works(&job, LARGE_SIZE, 3);
	job = begin_large();
	fake.fail = FAKE_ERASE;
	fake.times = 3;
	fails(&job, ERR_IO, ID ": fake: operation 3, call 3", "bootloader");
	OK(fake.calls[FAKE_START] == 0);
	job = begin_large();		/* this is final */
	fake.fail = FAKE_WRITE;
	fake.code = ERR_PERMISSION;
	fails(&job, ERR_PERMISSION, ID ": fake: operation 4, call 1",
	    "bootloader");
	OK(fake.calls[FAKE_ERASE] == 1 && fake.calls[FAKE_START] == 0);
	job = begin_large();		/* somebody pulls it out */
	board.gone = true;
	fake.fail = FAKE_WRITE;
	fake.times = 1000;
	fails(&job, ERR_NOT_FOUND, ID ": fake: it vanished at byte 0",
	    "unbootable");
}

/* Bytes that do not stay: nothing is started. */
static void
test_verify(void)
{
	struct flash_job job = begin_large();

	fake.worn = CHUNK + 17;
	fails(&job, ERR_VERIFY, ID ": fake: 0x10010000 to 0x10020000: not "
	    "what was written", "bootloader");
	OK(fake.calls[FAKE_START] == 0 && board.asked == 1);
	job = begin_large();
	fake.fail = FAKE_START;
	fails(&job, ERR_IO, ID ": fake: operation 6, call 1", "unknown");
}

static void
test_identify(void)
{
	struct flash_job job = begin_large();

	snprintf(fake.target.uid, FLASH_TEXT, "e66038b7130e7a2f");
	job.force = true;	/* which does not help */
	fails(&job, ERR_MISMATCH, ID ": fake: another board is in its "
	    "bootloader there: e66038b7130e7a2f, not " UID, "bootloader");
	job = begin_large();
	snprintf(fake.target.uid, FLASH_TEXT, "%s", UID);
	works(&job, LARGE_SIZE, 1);
	job = begin_large();
	job.force = true;
	snprintf(fake.target.protection, FLASH_TEXT, "it is locked");
	fails(&job, ERR_UNSUPPORTED, ID ": fake: FAKE: it is locked",
	    "bootloader");
	job = begin_large();
	snprintf(fake.target.chip, FLASH_TEXT, "rp2350");
	fails(&job, ERR_MISMATCH, ID ": fake: large.uf2: for rp2040, but the "
	    "bootloader is FAKE", "bootloader");
	job = begin_large();
	fake.target.region[0].end = FAKE_ADDR + 0x27000;
	fails(&job, ERR_MISMATCH, ID ": fake: large.uf2: for 0x10000000 to "
	    "0x10028000, but FAKE takes 0x10000000 to 0x10027000",
	    "bootloader");
	OK(fake.calls[FAKE_ERASE] == 0);
	job = begin_large();
	fake.target.region[0].end = FAKE_ADDR + 0x27000;
	job.force = true;	/* there is no flash, whatever is forced */
	fails(&job, ERR_MISMATCH, ID ": fake: 0x10000000 to 0x10028000: there "
	    "is no flash at 0x10027000", "bootloader");
	OK(fake.calls[FAKE_ERASE] == 0);
	job = begin_large();
	job.volume = "/media/x";
	fails(&job, ERR_USAGE, ID ": the method fake does not use --volume",
	    NULL);
}

/* Packed once, whoever gets it; what no longer fits is packed no more. */
static int packed, unpackable;		/* chunks; the first that fails */

static int
pack(const void *p, size_t n, struct buf *out, struct err *err)
{
	packed++;
	return packed == unpackable ? err_set(err, ERR_IO, "not packed") :
	    buf_add(out, p, n / 2);
}

static void
test_packing(void)
{
	static const struct flash_packing half = { "half", NULL, pack };
	static const struct flash_driver driver = { FAKE_DRIVER,
		.read = fake_read, .packing = &half };
	static const struct flash_driver *const halves[] = { &driver, NULL };
	struct flash_job job = begin_large();

	job.images = flash_images_new();
	OK(flash_prepare(&job, halves, &e) == 0 && packed == 3);
	OK(flash_prepare(&job, halves, &e) == 0 && packed == 3);
	table = halves;
	works(&job, LARGE_SIZE, 1);
	OK(packed == 3 && fake.calls[FAKE_WRITE] == 3);
	OK(unlink("large.uf2") == 0);	/* it is in memory */
	fake_begin();
	board = begin_board();
	works(&job, LARGE_SIZE, 1);
	flash_images_free(job.images);
	make_large();
	/* A part that cannot be packed is not left out. */
	unpackable = packed + 2;
	job.images = flash_images_new();
	fake_begin();
	board = begin_board();
	fails(&job, ERR_IO, "large.uf2: half: not packed", NULL);
	OK(fake.calls[FAKE_WRITE] == 0);
	flash_images_free(job.images);
	unpackable = 0;
}

static int noted;

static void
note(void *ctx, const char *msg)
{
	(void)ctx;
	IS_STR(msg, ID ": operation 1, call 1; going on by second");
	noted++;
}

/* What may not be opened leaves the next way into the same bootloader. */
static void
test_next_driver(void)
{
	static const char *const others[] = { "dfu", NULL };
	struct flash_driver second = fake_driver, wrong = fake_driver;
	const struct flash_driver *const both[] = { &fake_driver, &wrong,
		&second, NULL };
	struct flash_job job = begin_large();
	struct flash_outcome out;

	second.name = "second";
	wrong.modes = others;		/* not for a board that is in uf2 */
	table = both;
	job.note = note;
	fake.fail = FAKE_OPEN;
	fake.code = ERR_PERMISSION;
	works(&job, LARGE_SIZE, 1);
	OK(noted == 1 && fake.calls[FAKE_OPEN] == 2);
	job = begin_large();		/* neither may be opened */
	table = both;
	fake.fail = FAKE_OPEN;
	fake.code = ERR_PERMISSION;
	fake.times = 2;
	OK(flash_run(&job, table, &out, &e) == -1);
	IS_STR(e.msg, ID ": second: operation 1, call 2");
	IS_STR(out.result.state, "bootloader");
	OK(fake.calls[FAKE_CLOSE] == 0);
	flash_release(&out);
	pending_drop(ID);
	job = begin_large();		/* that way and no other */
	table = both;
	job.method = "fake";
	fake.fail = FAKE_OPEN;
	fake.code = ERR_PERMISSION;
	fails(&job, ERR_PERMISSION, ID ": fake: operation 1, call 1",
	    "bootloader");
	job = begin_large();		/* busy is busy */
	table = both;
	fake.fail = FAKE_OPEN;
	fake.code = ERR_BUSY;
	fails(&job, ERR_BUSY, ID ": fake: operation 1, call 1", "bootloader");
}

/* An option that only a later driver uses. */
static void
test_option_chooses(void)
{
	static const char *const options[] = { "bootloader", "stub", NULL };
	struct flash_driver second = fake_driver;
	const struct flash_driver *const both[] = { &fake_driver, &second,
		NULL };
	struct flash_job job = begin_large();
	struct flash_outcome out;

	second.name = "second";
	second.options = options;
	job.baud = 9600;
	fails(&job, ERR_USAGE, ID ": the method fake does not use --baud",
	    NULL);
	job = begin_large();
	table = both;
	job.stub_dir = "stubs";
	job.dry_run = true;
	OK(flash_run(&job, table, &out, &e) == 0);
	IS_STR(out.result.method, "second");
	flash_release(&out);
}

/* A chip that starts only signed images, and stays in its bootloader. */
static void
test_locked(void)
{
	struct flash_job job = begin_large();

	snprintf(fake.target.locked, FLASH_TEXT, "secure boot is on");
	board.returns = true;
	fails(&job, ERR_VERIFY, ID ": it does not start the image: secure "
	    "boot is on", "unbootable");
	job = begin_large();
	snprintf(fake.target.locked, FLASH_TEXT, "secure boot is on");
	works(&job, LARGE_SIZE, 1);	/* a signed image starts */
}

/* A loader that is entered over the port itself: the bus shows nothing. */
static void
test_enters(void)
{
	static const char *const modes[] = { "esp_rom", NULL };
	static const char *const options[] = { NULL };
	struct flash_driver driver = fake_driver;
	const struct flash_driver *const ports[] = { &driver, NULL };
	struct flash_job job = begin_large();
	struct flash_outcome out;

	driver.modes = modes;
	driver.options = options;
	driver.enters = true;
	table = ports;
	fails(&job, ERR_USAGE, ID ": the method fake does not use "
	    "--bootloader", NULL);
	job.bootloader = NULL;
	works(&job, LARGE_SIZE, 1);
	OK(board.left_at == 0);
	for (int i = 0; i < 2; i++) {
		job = begin_large();
		job.bootloader = NULL;
		table = ports;
		fake.fail = i == 0 ? FAKE_OPEN : FAKE_WRITE;
		fake.code = ERR_NOT_FOUND;
		OK(flash_run(&job, table, &out, &e) == -1);
		IS_STR(out.result.state, i == 0 ? "unknown" : "unbootable");
		OK(is_pending() && fake.calls[FAKE_START] == 0);
		flash_release(&out);
		pending_drop(ID);
	}
}

/* Last, as there is no way back; and the next run finds what is there. */
static void
test_stop(void)
{
	struct flash_job job = begin_large();

	stop_install();
	fake.stop_at = 70;
	fails(&job, ERR_CANCELLED, ID ": fake: stopped at byte 71680 of "
	    "163840", "bootloader");
	OK(fake.calls[FAKE_START] == 0 && fake.calls[FAKE_WRITE] == 70);
	OK(memcmp(fake.mem, payload, 70 * 1024) == 0);
}

int
main(void)
{
	bench_enter();
	make_large();
	test_plan();
	test_retry();
	test_verify();
	test_identify();
	test_packing();
	test_next_driver();
	test_option_chooses();
	test_locked();
	test_enters();
	test_stop();
	bench_leave();
	return tap_done();
}
