/* SPDX-License-Identifier: MIT */
/* Boards that are written by DfuSe. */
#include "../tests/unit/dfu_flash_bench.h"
#include "../tests/unit/make_dfu.h"

#define FLASH		0x08000000u
#define VECTORS		0x3f00u		/* bytes */
#define TEXT		0x30000u
#define TEXT_AT		(FLASH + 0x20000u)

static uint8_t vectors[VECTORS], text[TEXT];
static const struct make_element elements[] = {
	{ FLASH, vectors, VECTORS }, { TEXT_AT, text, TEXT },
};

static struct flash_job
pyboard(const char *format)
{
	struct buf b = BUF_INIT;

	if (strcmp(format, "hex") == 0)
		make_hex(&b, elements, 2);
	else
		make_dfu(&b, 0, 0x0483, 0xdf11, elements, 2);
	keep_image(&b);
	buf_release(&b);
	return job_for("stm32", "PYBV11", format);
}

static bool
has_image(void)
{
	size_t n;
	const uint8_t *p = sim_dfu_memory(usb.sim, 0, &n);

	return memcmp(p, vectors, VECTORS) == 0 &&
	    memcmp(p + 0x20000, text, TEXT) == 0;
}

static void
works(const char *format, const struct sim_dfu_opts *opts)
{
	struct flash_job job = pyboard(format);
	struct flash_outcome out;
	uint32_t addr = 0;
	uint8_t *p;
	size_t n;

	plug(opts);
	p = sim_dfu_memory(usb.sim, 0, &n);
	memset(p, 0, n);
	OK(flash(&job, &out) == ERR_NONE);
	IS_STR(e.msg, "");
	IS_STR(out.result.method, "dfu");
	IS_STR(out.result.bootloader, "none");
	IS_STR(out.result.state, "running");
	IS_STR(out.result.verified[0], "readback");
	IS_STR(out.result.verified[1], "boot");
	OK(out.result.written_bytes == VECTORS + TEXT);
	OK(has_image() && sim_dfu_started(usb.sim, &addr) && addr == FLASH);
	/* Its file system, between the two, is as it was. */
	for (n = 0x4000; n < 0x20000 && p[n] == 0; n++)
		continue;
	OK(n == 0x20000);
	OK(sim_dfu_counts(usb.sim)->erases == 3 &&
	    sim_dfu_counts(usb.sim)->early == 0);
	OK(usb.closed == 1);
	flash_release(&out);
}

static void
test_formats(void)
{
	static const struct sim_dfu_opts rom = { .quirks = SIM_DFU_STRICT };
	static const struct sim_dfu_opts mboot = { .release = 0x300,
		.manufacturer = "MicroPython", .product = "Pyboard DFU",
		.layout = { "@Internal Flash  /0x08000000/"
		    "04*016Kg,01*064Kg,07*128Kg/0x90000000/512*04Kg" },
		.quirks = SIM_DFU_MBOOT };
	static const struct sim_dfu_opts small = { .transfer = 1024,
		.quirks = SIM_DFU_DIRECT | SIM_DFU_MUTE_LEAVE };
	/* It counts no blocks: found out by reading back. */
	static const struct sim_dfu_opts clone = { .quirks =
		SIM_DFU_ONE_BLOCK };
	struct flash_job job;
	struct flash_outcome out;

	works("dfu", &rom);
	works("hex", &rom);
	works("dfu", &mboot);
	works("hex", &small);
	job = pyboard("dfu");
	plug(&clone);
	OK(flash(&job, &out) == ERR_NONE && has_image() &&
	    out.result.attempts == 2);
	flash_release(&out);
}

/* What is there already is neither erased nor written. */
static void
test_same(void)
{
	struct flash_job job = pyboard("dfu");
	struct flash_outcome out;
	uint8_t *p;
	size_t n;

	plug(&(struct sim_dfu_opts){ .quirks = SIM_DFU_STRICT });
	p = sim_dfu_memory(usb.sim, 0, &n);
	memcpy(p, vectors, VECTORS);
	memcpy(p + 0x20000, text, TEXT);
	p[0x20000 + 5] ^= 1;
	OK(flash(&job, &out) == ERR_NONE && has_image());
	OK(sim_dfu_counts(usb.sim)->erases == 1);
	OK(out.result.unchanged_bytes == VECTORS + TEXT - 0x20000 &&
	    out.result.written_bytes == 0x20000);
	flash_release(&out);
}

static void
test_erase(void)
{
	struct flash_job job = pyboard("dfu");
	struct flash_outcome out;
	uint8_t *p;
	size_t n;

	plug(&(struct sim_dfu_opts){ .quirks = SIM_DFU_STRICT |
	    SIM_DFU_LONG_MASS });
	p = sim_dfu_memory(usb.sim, 0, &n);
	memset(p, 0, n);
	job.words.wipe = FLASH_WIPE_ALL;
	OK(flash(&job, &out) == ERR_NONE && has_image());
	OK(sim_dfu_counts(usb.sim)->mass_erases == 1 && p[0x4000] == 0xff &&
	    p[n - 1] == 0xff && out.result.erased == 1);
	flash_release(&out);
	job.words.wipe = FLASH_WIPE_FILES;
	OK(flash(&job, &out) == ERR_UNSUPPORTED);
	IS_STR(e.msg, "--erase fs: nothing tells where the files of an "
	    "STM32 board are");
	flash_release(&out);
}

static void
test_bin(void)
{
	struct flash_job job;
	struct flash_outcome out;
	struct buf b = BUF_INIT;

	plug(&(struct sim_dfu_opts){ .quirks = 0 });
	buf_add(&b, text, TEXT);
	keep_image(&b);
	buf_release(&b);
	job = job_for("stm32", "PYBV11", "bin");
	OK(flash(&job, &out) == ERR_UNSUPPORTED);
	OK(strstr(e.msg, "dfu: a .bin does not say where it goes: use .dfu "
	    "or .hex, or say so with --offset") != NULL);
	flash_release(&out);
	job.firmware.flash_offset = TEXT_AT;
	OK(flash(&job, &out) == ERR_NONE);
	flash_release(&out);
	plug(&(struct sim_dfu_opts){ .quirks = 0 });
	job.firmware.flash_offset = -1;
	job.words.has_offset = true;
	job.words.offset = TEXT_AT;
	OK(flash(&job, &out) == ERR_NONE);
	flash_release(&out);
}

/* The pyboard's file, but for these. */
static struct flash_job
other_file(uint8_t alternate, uint16_t pid, uint32_t addr)
{
	const struct make_element v[] = { { FLASH, vectors, VECTORS },
		{ TEXT_AT, text, TEXT }, { addr, text, 16 } };
	struct buf b = BUF_INIT;

	make_dfu(&b, alternate, 0x0483, pid, v, addr == 0 ? 2 : 3);
	keep_image(&b);
	buf_release(&b);
	return job_for("stm32", "PYBV11", "dfu");
}

static void
test_refused(void)
{
	static const struct sim_dfu_opts rom = { .quirks = 0 };
	struct sim_dfu_opts other = { .quirks = 0 };
	struct flash_job job = pyboard("dfu");

	plug(&(struct sim_dfu_opts){ .quirks = SIM_DFU_PROTECTED });
	refused(&job, ERR_UNSUPPORTED, "STM32  BOOTLOADER: address "
	    "0x08000000: read protection is on");
	OK(strstr(e.hint, "erases the whole chip") != NULL);
	plug(&(struct sim_dfu_opts){ .quirks = SIM_DFU_NO_UPLOAD });
	refused(&job, ERR_UNSUPPORTED, "its flash cannot be read back");
	plug(&(struct sim_dfu_opts){ .quirks = SIM_DFU_PLAIN,
		.layout = { "firmware" } });
	refused(&job, ERR_UNSUPPORTED, "speaks plain DFU");
	other.layout[0] = "@Internal Flash  /0x08000000/256*0002Ka";
	plug(&other);
	refused(&job, ERR_PROTOCOL, "it names no flash");
	other.layout[0] = "@Internal Flash  /0x08000000/64*0002Kg";
	plug(&other);
	refused(&job, ERR_MISMATCH, "for 0x8020000 to 0x8050000, but STM32  "
	    "BOOTLOADER takes 0x8000000 to 0x8020000");
	plug(&rom);
	usb.busy = true;
	refused(&job, ERR_BUSY, "in use");

	plug(&rom);
	job = other_file(0, 0xdf11, 0x1fffc000);
	refused(&job, ERR_UNSUPPORTED, "holds bytes for 0x1fffc000, the "
	    "memory \"Option Bytes\", which is not written");
	job = other_file(1, 0xdf11, 0);
	refused(&job, ERR_MISMATCH, "for the alternate setting 1 of the "
	    "device, but its addresses are in 0 (\"Internal Flash\")");
	job = other_file(0, 0xdf12, 0);
	refused(&job, ERR_MISMATCH, "for the device 0483:df12, but this is "
	    "0483:df11");
	job = pyboard("dfu");
	job.firmware.port = "nrf";
	refused(&job, ERR_UNSUPPORTED, "only boards of the port stm32");
	job = pyboard("dfu");
	job.method = "dfu";
	job.device.mode = "uf2";
	refused(&job, ERR_UNSUPPORTED, "the board is in another bootloader");
	job.device.mode = "foreign";
	job.device.named = true;
	job.device.pid = "374b";
	refused(&job, ERR_UNSUPPORTED, "the device is a debug probe");
	job.device.pid = "3754";
	refused(&job, ERR_UNSUPPORTED, "the device is a debug probe");
}

/* Nobody has said that the image is for this board. */
static void
test_unknown(void)
{
	struct flash_job job = pyboard("dfu");

	plug(&(struct sim_dfu_opts){ .quirks = 0 });
	job.image.checks[1] = NULL;
	refused(&job, ERR_MISMATCH, "nothing tells whether it fits");
	job = pyboard("dfu");
	job.board.description = "PYBD_SF2W with STM32F722IEK";
	refused(&job, ERR_MISMATCH, "for stm32f4, but the board has stm32f7");
}

static void
test_trouble(void)
{
	struct flash_job job = pyboard("dfu");
	struct flash_outcome out;

	/* Once is mended. */
	plug(&(struct sim_dfu_opts){ .fault = SIM_DFU_WRONG_BITS,
		.fault_at = 20 });
	OK(flash(&job, &out) == ERR_NONE && has_image() &&
	    out.result.attempts == 2);
	flash_release(&out);
	plug(&(struct sim_dfu_opts){ .fault = SIM_DFU_FAIL_ERASE,
		.fault_at = 1 });
	OK(flash(&job, &out) == ERR_NONE && has_image());
	flash_release(&out);
	plug(&(struct sim_dfu_opts){ .fault = SIM_DFU_PULL,
		.fault_at = 300 });
	OK(flash(&job, &out) == ERR_NOT_FOUND);
	IS_STR(out.result.state, "unbootable");
	OK(out.result.verified[0] == NULL);
	flash_release(&out);
	plug(&(struct sim_dfu_opts){ .fault = SIM_DFU_DEAF,
		.fault_at = 150 });
	OK(flash(&job, &out) == ERR_TIMEOUT);
	IS_STR(out.result.state, "bootloader");
	flash_release(&out);
}

/* What the host has not written to its drive yet would be lost. */
static void
test_mounted(void)
{
	struct flash_job job = pyboard("dfu");

	plug(&(struct sim_dfu_opts){ .quirks = 0 });
	board.volume = "/media/PYBFLASH";
	job.device.mode = "repl";
	job.device.vid = "f055";
	job.device.pid = "9800";
	job.device.serial_port = "/dev/ttyACM7";
	job.board.port = "stm32";
	job.board.description = PYBOARD;
	refused(&job, ERR_BUSY, ID ": its drive is mounted on "
	    "/media/PYBFLASH, and a reset now could damage the files there");
	IS_STR(e.hint, "unmount it first: udisksctl unmount -b /dev/sdx1, or "
	    "umount /media/PYBFLASH");
	OK(boot_in_mode("dfu", &(struct bus_place){ .present = true,
	    .mass_storage = true }, &job.device) == false);
}

int
main(void)
{
	bench_enter();
	for (size_t i = 0; i < VECTORS; i++)
		vectors[i] = (uint8_t)(i * 7);
	for (size_t i = 0; i < TEXT; i++)
		text[i] = (uint8_t)(i * 31 + i / 251);
	memcpy(text + 1000, SAYS PYBOARD, sizeof(SAYS PYBOARD));
	test_formats();
	test_same();
	test_erase();
	test_bin();
	test_refused();
	test_unknown();
	test_trouble();
	test_mounted();
	bench_leave();
	return tap_done();
}
