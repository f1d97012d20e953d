/* SPDX-License-Identifier: MIT */
/* flash_run by way of PICOBOOT, onto the ROM of an RP2040 and an RP2350. */
#include "../tests/unit/flash_picoboot_bench.h"

/* It goes well: so many bytes are written, to that offset. */
static void
works(const struct flash_job *job, int64_t written, uint32_t offset)
{
	const uint8_t *want = pico.rom.rp2350 ? payload2 : payload;
	struct flash_outcome out;

	e = (struct err)ERR_INIT;
	OK(flash_run(job, table, &out, &e) == 0);
	IS_STR(e.msg, "");
	IS_STR(out.result.method, "picoboot");
	IS_STR(out.result.state, "running");
	IS_STR(out.result.verified[0], "readback");
	OK(out.result.written_bytes == written);
	OK(out.result.unchanged_bytes == LARGE_SIZE - written);
	OK(memcmp(pico.rom.flash + offset, want, LARGE_SIZE) == 0);
	OK(pico.rom.flash[offset + LARGE_SIZE] == 0xa5);
	OK(pico.rom.erased == written / PICOROM_SECTOR);
	OK(pico.rom.rebooting && pico.opened == pico.closed);
	OK(!is_pending());
	flash_release(&out);
}

static void
test_well(void)
{
	struct flash_job job = begin_pico(false);

	works(&job, LARGE_SIZE, 0);
	job = begin_pico(true);		/* whose first block is for nothing */
	works(&job, LARGE_SIZE, 0);
	OK(pico.rom.reboot_type == 0);
}

/* What is there already is not written again, and it starts all the same. */
static void
test_same(void)
{
	struct flash_job job = begin_pico(false);

	memcpy(pico.rom.flash, payload, LARGE_SIZE);
	works(&job, 0, 0);
	OK(pico.rom.written == 0);
	job = begin_pico(false);
	memcpy(pico.rom.flash, payload, LARGE_SIZE);
	pico.rom.flash[5 * PICOROM_SECTOR + 7] ^= 1;
	pico.rom.flash[LARGE_SIZE - 1] ^= 1;
	works(&job, 2 * PICOROM_SECTOR, 0);
}

/* Another chip, and too small a chip: nothing is erased. */
static void
test_chip(void)
{
	struct flash_job job = begin_pico(false);

	pico.rom.rp2350 = true;
	fails(&job, ERR_MISMATCH, ID ": picoboot: pico.uf2: for rp2040, but "
	    "the bootloader is RP2350", "bootloader");
	OK(pico.rom.erased == 0 && !pico.rom.rebooting);
	OK(pico.rom.exclusive == 0);
	job = begin_pico(false);
	pico.rom.flash_size = 128 << 10;
	fails(&job, ERR_MISMATCH, ID ": picoboot: pico.uf2: for 0x10000000 "
	    "to 0x10028000, but RP2040 takes 0x10000000 to 0x10020000",
	    "bootloader");
	OK(pico.rom.erased == 0);
}

/* What a blank flash has room for shows on the way. */
static void
test_blank(void)
{
	struct flash_job job = begin_pico(false);

	memset(pico.rom.flash, 0xff, 2 * MEGABYTE);
	memset(pico.rom.flash + LARGE_SIZE, 0xa5, 1);
	works(&job, LARGE_SIZE, 0);
	job = begin_pico(false);
	pico.rom.flash_size = 128 << 10;
	memset(pico.rom.flash, 0xff, pico.rom.flash_size);
	fails(&job, ERR_SPACE, ID ": picoboot: its flash has 128 KiB, and the "
	    "image needs more", "bootloader");
	OK(!pico.rom.rebooting);
}

/* Bytes that do not stay, and a chip that forbids writes. */
static void
test_refused(void)
{
	struct flash_job job = begin_pico(true);

	pico.rom.worn = 274 * 256;
	fails(&job, ERR_VERIFY, ID ": picoboot: 0x10010000 to 0x10020000: "
	    "not what was written", "bootloader");
	OK(!pico.rom.rebooting);
	job = begin_pico(true);
	pico.rom.not_permitted = true;
	fails(&job, ERR_UNSUPPORTED, ID ": picoboot: erase: not permitted: "
	    "its one-time memory or its partition table forbids that "
	    "(code 10)", "bootloader");
	job = begin_pico(true);
	pico.rom.id++;
	fails(&job, ERR_MISMATCH, ID ": picoboot: another board is in its "
	    "bootloader there: e6614c311b5a6b2d, not " UID, "bootloader");
	OK(pico.rom.erased == 0);
}

/* A transfer that fails once is no failure. */
static void
test_retry(void)
{
	for (int kind = 0; kind < 2; kind++) {
		struct flash_job job = begin_pico(true);
		struct flash_outcome out;

		*(kind == 0 ? &pico.stall_at : &pico.mute_at) = 60;
		pico.slow_ms = 0;
		OK(flash_run(&job, table, &out, &e) == (kind == 0 ? 0 : -1));
		if (kind == 0) {
			OK(out.result.attempts == 2);
			OK(memcmp(pico.rom.flash, payload2, LARGE_SIZE) == 0);
		} else {	/* it stays mute */
			OK(e.code == ERR_TIMEOUT);
			IS_STR(out.result.state, "bootloader");
		}
		flash_release(&out);
		pending_drop(ID);
	}
}

/* Where an RP2350 puts the family, and whether it runs it. */
static void
test_partitions(void)
{
	struct flash_job job = begin_pico(true);

	pico.rom.partition = 2;
	pico.rom.first = 64;
	pico.rom.last = 255;
	works(&job, LARGE_SIZE, 64 * 4096);
	OK(memcmp(pico.rom.flash, "old", 3) == 0);
	OK(pico.rom.reboot_type == 4 && pico.rom.reboot_p0 == 0x10040000);
	job = begin_pico(true);
	pico.rom.partition = 2;
	pico.rom.first = 64;
	pico.rom.last = 64 + SECTORS - 2;
	fails(&job, ERR_MISMATCH, ID ": picoboot: pico2.uf2: for 0x10000000 "
	    "to 0x10028000, but RP2350 takes 0x10000000 to 0x10027000",
	    "bootloader");
	job = begin_pico(true);
	pico.rom.nowhere = true;
	fails(&job, ERR_UNSUPPORTED, ID ": picoboot: RP2350: its partition "
	    "table has no place for the family RP2350 Arm-S", "bootloader");
	job = begin_pico(true);
	pico.rom.partition = pico.rom.first = 1;
	pico.rom.last = 255;
	pico.rom.partition_locked = true;
	fails(&job, ERR_UNSUPPORTED, ID ": picoboot: RP2350: its partition "
	    "table locks partition 1", "bootloader");
	OK(pico.rom.erased == 0);
}

static void
test_secure_boot(void)
{
	struct flash_job job = begin_pico(true);

	pico.rom.secure_boot = true;
	board.returns = true;
	board.boot_serial = "E6614C311B5A6B2C";
	fails(&job, ERR_VERIFY, ID ": it does not start the image: secure "
	    "boot is on, and it starts only what is signed for it",
	    "unbootable");
	IS_STR(e.hint, "flash an image that is signed for this board");
	job = begin_pico(true);
	pico.rom.secure_boot = true;
	works(&job, LARGE_SIZE, 0);
}

static int noted;

static void
note(void *ctx, const char *msg)
{
	(void)ctx;
	IS_STR(msg, noted == 0 ? ID ": 1-1.2: no permission to open it; "
	    "going on by fake" : ID ": 1-1.2: its boot loader has no PICOBOOT "
	    "interface; going on by fake");
	noted++;
}

/* Without permission, or without the interface, there is the drive. */
static void
test_drive_instead(void)
{
	for (int kind = 0; kind < 2; kind++) {
		struct flash_job job = begin_pico(false);
		struct flash_outcome out;

		table = both_table;
		job.note = note;
		pico.open_fails = kind == 0 ? ERR_PERMISSION : ERR_NONE;
		pico.no_interface = kind == 1;
		OK(flash_run(&job, table, &out, &e) == 0);
		IS_STR(out.result.method, "fake");
		OK(noted == kind + 1 && pico.rom.erased == 0);
		OK(memcmp(fake.mem, payload, LARGE_SIZE) == 0);
		flash_release(&out);
		job = begin_pico(false);
		table = both_table;
		job.method = "picoboot";
		pico.open_fails = ERR_PERMISSION;
		fails(&job, ERR_PERMISSION, ID ": picoboot: 1-1.2: no "
		    "permission to open it", "bootloader");
	}
}

/* Pulled out anywhere: no false "ok", and the next run makes it good. */
static void
test_pulled(void)
{
	struct flash_outcome out;

	for (size_t at = 1; at < 3 * LARGE_SIZE; at += at < 2000 ? 131 : 9973) {
		struct flash_job job = begin_pico(true);
		int r;

		pico.pull_at = at;
		r = flash_run(&job, table, &out, &e);
		OK(r == -1 && e.code == ERR_NOT_FOUND);
		IS_STR(out.result.state, pico.rom.erased > 0 ? "unbootable" :
		    "unknown");
		flash_release(&out);
		pending_drop(ID);
		pico_replug();
		board = begin_board();
		board.machine = MACHINE2;
		fake_begin();
		job.progress = NULL;
		OK(flash_run(&job, table, &out, &e) == 0);
		OK(memcmp(pico.rom.flash, payload2, LARGE_SIZE) == 0);
		flash_release(&out);
	}
}

static void
unfit(const struct flash_job *job, const char *why)
{
	char msg[256];

	snprintf(msg, sizeof(msg), ID ": no way to flash it; picoboot: %s",
	    why);
	fails(job, ERR_UNSUPPORTED, msg, NULL);
}

static void
test_fits(void)
{
	struct flash_job job = begin_pico(true);
	struct flash_world world_without = pico_world;

	job.world = NULL;
	OK(flash_prepare(&job, pico_table, &e) == 0);
	world_without.usb_open = NULL;
	job.world = &world_without;
	unfit(&job, "there are no USB devices to open");
	job = begin_pico(true);
	job.device.mode = job.device.bootloaders[0] = "uf2";
	job.firmware.by = "manual";
	unfit(&job, "the board is in another bootloader");
}

static struct flash_job
begin_both(void)
{
	struct flash_job job = begin_pico(true);

	job.image.path = "both.uf2";
	job.image.sha256 = both_sum;
	return job;
}

static void
puts_cores(const struct flash_job *job, const uint8_t *want)
{
	struct flash_outcome out;

	OK(flash_run(job, table, &out, &e) == 0);
	IS_STR(e.msg, "");
	OK(out.result.written_bytes == LARGE_SIZE);
	OK(memcmp(pico.rom.flash, want, LARGE_SIZE) == 0);
	flash_release(&out);
}

/* A file for both kinds of cores: one image is chosen, here and not there. */
static void
test_cores(void)
{
	static const char riscv[] = MACHINE2 "-RISCV";
	struct flash_job job = begin_both();

	puts_cores(&job, payload2);
	job = begin_both();
	job.board.description = board.machine = riscv;
	puts_cores(&job, payload_riscv);
	job = begin_both();
	job.firmware.by = "manual";	/* another variant than it runs */
	job.firmware.variant = "RISCV";
	board.machine = riscv;
	puts_cores(&job, payload_riscv);
	job = begin_both();
	job.firmware.by = "manual";
	job.firmware.variant = "";
	job.board.description = riscv;
	board.machine = MACHINE2;
	puts_cores(&job, payload2);
	/* It waits in its bootloader, and nobody says a word. */
	job = begin_both();
	job.firmware.board_id = job.firmware.variant = NULL;
	job.board.description = NULL;
	fails(&job, ERR_AMBIGUOUS, "both.uf2: holds an image for the Arm cores "
	    "and one for the RISC-V cores, and nothing tells which the board "
	    "is to run", NULL);
	OK(pico.rom.erased == 0);
}

/* Found in its bootloader, as a drive that has the interface too. */
static void
test_found_there(void)
{
	struct flash_job job = begin_pico(false);

	board.in_boot = true;
	job.device.mode = job.device.bootloaders[0] = "uf2";
	job.device.bootloaders[1] = "picoboot";
	job.device.pid = "0003";
	job.device.usb_serial = "E0C9125B0D9B";
	job.firmware.by = "manual";
	job.bootloader = NULL;
	works(&job, LARGE_SIZE, 0);
	OK(board.left_at == 0);
}

int
main(void)
{
	bench_enter();
	make_images();
	test_well();
	test_same();
	test_chip();
	test_blank();
	test_refused();
	test_retry();
	test_partitions();
	test_secure_boot();
	test_drive_instead();
	test_pulled();
	test_fits();
	test_cores();
	test_found_there();
	pico_end();
	bench_leave();
	return tap_done();
}
