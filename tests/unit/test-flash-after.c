/* SPDX-License-Identifier: MIT */
/* What may follow the last block, and a run that was cut short. */
#include <signal.h>

#include "../tests/unit/flash_bench.h"

/* What hangs there afterwards. */
static void
test_after(void)
{
	struct flash_job job = begin();

	board.never_back = true;
	fails(&job, ERR_TIMEOUT, ID ": it did not come back", "unknown");
	job = begin();
	board.stays = true;
	fails(&job, ERR_VERIFY, ID ": the bootloader took the image, and did "
	    "not start it", "bootloader");
	OK(clock_ms() < 1000000 + 12000);
	job = begin();
	board.returns = true;
	fails(&job, ERR_VERIFY, ID ": it came back in its bootloader",
	    "bootloader");
	job = begin();
	board.version = "v1.22.2";
	fails(&job, ERR_VERIFY, ID ": runs v1.22.2, not v1.24.1", "running");
	job = begin();
	board.version = NULL;
	job.image.version = NULL;	/* the image's own tag counts */
	fails(&job, ERR_VERIFY, ID ": runs an unknown version, not v1.24.1",
	    "running");
	job = begin();
	job.image.build = 7;
	fails(&job, ERR_VERIFY, ID ": runs v1.24.1 build -1, not 7",
	    "running");
	job = begin();
	board.machine = "Pimoroni Tiny 2040 with RP2040";
	fails(&job, ERR_VERIFY, ID ": says it is \"Pimoroni Tiny 2040 with "
	    "RP2040\", not \"" MACHINE "\"", "running");
	job = begin();
	board.uid = "e66038b7130e7a2f";
	fails(&job, ERR_MISMATCH, ID ": another board answers: "
	    "e66038b7130e7a2f, not " UID, "running");
	job = begin();
	board.ask_fails = ERR_TIMEOUT;
	board.ask_fails_n = 1000;
	fails(&job, ERR_TIMEOUT, ID ": it does not answer after flashing: "
	    "/dev/ttyACM7: no", "unknown");
	job = begin();
	board.ask_fails = ERR_PERMISSION;
	board.ask_fails_n = 1000;
	fails(&job, ERR_PERMISSION, ID ": it does not answer after flashing: "
	    "/dev/ttyACM7: no", "unknown");
}

static void
test_patience(void)
{
	static const enum err_code codes[] = { ERR_PERMISSION, ERR_BUSY,
		ERR_NOT_FOUND, ERR_TIMEOUT, ERR_PROTOCOL };

	for (size_t i = 0; i < sizeof(codes) / sizeof(codes[0]); i++) {
		struct flash_job job = begin();
		struct flash_outcome out;

		board.ask_fails = codes[i];
		board.ask_fails_n = 20;
		OK(flash_run(&job, table, &out, &e) == 0);
		IS_STR(out.result.state, "running");
		flash_release(&out);
	}
}

/* A board that is in its bootloader already, after a run that was killed. */
static void
test_second_run(void)
{
	struct flash_job job = begin();
	struct flash_outcome out;

	board.in_boot = true;
	job.device.mode = "uf2";
	job.device.pid = "0003";
	job.device.usb_serial = "E0C9125B0D9B";
	job.device.serial_port = NULL;
	job.device.volume = "/media/RPI-RP2";
	job.bootloader = NULL;
	OK(flash_run(&job, table, &out, &e) == 0);
	IS_STR(out.result.bootloader, "none");
	OK(board.asked == 1);
	OK(out.device.volume == NULL);
	IS_STR(out.device.pid, "0005");
	flash_release(&out);
	/* Nobody knows which board it is. */
	board.written = 0;
	job.board = (struct board)BOARD_INIT;
	fails(&job, ERR_AMBIGUOUS, ID ": it cannot say which board it is",
	    NULL);
}

/* Last, as there is no way back. */
static void
test_stop(void)
{
	struct flash_job job = begin();

	stop_install();
	board.stopped = true;		/* while we wait for it to go */
	fails(&job, ERR_CANCELLED, ID ": touch1200: stopped before it left",
	    "unknown");
	job = begin();
	job.device.mode = "uf2";
	job.device.pid = "0003";
	job.device.usb_serial = "E0C9125B0D9B";
	board.in_boot = true;
	fails(&job, ERR_CANCELLED, ID ": fake: stopped", "bootloader");
}

int
main(void)
{
	bench_enter();
	test_after();
	test_patience();
	test_second_run();
	test_stop();
	bench_leave();
	return tap_done();
}
