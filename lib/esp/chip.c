/* SPDX-License-Identifier: MIT */
#include "esp/chip.h"

#include <string.h>

/* Where the registers of SPI1 are, from its base. */
#define SPI_OLD		.usr = 0x1c, .usr1 = 0x20, .usr2 = 0x24
#define SPI_NEW		.usr = 0x18, .usr1 = 0x1c, .usr2 = 0x20, \
			.mosi_dlen = 0x24, .miso_dlen = 0x28, .w0 = 0x58

/* The n-th word of BLOCK1 of the eFuses, which begins with the MAC. */
#define WORD(base, n)	((base) + 4u * (n))

const struct esp_chip esp_chips[] = {
	{ .name = "esp32", .shown = "ESP32", .id = ESP_NOT_TOLD,
	  .image_id = 0, .magic = { 0x00f01d83 }, .supported = true,
	  .boot_offset = 0x1000,
	  .spi = 0x3ff42000, SPI_OLD, .mosi_dlen = 0x28,
	  .miso_dlen = 0x2c, .w0 = 0x80, .addr_left = true,
	  .mac = { 0x3ff5a004, 0x3ff5a008 },
	  /* The major revision is gathered from three registers. */
	  .rev_minor = { { 0x3ff5a014, 24, 2 } },
	  .secure_boot = { { 0x3ff5a018, 4, 1 }, { 0x3ff5a018, 5, 1 } },
	  .crypt_count = { 0x3ff5a000, 20, 7 },
	  .quad_mb = 8, .uart_divider = 0x3ff40014,
	  .button = "BOOT (GPIO0)" },
	{ .name = "esp32c2", .shown = "ESP32-C2", .id = 12,
	  .image_id = 12, .magic = { 0x6f51306f, 0x7c41a06f,
	  0x0c21e06f }, .supported = true, .boot_offset = 0,
	  .spi = 0x60002000, SPI_NEW,
	  .mac = { 0x60008840, 0x60008844 },
	  .rev_major = { { WORD(0x60008840, 1), 20, 2 } },
	  .rev_minor = { { WORD(0x60008840, 1), 16, 4 } },
	  .secure_boot = { { 0x60008830, 21, 1 } },
	  .crypt_count = { 0x60008830, 7, 3 },
	  .no_psram = true, .uart_divider = 0x60000014,
	  .button = "BOOT (GPIO9)" },
	{ .name = "esp32c3", .shown = "ESP32-C3", .id = 5,
	  .image_id = 5, .magic = { 0x6921506f, 0x1b31506f, 0x4881606f,
	  0x4361606f }, .supported = true, .boot_offset = 0,
	  .spi = 0x60002000, SPI_NEW,
	  .mac = { 0x60008844, 0x60008848 },
	  .rev_major = { { WORD(0x60008844, 5), 24, 2 } },
	  .rev_minor = { { WORD(0x60008844, 3), 18, 3 },
	      { WORD(0x60008844, 5), 23, 1 } },
	  .min_rev_minor = true,
	  .secure_boot = { { 0x60008838, 20, 1 } },
	  .crypt_count = { 0x60008834, 18, 3 },
	  .wdt_config0 = 0x60008090, .wdt_protect = 0x600080a8,
	  .swd_config = 0x600080ac, .swd_protect = 0x600080b0,
	  .swd_key = 0x8f1d312a, .swd_feed = 31,
	  .no_psram = true, .crystal_mhz = 40,
	  .button = "BOOT (GPIO9)" },
	{ .name = "esp32c5", .shown = "ESP32-C5", .id = 23,
	  .image_id = 23, .magic = { 0x1101406f, 0x5fd1406f },
	  .supported = true, .boot_offset = 0x2000,
	  .spi = 0x60003000, SPI_NEW,
	  .mac = { 0x600b4844, 0x600b4848 },
	  .rev_major = { { WORD(0x600b4844, 2), 4, 2 } },
	  .rev_minor = { { WORD(0x600b4844, 2), 0, 4 } },
	  .secure_boot = { { 0x600b4838, 25, 1 } },
	  .crypt_count = { 0x600b4834, 16, 3 },
	  .wdt_config0 = 0x600b1c00, .wdt_protect = 0x600b1c18,
	  .swd_config = 0x600b1c1c, .swd_protect = 0x600b1c20,
	  .swd_key = ESP_WDT_KEY, .swd_feed = 18,
	  .uart_divider = 0x60000014,
	  .button = "BOOT (GPIO28)" },
	{ .name = "esp32c6", .shown = "ESP32-C6", .id = 13,
	  .image_id = 13, .magic = { 0x2ce0806f }, .supported = true,
	  .boot_offset = 0,
	  .spi = 0x60003000, SPI_NEW,
	  .mac = { 0x600b0844, 0x600b0848 },
	  .rev_major = { { WORD(0x600b0844, 3), 22, 2 } },
	  .rev_minor = { { WORD(0x600b0844, 3), 18, 4 } },
	  .secure_boot = { { 0x600b0838, 20, 1 } },
	  .crypt_count = { 0x600b0834, 18, 3 },
	  .wdt_config0 = 0x600b1c00, .wdt_protect = 0x600b1c18,
	  .swd_config = 0x600b1c1c, .swd_protect = 0x600b1c20,
	  .swd_key = ESP_WDT_KEY, .swd_feed = 18,
	  .no_psram = true, .crystal_mhz = 40,
	  .button = "BOOT (GPIO9)" },
	{ .name = "esp32c61", .shown = "ESP32-C61", .id = 20,
	  .image_id = 20, .magic = { 0x7211606f }, .boot_offset = 0,
	  .spi = 0x60003000, SPI_NEW,
	  .mac = { 0x600b4844, 0x600b4848 },
	  .rev_major = { { WORD(0x600b4844, 2), 4, 2 } },
	  .rev_minor = { { WORD(0x600b4844, 2), 0, 4 } },
	  .secure_boot = { { 0x600b4834, 26, 1 } },
	  .crypt_count = { 0x600b4830, 23, 3 },
	  .wdt_config0 = 0x600b1c00, .wdt_protect = 0x600b1c18,
	  .swd_config = 0x600b1c1c, .swd_protect = 0x600b1c20,
	  .swd_key = ESP_WDT_KEY, .swd_feed = 18,
	  .button = "BOOT (GPIO9)" },
	{ .name = "esp32e22", .shown = "ESP32-E22", .id = 31,
	  .image_id = 31 },
	{ .name = "esp32h2", .shown = "ESP32-H2", .id = 16,
	  .image_id = 16, .magic = { 0xd7b73e80 }, .supported = true,
	  .boot_offset = 0,
	  .spi = 0x60003000, SPI_NEW,
	  .mac = { 0x600b0844, 0x600b0848 },
	  .rev_major = { { WORD(0x600b0844, 3), 21, 2 } },
	  .rev_minor = { { WORD(0x600b0844, 3), 18, 3 } },
	  .secure_boot = { { 0x600b0838, 20, 1 } },
	  .crypt_count = { 0x600b0834, 18, 3 },
	  .wdt_config0 = 0x600b1c00, .wdt_protect = 0x600b1c1c,
	  .swd_config = 0x600b1c20, .swd_protect = 0x600b1c24,
	  .swd_key = ESP_WDT_KEY, .swd_feed = 18,
	  .no_psram = true, .crystal_mhz = 32,
	  .button = "BOOT (GPIO9)" },
	{ .name = "esp32h21", .shown = "ESP32-H21", .id = 25,
	  .image_id = 25 },
	{ .name = "esp32h4", .shown = "ESP32-H4", .id = 28,
	  .image_id = 28, .boot_offset = 0x2000 },
	{ .name = "esp32p4", .shown = "ESP32-P4", .id = 18,
	  .image_id = 18, .supported = true, .boot_offset = 0x2000,
	  .spi = 0x5008d000, SPI_NEW,
	  .mac = { 0x5012d044, 0x5012d048 },
	  .rev_major = { { WORD(0x5012d044, 2), 4, 2 },
	      { WORD(0x5012d044, 2), 23, 1 } },
	  .rev_minor = { { WORD(0x5012d044, 2), 0, 4 } },
	  .secure_boot = { { 0x5012d038, 20, 1 } },
	  .crypt_count = { 0x5012d034, 18, 3 },
	  .strap = 0x500e0038, .force_loader = { 0x50110008, 2, 1 },
	  .wdt_config0 = 0x50116000, .wdt_protect = 0x50116018,
	  .swd_config = 0x5011601c, .swd_protect = 0x50116020,
	  .swd_key = ESP_WDT_KEY, .swd_feed = 18,
	  .otg_pid = 0x0012, .crystal_mhz = 40,
	  .button = "BOOT (GPIO35)" },
	{ .name = "esp32s2", .shown = "ESP32-S2", .id = 2,
	  .image_id = 2, .magic = { 0x000007c6 }, .supported = true,
	  .boot_offset = 0x1000,
	  .spi = 0x3f402000, SPI_NEW,
	  .mac = { 0x3f41a044, 0x3f41a048 },
	  .rev_major = { { WORD(0x3f41a044, 3), 18, 2 } },
	  .rev_minor = { { WORD(0x3f41a044, 4), 4, 3 },
	      { WORD(0x3f41a044, 3), 20, 1 } },
	  .secure_boot = { { 0x3f41a038, 20, 1 } },
	  .crypt_count = { 0x3f41a034, 18, 3 },
	  .strap = 0x3f404038, .force_loader = { 0x3f408128, 0, 1 },
	  .wdt_config0 = 0x3f408094, .wdt_protect = 0x3f4080ac,
	  .psram = { { WORD(0x3f41a044, 3), 28, 4 } },
	  .psram_mb = { 0, 2, 4 }, .quad_mb = 4,
	  .crystal_mhz = 40,
	  .otg_pid = 0x0002, .button = "BOOT (GPIO0)" },
	{ .name = "esp32s3", .shown = "ESP32-S3", .id = 9,
	  .image_id = 9, .magic = { 0x00000009 }, .supported = true,
	  .boot_offset = 0,
	  .spi = 0x60002000, SPI_NEW,
	  .mac = { 0x60007044, 0x60007048 },
	  .rev_major = { { WORD(0x60007044, 5), 24, 2 } },
	  .rev_minor = { { WORD(0x60007044, 3), 18, 3 },
	      { WORD(0x60007044, 5), 23, 1 } },
	  .secure_boot = { { 0x60007038, 20, 1 } },
	  .crypt_count = { 0x60007034, 18, 3 },
	  .strap = 0x60004038, .force_loader = { 0x6000812c, 0, 1 },
	  .wdt_config0 = 0x60008098, .wdt_protect = 0x600080b0,
	  .swd_config = 0x600080b4, .swd_protect = 0x600080b8,
	  .swd_key = 0x8f1d312a, .swd_feed = 31,
	  .psram = { { WORD(0x60007044, 4), 3, 2 },
	      { WORD(0x60007044, 5), 19, 1 } },
	  .psram_mb = { 0, 8, 2, 16, 4 }, .quad_mb = 2, .octal_mb = 8,
	  .crystal_mhz = 40,
	  .otg_pid = 0x0009, .button = "BOOT (GPIO0)" },
	{ .name = "esp32s31", .shown = "ESP32-S31", .id = 32,
	  .image_id = 32, .boot_offset = 0x2000 },
	{ .name = "esp8266", .shown = "ESP8266", .id = ESP_NOT_TOLD,
	  .image_id = ESP_NOT_TOLD, .magic = { 0xfff0c101 },
	  .supported = true, .boot_offset = 0,
	  .spi = 0x60000200, SPI_OLD, .w0 = 0x40, .addr_left = true,
	  .no_psram = true, .uart_divider = 0x60000014,
	  .button = "FLASH (GPIO0)" },
};

const size_t esp_chips_n = sizeof(esp_chips) / sizeof(esp_chips[0]);

const struct esp_package esp_packages[] = {
	{ 0, "ESP32-D0WDQ6", 0 }, { 1, "ESP32-D0WD", 0 },
	{ 2, "ESP32-D2WD", 0 }, { 4, "ESP32-U4WDH", 0 },
	{ 5, "ESP32-PICO-D4", 0 }, { 6, "ESP32-PICO-V3-02", 2 },
	{ 7, "ESP32-D0WDR2-V3", 2 },
};

const size_t esp_packages_n = sizeof(esp_packages) / sizeof(esp_packages[0]);

const struct esp_chip *
esp_chip_by_id(int id)
{
	for (size_t i = 0; i < esp_chips_n; i++)
		if (esp_chips[i].id == id && id != ESP_NOT_TOLD)
			return &esp_chips[i];
	return NULL;
}

const struct esp_chip *
esp_chip_by_magic(uint32_t magic)
{
	for (size_t i = 0; i < esp_chips_n; i++)
		for (size_t k = 0; k < ESP_MAGICS; k++)
			if (magic != 0 && esp_chips[i].magic[k] == magic)
				return &esp_chips[i];
	return NULL;
}

const struct esp_chip *
esp_chip_by_image(int image_id)
{
	for (size_t i = 0; i < esp_chips_n; i++)
		if (esp_chips[i].image_id == image_id &&
		    image_id != ESP_NOT_TOLD)
			return &esp_chips[i];
	return NULL;
}

const struct esp_chip *
esp_chip_by_name(const char *name)
{
	for (size_t i = 0; i < esp_chips_n; i++)
		if (strcmp(esp_chips[i].name, name) == 0)
			return &esp_chips[i];
	return NULL;
}

bool
esp_is_8266(const struct esp_chip *chip)
{
	return strcmp(chip->name, "esp8266") == 0;
}

/*
 * Manufacturers count the size in powers of two: 0x16 is 4 MB; some number
 * their 1.8 V and their large flashes anew.  Adesto has a code of its own.
 */
uint32_t
esp_flash_size(uint32_t jedec)
{
	const uint8_t vendor = jedec & 0xff, type = jedec >> 8 & 0xff;
	const uint8_t size = jedec >> 16 & 0xff;

	if (jedec == 0 || jedec == 0xffffff || jedec == 0xffff3f)
		return 0;
	if (vendor == 0x1f)
		return (type & 0x1f) >= 4 && (type & 0x1f) <= 9 ?
		    1u << ((type & 0x1f) + 15) : 0;
	if (size >= 0x12 && size <= 0x1c)
		return 1u << size;
	if (size >= 0x20 && size <= 0x22)
		return 1u << (size + 6);
	if (size >= 0x32 && size <= 0x3a)
		return 1u << (size - 0x20);
	return 0;
}
