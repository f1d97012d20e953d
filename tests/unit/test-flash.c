/* SPDX-License-Identifier: MIT */
/* The lifecycle up to the last block. */
#include "../tests/unit/flash_bench.h"
#include "base/lock.h"

/* In the record stands when it began, not when it was over. */
static void
test_at(void)
{
	struct flash_job job = begin();
	struct flash_outcome out;

	clock_fake(1000900);
	OK(flash_run(&job, table, &out, &e) == 0);
	OK(clock_ms() >= 1001000);
	IS_STR(out.result.at, "1970-01-01T00:16:40Z");
	flash_release(&out);
}

static void
test_well(void)
{
	struct flash_job job = begin();
	struct flash_outcome out;

	OK(flash_run(&job, table, &out, &e) == 0);
	IS_STR(out.result.method, "fake");
	IS_STR(out.result.bootloader, "touch1200");
	OK(out.result.written_bytes == 4 * 256);
	OK(out.result.unchanged_bytes == 0);
	OK(out.result.attempts == 1 && out.result.took_ms >= 500);
	IS_STR(out.result.at, "1970-01-01T00:16:40Z");
	IS_STR(out.result.verified[0], "readback");
	IS_STR(out.result.verified[1], "boot");
	OK(out.result.verified[2] == NULL && out.result.forced[0] == NULL);
	IS_STR(out.result.version_before, "v1.22.2");
	IS_STR(out.result.version_after, "v1.24.1");
	IS_STR(out.result.state, "running");
	OK(out.answered);
	IS_STR(out.device.id, ID);
	IS_STR(out.device.serial_port, "/dev/ttyACM7");
	IS_STR(out.device.mode, "repl");
	IS_STR(out.device.pid, "0005");
	IS_STR(out.board.description, MACHINE);
	IS_STR(out.board.board_id, "RPI_PICO");
	OK(board.asked == 2 && fake.calls[FAKE_CLOSE] == 1);
	OK(fake.calls[FAKE_START] == 1);
	OK(board.told_done == 1024 && board.told_total == 1024);
	OK(board.stages == 2);
	OK(!is_pending());
	OK(board.forgotten == 0);
	flash_release(&out);
	OK(board.forgotten == 2);
	flash_release(&out);
}

static void
test_faults(void)
{
	struct flash_job job = begin();

	fake.fail = FAKE_OPEN;
	fake.code = ERR_PERMISSION;
	fails(&job, ERR_PERMISSION, ID ": fake: operation 1, call 1",
	    "bootloader");
	job = begin();
	board.stuck = true;
	fails(&job, ERR_UNSUPPORTED, ID ": no software way into its "
	    "bootloader: touch1200: the board stayed", "running");
	job = begin();
	board.stuck = board.hangs = true;
	fails(&job, ERR_UNSUPPORTED, ID ": no software way into its "
	    "bootloader: touch1200: the board stayed", "unknown");
	job = begin();
	board.lost = true;
	fails(&job, ERR_TIMEOUT, ID ": left for its bootloader (touch1200), "
	    "and did not come up there", "unknown");
	job = begin();
	job.bootloader = "jump";
	fails(&job, ERR_USAGE, "jump: no such way into a bootloader", NULL);
}

static void
test_identity(void)
{
	struct flash_job job = begin();

	board.uid_before = "e66038b7130e7a2f";
	fails(&job, ERR_MISMATCH, ID ": another board is there now: "
	    "e66038b7130e7a2f, not " UID, NULL);
	job.force = true;
	fails(&job, ERR_MISMATCH, ID ": another board is there now: "
	    "e66038b7130e7a2f, not " UID, NULL);
	job = begin();
	board.uid_before = NULL;
	fails(&job, ERR_MISMATCH, ID ": another board is there now: "
	    "one without an id, not " UID, NULL);
	job = begin();
	job.board.uid = NULL;
	fails(&job, ERR_MISMATCH, ID ": another board is there now: "
	    UID ", not one without an id", NULL);
	job = begin();
	job.board.uid = board.uid_before = NULL;
	job.board.description = "Seeed XIAO with RP2040";
	job.image.checks[0] = "board";
	fails(&job, ERR_MISMATCH, ID ": another board is there now: "
	    MACHINE ", not Seeed XIAO with RP2040", NULL);
	job = begin();
	board.swapped = true;
	fails(&job, ERR_MISMATCH, ID ": another device is there now: "
	    "0403:0005, serial number " UID ", not 2e8a:0005, serial number "
	    UID, NULL);
	job = begin();
	board.other_pid = true;
	fails(&job, ERR_MISMATCH, ID ": another device is there now: "
	    "2e8a:000c, serial number " UID ", not 2e8a:0005, serial number "
	    UID, NULL);
	job = begin();
	board.leaving = true;
	fails(&job, ERR_MISMATCH, ID ": another device is there now: "
	    "-:0005, serial number " UID ", not 2e8a:0005, serial number "
	    UID, NULL);
	job = begin();		/* alike, but for the serial number */
	job.device.usb_serial = "e66038b7130e7a2f";
	fails(&job, ERR_MISMATCH, ID ": another device is there now: "
	    "2e8a:0005, serial number " UID ", not 2e8a:0005, serial number "
	    "e66038b7130e7a2f", NULL);
	job = begin();
	job.device.usb_serial = NULL;
	fails(&job, ERR_MISMATCH, ID ": another device is there now: "
	    "2e8a:0005, serial number " UID ", not 2e8a:0005, serial number -",
	    NULL);
	job = begin();
	board.empty = true;
	fails(&job, ERR_NOT_FOUND, ID ": nothing is plugged in there any more",
	    NULL);
	job = begin();
	board.has_no_tty = true;
	fails(&job, ERR_NOT_FOUND, ID ": it has no serial port any more",
	    NULL);
}

/* RP2350 and SAMD show their id, nRF52 backwards, RP2040 something else. */
static void
test_bootloader_id(void)
{
	static const char *const same[] = { "E6614C311B5A6B2C",
		"2C6B5A1B314C61E6", "E0C9125B0D9B", "no hex, 16 chars" };
	struct flash_job job = begin();
	struct flash_outcome out;

	for (size_t i = 0; i < sizeof(same) / sizeof(same[0]); i++) {
		job = begin();
		board.boot_serial = same[i];
		OK(flash_run(&job, table, &out, &e) == 0);
		flash_release(&out);
	}
	job = begin();
	board.boot_serial = "E6614C311B5A6B2D";
	fails(&job, ERR_MISMATCH, ID ": another board is in its bootloader "
	    "there: E6614C311B5A6B2D, not " UID, "bootloader");
	OK(fake.calls[FAKE_OPEN] == 0);
	job = begin();		/* no id of its own: as the USB device says */
	job.board.uid = board.uid_before = NULL;
	board.boot_serial = "E6614C311B5A6B2D";
	fails(&job, ERR_MISMATCH, ID ": another board is in its bootloader "
	    "there: E6614C311B5A6B2D, not " UID, "bootloader");
	job = begin();		/* what hung there before is not ours */
	job.device.mode = "uf2";
	job.device.pid = "0003";
	job.device.usb_serial = board.boot_serial = "E6614C311B5A6B2D";
	board.in_boot = true;
	fails(&job, ERR_AMBIGUOUS, ID ": nothing proves that the board in its "
	    "bootloader is the board of the record", NULL);
	job.firmware.by = "manual";
	fails(&job, ERR_MISMATCH, ID ": another board is in its bootloader "
	    "there: E6614C311B5A6B2D, not " UID, NULL);
}

static void
test_lock(void)
{
	struct flash_job job = begin();
	struct lock l = LOCK_INIT;

	OK(lock_device(ID, 0, &l, NULL, &e) == 0);
	OK(flash_run(&job, table, &(struct flash_outcome){ 0 }, &e) == -1);
	OK(e.code == ERR_BUSY && board.asked == 0);
	lock_drop(&l);
	/* At one of several ttys, the place is locked, too. */
	job = begin();
	job.device.id = ID ":2";
	OK(lock_device(ID, 0, &l, NULL, &e) == 0);
	OK(flash_run(&job, table, &(struct flash_outcome){ 0 }, &e) == -1);
	OK(e.code == ERR_BUSY && board.asked == 0);
	lock_drop(&l);
}

static void
test_dry_run(void)
{
	struct flash_job job = begin();
	struct flash_outcome out;

	job.dry_run = true;
	OK(flash_run(&job, table, &out, &e) == 0);
	IS_STR(out.result.method, "fake");
	IS_STR(out.result.bootloader, "touch1200");
	OK(out.result.state == NULL && !out.answered);
	OK(out.result.dry_run == 1);
	OK(board.asked == 0 && board.left_at == 0 && !is_pending());
	flash_release(&out);
	board.empty = true;
	fails(&job, ERR_NOT_FOUND, ID ": nothing is plugged in there any more",
	    NULL);
}

static void
test_devices(void)
{
	struct flash_job job = begin();

	job.device.mode = "busy";
	fails(&job, ERR_BUSY, ID ": in use by another program", NULL);
	job.device.mode = "silent";
	job.board = (struct board)BOARD_INIT;
	fails(&job, ERR_UNSUPPORTED, ID ": silent, so it is not flashed",
	    NULL);
	job.device.named = true;
	fails(&job, ERR_UNSUPPORTED, ID ": silent, so it is not flashed",
	    NULL);
	job.firmware.by = "manual";
	job.device.named = false;
	fails(&job, ERR_UNSUPPORTED, ID ": silent, so it is not flashed",
	    NULL);
	job.device.named = true;
	job.dry_run = true;
	OK(flash_run(&job, table, &(struct flash_outcome){ 0 }, &e) == 0);
	job = begin();		/* named, and still it does not fit */
	job.method = "fake";
	fake.unfit = true;
	fails(&job, ERR_UNSUPPORTED, ID ": no way to flash it; fake: the image "
	    "is not for tests", NULL);
	job = begin();
	job.method = "nail";
	fails(&job, ERR_UNSUPPORTED, ID ": no way to flash it; no such method",
	    NULL);
}

/* Without these keys a check would compare nothing. */
static void
test_needs(void)
{
	struct flash_job job;
	const struct {
		const char	**key, *msg;
	} keys[] = {
		{ &job.firmware.action, "firmware.action: missing" },
		{ &job.image.sha256, "image.sha256: missing" },
		{ &job.device.vid, "device.vid: missing" },
		{ &job.device.pid, "device.pid: missing" },
		{ &job.device.usb_path, "device.usb_path: missing" },
	};
	char msg[100];

	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		job = begin();
		*keys[i].key = NULL;
		snprintf(msg, sizeof(msg), ID ": %s", keys[i].msg);
		fails(&job, ERR_INPUT, msg, NULL);
		OK(e.hint[0] != '\0');
	}
	job = begin();
	job.device.id = "bench/tty//dev/ttyACM0";
	job.device.usb_path = job.device.serial_port = NULL;
	fails(&job, ERR_INPUT, "bench/tty//dev/ttyACM0: device.usb_path: "
	    "missing", NULL);
	job = begin();
	job.device.usb_path = "1-1.3";
	fails(&job, ERR_INPUT, ID ": device.usb_path: \"1-1.3\" is not the "
	    "place in device.id, \"" ID "\"", NULL);
	job = begin();
	job.board.uid = job.board.description = NULL;
	fails(&job, ERR_INPUT, ID ": board.uid: missing", NULL);
	job.device.id = ID ":2";	/* an interface of it is the same */
	job.board.uid = UID;
	job.dry_run = true;
	OK(flash_run(&job, table, &(struct flash_outcome){ 0 }, &e) == 0);
}

int
main(void)
{
	bench_enter();
	test_at();
	test_well();
	test_faults();
	test_needs();
	test_identity();
	test_bootloader_id();
	test_lock();
	test_dry_run();
	test_devices();
	bench_leave();
	return tap_done();
}
