/* SPDX-License-Identifier: MIT */
#include <stdint.h>
#include <stdio.h>

#include "esp/loader.h"
#include "esp/traits.h"
#include "esp_bench.h"
#include "tap.h"

struct trait_case {
	struct sim_esp_opts	 opts;
	const char		*package;
	unsigned		 cores;
	enum esp_psram		 psram;
	uint32_t		 psram_bytes;
	unsigned		 crystal_mhz;
};

static const struct trait_case traits[] = {
	{ { .chip = "esp32", .revision = 300 },
	  "ESP32-D0WDQ6-V3", 2, ESP_PSRAM_UNKNOWN, 0, 40 },
	{ { .chip = "esp32", .revision = 100, .package = 1 },
	  "ESP32-D0WD", 2, ESP_PSRAM_UNKNOWN, 0, 40 },
	{ { .chip = "esp32", .revision = 300, .package = 1, .one_core = true },
	  "ESP32-S0WD-V3", 1, ESP_PSRAM_UNKNOWN, 0, 40 },
	{ { .chip = "esp32", .revision = 100, .package = 5 },
	  "ESP32-PICO-D4", 2, ESP_PSRAM_UNKNOWN, 0, 40 },
	{ { .chip = "esp32", .revision = 300, .package = 5 },
	  "ESP32-PICO-V3", 2, ESP_PSRAM_UNKNOWN, 0, 40 },
	{ { .chip = "esp32", .revision = 300, .package = 6 },
	  "ESP32-PICO-V3-02", 2, ESP_PSRAM_QUAD, 2u << 20, 40 },
	{ { .chip = "esp32", .revision = 300, .package = 7 },
	  "ESP32-D0WDR2-V3", 2, ESP_PSRAM_QUAD, 2u << 20, 40 },
	{ { .chip = "esp32", .package = 9 },
	  "", 2, ESP_PSRAM_UNKNOWN, 0, 40 },
	{ { .chip = "esp32s2", .psram_mb = 4 },
	  "", 0, ESP_PSRAM_QUAD, 4u << 20, 40 },
	{ { .chip = "esp32s3", .revision = 1 },
	  "", 0, ESP_PSRAM_NONE, 0, 40 },
	{ { .chip = "esp32s3", .psram_mb = 2 },
	  "", 0, ESP_PSRAM_QUAD, 2u << 20, 40 },
	{ { .chip = "esp32s3", .psram_mb = 4 },
	  "", 0, ESP_PSRAM_UNKNOWN, 4u << 20, 40 },
	{ { .chip = "esp32s3", .psram_mb = 8 },
	  "", 0, ESP_PSRAM_OCTAL, 8u << 20, 40 },
	{ { .chip = "esp32s3", .psram_mb = 16 },
	  "", 0, ESP_PSRAM_OCTAL, 16u << 20, 40 },
	{ { .chip = "esp32c2", .revision = 100 },
	  "", 0, ESP_PSRAM_NONE, 0, 40 },
	{ { .chip = "esp32c3", .secure_download = true },
	  "", 0, ESP_PSRAM_NONE, 0, 40 },
	{ { .chip = "esp32s3", .secure_download = true },
	  "", 0, ESP_PSRAM_UNKNOWN, 0, 40 },
	{ { .chip = "esp32c5", .revision = 100 },
	  "", 0, ESP_PSRAM_UNKNOWN, 0, 40 },
	{ { .chip = "esp32h2", .revision = 100 },
	  "", 0, ESP_PSRAM_NONE, 0, 32 },
	{ { .chip = "esp32p4", .revision = 100 },
	  "", 0, ESP_PSRAM_UNKNOWN, 0, 40 },
	{ { .chip = "esp8266", .revision = 0 },
	  "", 0, ESP_PSRAM_NONE, 0, 26 },
};

static void
check_traits(const struct trait_case *t)
{
	struct esp_bench *b = esp_bench_new(&t->opts);
	struct esp_loader *l = NULL;
	struct esp_target target;
	struct esp_traits got;
	struct err e = ERR_INIT;
	const bool locked = t->opts.secure_download;
	size_t n;

	printf("# %s %u\n", t->opts.chip, t->opts.package);
	OK(open_loader(b, &l, &target, &e) == 0);
	OK(esp_traits(l, &target, &got, &e) == 0);
	IS_STR(got.package, t->package);
	OK(got.cores == t->cores && got.psram == t->psram);
	OK(got.psram_bytes == t->psram_bytes);
	OK(got.crystal_mhz == t->crystal_mhz);
	OK(got.blank == (locked ? -1 : 1));
	sim_esp_flash(b->chip, &n)[target.chip->boot_offset] = 0xe9;
	OK(esp_blank(l, &target, &got.blank, &e) == 0 &&
	    got.blank == (locked ? -1 : 0));
	/* The registers are as before: the flash still says its id. */
	OK(locked || (esp_identify(l, &target, &e) == 0 &&
	    target.flash_size == 4u << 20));
	esp_loader_free(l);
	link_close(&b->link);
}

static void
test_traits(void)
{
	for (size_t i = 0; i < sizeof(traits) / sizeof(traits[0]); i++)
		check_traits(&traits[i]);
}

/* A flash of XMC that has not started says another size. */
static void
check_asleep(const char *chip)
{
	const struct sim_esp_opts opts = { .chip = chip, .flash_asleep = true,
		.flash_id = 0x164020 };
	struct esp_bench *b = esp_bench_new(&opts);
	struct esp_loader *l = NULL;
	struct esp_target target;
	struct err e = ERR_INIT;

	OK(open_loader(b, &l, &target, &e) == 0);
	OK(target.flash_id == 0x164020 && target.flash_size == 4u << 20);
	esp_loader_free(l);
	link_close(&b->link);
}

int
main(void)
{
	test_traits();
	check_asleep("esp32");
	check_asleep("esp32c3");
	check_asleep("esp8266");
	return tap_done();
}
