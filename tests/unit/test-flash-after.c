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
	job = begin();		/* a tty of the bootloader is not asked */
	board.stays = board.boot_tty = true;
	fails(&job, ERR_VERIFY, ID ": the bootloader took the image, and did "
	    "not start it", "bootloader");
	OK(board.asked == 1);
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
	board.build = 7;
	fails(&job, ERR_VERIFY, ID ": runs v1.24.1 build 7, not 0", "running");
	job = begin();
	board.machine = "Pimoroni Tiny 2040 with RP2040";
	fails(&job, ERR_VERIFY, ID ": says it is \"Pimoroni Tiny 2040 with "
	    "RP2040\", not \"" MACHINE "\"", "running");
	job = begin();
	board.machine = NULL;
	fails(&job, ERR_VERIFY, ID ": says it is \"\", not \"" MACHINE "\"",
	    "running");
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

/* A board that is in its bootloader already, after a run that was killed. */
static struct flash_job
begin_again(void)
{
	struct flash_job job = begin();

	board.in_boot = true;
	job.device.mode = "uf2";
	job.device.pid = "0003";
	job.device.usb_serial = "E0C9125B0D9B";
	job.device.serial_port = NULL;
	job.device.volume = "/media/RPI-RP2";
	job.bootloader = NULL;
	OK(pending_save(ID, rec, "6.2", &e) == 0);
	return job;
}

static void
proves(const struct flash_job *job, bool well, const char *before)
{
	struct flash_outcome out;
	char msg[200];

	if (well) {
		OK(flash_run(job, table, &out, &e) == 0);
		IS_STR(out.result.verified[0], "boot");
		flash_release(&out);
		return;
	}
	snprintf(msg, sizeof(msg), ID ": runs v1.24.1%s, and nothing proves "
	    "that this is the image that was written", before);
	fails(job, ERR_VERIFY, msg, "running");
}

/*
 * A board may run what was planned and not be written at all.  Nothing is
 * read back here; the old version is the planned one or another; the
 * bootloader took the last block for sure or perhaps.
 */
static void
test_proof(void)
{
	static const struct {
		bool	same, doubtful, well;
	} cases[] = {
		{ false, false, true },
		{ false, true, true },
		{ true, false, true },
		{ true, true, false },
	};
	struct flash_job job;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		job = begin();
		table = file_table;
		fake.fail = cases[i].doubtful ? FAKE_WRITE : FAKE_NONE;
		fake.nth = 2;		/* the last piece */
		if (cases[i].same)
			board.version_before = "v1.24.1";
		proves(&job, cases[i].well, " as before");
	}
	job = begin_again();	/* what it ran before is not known */
	table = file_table;
	fake.fail = FAKE_WRITE;
	fake.nth = 2;
	proves(&job, false, "");
}

/* An image that says nothing proves nothing, but for its bytes. */
static void
test_mute(void)
{
	struct flash_job job;
	struct flash_outcome out;

	for (int i = 0; i < 3; i++) {
		job = begin();
		table = i < 2 ? blind_table : fake_table;
		job.image.path = "mute.uf2";
		job.image.sha256 = mute_sum;
		job.image.version = NULL;
		job.firmware.custom = 1;
		board.version_before = "v1.24.1";
		if (i == 0) {
			proves(&job, false, " as before");
			continue;
		}
		if (i == 1)
			board.version = "v1.0.0-mine";
		OK(flash_run(&job, table, &out, &e) == 0);
		flash_release(&out);
	}
	job = begin();
	job.image.path = "mute.uf2";
	job.image.sha256 = mute_sum;
	job.image.version = NULL;
	fails(&job, ERR_MISMATCH, "mute.uf2: it does not say which version of "
	    "MicroPython it is", NULL);
	job.force = true;	/* but the planned version has to run */
	job.firmware.version = "v1.24.2";
	fails(&job, ERR_VERIFY, ID ": runs v1.24.1, not v1.24.2", "running");
	job.firmware.version = "v1.24.1";
	board = begin_board();
	fake_begin();
	OK(flash_run(&job, table, &out, &e) == 0);
	IS_STR(out.result.forced[0], "version");
	IS_STR(out.result.forced[1], "board");
	flash_release(&out);
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

static void
test_second_run(void)
{
	struct flash_job job = begin_again();
	struct flash_outcome out;

	OK(flash_run(&job, table, &out, &e) == 0);
	IS_STR(out.result.bootloader, "none");
	OK(board.asked == 1);
	OK(out.device.volume == NULL);
	IS_STR(out.device.pid, "0005");
	flash_release(&out);
	/* Nobody knows which board it is. */
	fake_begin();
	job.board = (struct board)BOARD_INIT;
	fails(&job, ERR_AMBIGUOUS, ID ": it cannot say which board it is",
	    NULL);
}

static void
unproved(const struct flash_job *job, const char *msg)
{
	struct flash_outcome out;

	OK(flash_run(job, table, &out, &e) == -1 && e.code == ERR_AMBIGUOUS);
	IS_STR(e.msg, msg);
	IS_STR(e.hint, "say which it is with mpf-resolve --board");
	OK(out.result.state == NULL && fake.calls[FAKE_OPEN] == 0);
	flash_release(&out);
}

/* Another board of the kind may have been plugged in since. */
static void
test_another(void)
{
	static const char msg[] = ID ": nothing proves that the board in its "
	    "bootloader is the board of the record";
	struct flash_job job = begin_again();
	struct flash_outcome out;

	board.replugged = true;
	unproved(&job, msg);
	job.dry_run = true;
	unproved(&job, msg);
	job.dry_run = false;
	OK(pending_save(ID, rec, NULL, &e) == 0);	/* it never arrived */
	board.replugged = false;
	unproved(&job, msg);
	pending_drop(ID);
	unproved(&job, msg);
	job.firmware.by = "manual";	/* a person knows */
	OK(flash_run(&job, table, &out, &e) == 0);
	flash_release(&out);
	job = begin_again();		/* its id shows */
	pending_drop(ID);
	board.boot_serial = "2C6B5A1B314C61E6";
	job.device.usb_serial = board.boot_serial;
	OK(flash_run(&job, table, &out, &e) == 0);
	flash_release(&out);
}

/* What is saved once the board has arrived proves it to the next run. */
static void
test_saved(void)
{
	struct flash_job job = begin();
	struct record *kept = NULL;
	struct flash_outcome out;

	fake.fail = FAKE_WRITE;
	fake.code = ERR_NOT_FOUND;
	OK(flash_run(&job, table, &out, &e) == -1);
	flash_release(&out);
	OK(pending_load(ID, &kept, &e) == 1);
	OK(pending_proves(kept, "E0C9125B0D9B", "6.2"));
	record_free(kept);
	pending_drop(ID);
	/* Not to be saved: then nothing is touched. */
	job = begin();
	setenv("XDG_STATE_HOME", "/dev/null", 1);
	OK(flash_run(&job, table, &out, &e) == -1);
	flash_release(&out);
	OK(e.code == ERR_IO && e.hint[0] != '\0');
	OK(board.left_at == 0 && fake.calls[FAKE_OPEN] == 0);
	setenv("XDG_STATE_HOME", tmp_path, 1);
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
	job = begin_again();
	fails(&job, ERR_CANCELLED, ID ": fake: stopped at byte 0 of 1024",
	    "bootloader");
}

int
main(void)
{
	bench_enter();
	test_after();
	test_proof();
	test_mute();
	test_patience();
	test_second_run();
	test_another();
	test_saved();
	test_stop();
	bench_leave();
	return tap_done();
}
