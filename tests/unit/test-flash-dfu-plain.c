/* SPDX-License-Identifier: MIT */
/* Boards that are written by plain DFU. */
#include "../tests/unit/dfu_flash_bench.h"
#include "../tests/unit/make_dfu.h"

#define NANO		"Arduino Nano ESP32 with ESP32S3"
/* It has layouts as DfuSe has, and speaks plain DFU. */
#define CODE_FLASH	"@CodeFlash /0x00000000/8*8Ka,30*32Kg"
#define DATA_FLASH	"@DataFlash /0x08000000/8*1Kg"
#define C33		"Arduino Portenta C33 with RA6M5"

static const uint8_t zeros[20000];

/* An application for an ESP32-S3 that says what it is. */
static struct flash_job
nano(bool whole)
{
	static uint8_t app[50000];
	static const uint8_t head[] = { 0xe9, 1, 2, 0x3f, 0, 0, 0, 0, 0xee, 0,
		0, 0, 9 };
	const size_t data = sizeof(app) - 24 - 8 - 16;
	struct buf b = BUF_INIT;
	uint8_t check = 0xef;

	memset(app, 0, sizeof(app));
	memcpy(app, head, sizeof(head));
	app[28] = (uint8_t)data;
	app[29] = (uint8_t)(data >> 8);
	memcpy(app + 32, "\x32\x54\xcd\xab", 4);
	app[32] = whole ? 0 : 0x32;
	memcpy(app + 400, SAYS NANO, sizeof(SAYS NANO));
	for (size_t i = 32; i < 32 + data; i++)
		check ^= app[i];
	app[sizeof(app) - 1] = check;
	buf_add(&b, app, sizeof(app));
	keep_image(&b);
	buf_release(&b);
	board.machine = NANO;
	return job_for("esp32", "ARDUINO_NANO_ESP32", "esp");
}

static const struct sim_dfu_opts arduino = { .vid = 0x2341, .pid = 0x0070,
	.layout = { "Arduino" }, .transfer = 4096, .quirks = SIM_DFU_PLAIN };

static void
test_nano(void)
{
	struct flash_job job;
	struct flash_outcome out;
	uint32_t addr;
	size_t n;

	plug(&arduino);
	job = nano(false);
	job.device.vid = "2341";
	job.device.pid = "0070";
	OK(flash(&job, &out) == ERR_NONE);
	IS_STR(e.msg, "");
	IS_STR(out.result.method, "dfu");
	IS_STR(out.result.verified[0], "boot");
	OK(out.result.written_bytes == 50000);
	OK(sim_dfu_started(usb.sim, &addr));
	sim_dfu_memory(usb.sim, 0, &n);
	OK(n == 50000);
	flash_release(&out);
	/* Its last block fails. */
	plug(&(struct sim_dfu_opts){ .vid = 0x2341, .pid = 0x0070,
		.layout = { "Arduino" }, .transfer = 4096,
		.quirks = SIM_DFU_PLAIN, .fault = SIM_DFU_FAIL_WRITE,
		.fault_at = 12 });
	OK(flash(&job, &out) == ERR_IO);
	IS_STR(out.result.state, "bootloader");
	flash_release(&out);
	plug(&arduino);
	job = nano(true);
	job.device.vid = "2341";
	job.device.pid = "0070";
	refused(&job, ERR_UNSUPPORTED, "the application alone: .app-bin");
	job = nano(false);
	job.device.vid = "2341";
	job.device.pid = "0368";
	plug(&(struct sim_dfu_opts){ .vid = 0x2341, .pid = 0x0368,
		.layout = { "Arduino" }, .quirks = SIM_DFU_PLAIN });
	refused(&job, ERR_MISMATCH, "the bootloader of ARDUINO_NANO_ESP32 is "
	    "2341:0070, but this is 2341:0368");
	plug(&arduino);
	job = nano(false);
	job.firmware.board_id = "ESP32_GENERIC_S3";
	refused(&job, ERR_UNSUPPORTED, "no plain DFU is known of this board");
	/* An application is never written where a boot loader belongs. */
	job.device.mode = "repl";
	job.device.serial_port = "/dev/ttyACM7";
	job.board.description = NANO;
	refused(&job, ERR_MISMATCH, "an application alone, without boot "
	    "loader");
	/* And its own DFU bootloader is not erased. */
	job = nano(true);
	job.device.mode = "repl";
	job.device.serial_port = "/dev/ttyACM7";
	job.board.description = NANO;
	job.words.wipe = FLASH_WIPE_ALL;
	refused(&job, ERR_UNSUPPORTED, "--erase all: it would erase the DFU "
	    "bootloader of the Nano ESP32");
}

static void
test_c33(void)
{
	struct flash_job job;
	struct flash_outcome out;
	struct buf b = BUF_INIT;
	uint32_t addr;
	size_t n;

	plug(&(struct sim_dfu_opts){ .vid = 0x2341, .pid = 0x0368,
		.layout = { CODE_FLASH, DATA_FLASH },
		.quirks = SIM_DFU_PLAIN | SIM_DFU_RESETS });
	buf_add(&b, zeros, 64);
	buf_add(&b, SAYS C33, sizeof(SAYS C33));
	buf_add(&b, zeros, sizeof(zeros));
	keep_image(&b);
	board.machine = C33;
	job = job_for("renesas-ra", "ARDUINO_PORTENTA_C33", "bin");
	job.device.vid = "2341";
	job.device.pid = "0368";
	OK(flash(&job, &out) == ERR_NONE);
	IS_STR(e.msg, "");
	OK(sim_dfu_started(usb.sim, &addr) &&
	    memcmp(sim_dfu_memory(usb.sim, 0, &n), b.data, b.len) == 0 &&
	    n == b.len);
	flash_release(&out);
	/* The same with a suffix, which stays here. */
	plug(&(struct sim_dfu_opts){ .vid = 0x2341, .pid = 0x0368,
		.layout = { CODE_FLASH, DATA_FLASH },
		.quirks = SIM_DFU_PLAIN });
	board.machine = C33;
	make_suffix(&b, 0x2341, 0x0368);
	keep_image(&b);
	job.image.format = "dfu";
	OK(flash(&job, &out) == ERR_NONE);
	sim_dfu_memory(usb.sim, 0, &n);
	OK(n == b.len - 16);
	flash_release(&out);
	plug(&(struct sim_dfu_opts){ .vid = 0x2341, .pid = 0x0368 });
	refused(&job, ERR_UNSUPPORTED, "speaks DfuSe, not plain DFU");
	buf_release(&b);
}

int
main(void)
{
	bench_enter();
	test_nano();
	test_c33();
	bench_leave();
	return tap_done();
}
