/* SPDX-License-Identifier: MIT */
#include "esp_flash_bench.h"

/* --- a chip with a USB of its own --- */

static void
press_boot(void *ctx, const char *msg)
{
	(void)ctx;
	OK(strstr(msg, "BOOT") != NULL);
	sim_esp_reset(esp_cable.chip, true, clock_ms() * 1000);
}

static void
test_usb(size_t number, const char *chip)
{
	struct esp_kind k = { .chip = chip, .usb = SIM_ESP_OTG };
	struct flash_job job;
	struct flash_outcome out;

	esp_kind_make(&k, number);
	/* MicroPython hears DTR and RTS. */
	plug(&k, OTHER);
	job = esp_world_job();
	flash_well(&job);
	IS_STR(sim_esp_pid(esp_cable.chip), "4001");
	/* An older one is told by its REPL. */
	k.deaf = true;
	plug(&k, OTHER);
	job = esp_world_job();
	flash_well(&job);
	IS_STR(sim_esp_pid(esp_cable.chip), "4001");
	/* A program that answers nothing leaves it to a person. */
	esp_world_person(press_boot);
	plug(&k, OTHER);
	job = esp_world_job();
	job.device.mode = "silent";
	job.board = (struct board)BOARD_INIT;
	flash_well(&job);
	IS_STR(sim_esp_pid(esp_cable.chip), "4001");
	esp_world_person(NULL);
	/* By its button: started by its watchdog. */
	plug(&k, BLANK);
	sim_esp_reset(esp_cable.chip, true, clock_ms() * 1000);
	job = esp_world_job();
	flash_well(&job);
	/* Nobody there: it runs on, and is told of. */
	plug(&k, OTHER);
	job = esp_world_job();
	job.device.mode = "silent";
	job.board = (struct board)BOARD_INIT;
	OK(esp_world_run(&job, &out, &e) == -1);
	OK(esp_world_runs() && !esp_world_starts_new());
	OK(strstr(e.msg, "no software way into its bootloader") != NULL);
	OK(strstr(e.hint, "hold BOOT") != NULL);
	flash_release(&out);
	esp_kind_release(&k);
}

/* A bridge that nobody knows looks like the USB of a firmware. */
static void
test_unknown_bridge(size_t number)
{
	struct esp_kind k = { .chip = "esp32s3", .strange = true };
	struct flash_job job;

	esp_kind_make(&k, number);
	plug(&k, OTHER);
	job = esp_world_job();
	IS_STR(job.device.vid, "1209");
	flash_well(&job);
	esp_kind_release(&k);
}

/* Its USB-JTAG unit stays the same device. */
static void
test_jtag(size_t number, const char *chip)
{
	struct esp_kind k = { .chip = chip, .usb = SIM_ESP_JTAG };
	struct flash_job job;

	esp_kind_make(&k, number);
	plug(&k, OTHER);
	job = esp_world_job();
	flash_well(&job);
	OK(esp_cable.n_rates > 0 && last_rate() == 115200);
	esp_kind_release(&k);
}

/* A P4 whose flash has no power in its loader. */
static void
test_power(size_t number, unsigned revision)
{
	struct esp_kind k = { .chip = "esp32p4", .revision = revision };
	struct flash_job job;

	esp_kind_make(&k, number);
	plug(&k, BLANK);
	job = esp_world_job();
	flash_well(&job);
	esp_kind_release(&k);
}

/* --- a board that does not start what was written --- */

static void
test_held(size_t number, const char *chip, const char *button)
{
	struct esp_kind k = { .chip = chip, .io0_low = true };
	struct flash_outcome out;
	struct flash_job job;

	esp_kind_make(&k, number);
	plug(&k, BLANK);
	job = esp_world_job();
	OK(esp_world_run(&job, &out, &e) == -1);
	OK(e.code == ERR_VERIFY && esp_world_holds_new());
	OK(strstr(e.msg, "is in its boot loader again") != NULL);
	OK(strstr(e.hint, button) != NULL);
	IS_STR(out.result.state, "bootloader");
	flash_release(&out);
	esp_kind_release(&k);
}

static void
check_quad(struct esp_kind *k, const char *mode, bool starts,
    const char *said)
{
	struct flash_outcome out;
	struct flash_job job;
	const int64_t half = 65536;

	plug(k, BLANK);
	job = esp_world_job();
	job.flash_mode = mode;
	/* Found blank, which it is not any more when it is written again. */
	job.chip.name = k->chip;
	job.chip.mac = "18:fe:34:01:02:03";
	job.chip.blank = 1;
	job.device.named = false;
	OK((esp_world_run(&job, &out, &e) == 0) == starts);
	OK(esp_world_runs() == starts);
	if (esp_world_runs() != starts)
		printf("# %s: %s\n", mode, e.msg);
	OK((out.result.flash_mode == NULL) == (said == NULL));
	if (said != NULL)
		IS_STR(out.result.flash_mode, said);
	OK(out.result.attempts == (said != NULL ? 2 : 1));
	OK(out.result.written_bytes > half &&
	    out.result.unchanged_bytes == 0);
	flash_release(&out);
}

/* A flash with two lines, and a header that asks for four. */
static void
test_no_quad(size_t number, const char *chip)
{
	struct esp_kind k = { .chip = chip, .no_quad = true };

	esp_kind_make(&k, number);
	check_quad(&k, "qio", true, "dio");
	check_quad(&k, "qout", true, "dio");
	check_quad(&k, "keep", true, NULL);
	check_quad(&k, "dout", true, NULL);
	k.no_quad = false;
	check_quad(&k, "qio", true, NULL);
	esp_kind_release(&k);
}

int
main(void)
{
	begin_esp_bench();
	test_usb(10, "esp32s2");
	test_usb(11, "esp32s3");
	test_unknown_bridge(21);
	test_jtag(12, "esp32c3");
	test_jtag(13, "esp32s3");
	test_power(14, 301);
	test_power(15, 302);
	test_power(16, 300);
	test_held(17, "esp32c3", "BOOT (GPIO9)");
	test_held(18, "esp8266", "FLASH (GPIO0)");
	test_no_quad(19, "esp32");
	test_no_quad(20, "esp32c3");
	return end_esp_bench();
}
