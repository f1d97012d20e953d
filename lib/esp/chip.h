/* SPDX-License-Identifier: MIT */
#ifndef MPF_ESP_CHIP_H
#define MPF_ESP_CHIP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * chip: one table of Espressif's chips: how each is told, where its registers
 * are, where its firmware begins.  Pure.
 *
 * Source: the chips' technical reference manuals (chapters on eFuses, SPI and
 * watchdogs), ESP-IDF's esp_app_format.h, and what the boot ROMs answer.
 */

#define ESP_MAGICS	4u
#define ESP_PSRAMS	5u
#define ESP_NOT_TOLD	(-1)		/* an id that a chip does not have */

/* Bits of a word of the eFuses: where, how far right, how many. */
struct esp_bits {
	uint32_t	 reg;		/* address; 0: there are no such */
	uint8_t		 shift, width;
};

struct esp_chip {
	const char	*name;		/* "esp32c3", as images are called */
	const char	*shown;		/* "ESP32-C3", as people call it */
	int		 id;		/* in GET_SECURITY_INFO */
	int		 image_id;	/* in the header of an image */
	uint32_t	 magic[ESP_MAGICS];	/* at ESP_MAGIC_REG; 0: ends */
	bool		 supported;	/* MicroPython has a build for it */
	uint32_t	 boot_offset;	/* in the flash, in bytes */

	/* SPI1, which the flash hangs on: its base, and offsets from it. */
	uint32_t	 spi;
	uint8_t		 usr, usr1, usr2, mosi_dlen, miso_dlen, w0;
	bool		 addr_left;	/* the address is in the upper bits */

	uint32_t	 mac[2];	/* registers: low 32 bits, high 16 */
	struct esp_bits	 rev_major[2], rev_minor[2];	/* [0] is the lower */
	bool		 min_rev_minor;	/* an image's min_rev is a minor one */
	struct esp_bits	 secure_boot[2], crypt_count;

	/* RAM in its package: megabytes, by what these bits hold. */
	struct esp_bits	 psram[2];
	uint8_t		 psram_mb[ESP_PSRAMS];	/* [0]: without */
	uint8_t		 quad_mb;	/* up to so many it is quad, */
	uint8_t		 octal_mb;	/* from so many on octal; 0: never */
	bool		 no_psram;	/* the chip cannot have any */
	uint8_t		 crystal_mhz;	/* 0: it is measured */
	uint32_t	 uart_divider;	/* register; 0: not needed */

	/* What holds it in its loader at a reset; 0: there is no such. */
	uint32_t	 strap;		/* bit 3 is low: the BOOT button */
	struct esp_bits	 force_loader;	/* a firmware has told it to */

	/* The watchdogs that bite while it sits in its loader; 0: none. */
	uint32_t	 wdt_config0, wdt_protect;
	uint32_t	 swd_config, swd_protect, swd_key;
	uint8_t		 swd_feed;	/* bit */

	uint16_t	 otg_pid;	/* 303a:PID of its USB loader; 0 */
	const char	*button;	/* "BOOT (GPIO9)": held at a reset */
};

#define ESP_MAGIC_REG	0x40001000u	/* differs from chip to chip */
#define ESP_WDT_KEY	0x50d83aa1u

/* Each returns NULL where there is no such chip. */
const struct esp_chip	*esp_chip_by_id(int id);	/* security info */
const struct esp_chip	*esp_chip_by_magic(uint32_t magic);
const struct esp_chip	*esp_chip_by_image(int image_id);
const struct esp_chip	*esp_chip_by_name(const char *name);
bool	esp_is_8266(const struct esp_chip *chip);
/* All of them, in order of their names; n is how many. */
extern const struct esp_chip	esp_chips[];
extern const size_t		esp_chips_n;

/* The packages of an ESP32, by the number in its eFuses. */
struct esp_package {
	uint8_t		 number;
	const char	*name;		/* with two cores, before revision 3 */
	uint8_t		 psram_mb;
};

extern const struct esp_package	esp_packages[];
extern const size_t		esp_packages_n;

/*
 * The bytes of a flash by its JEDEC id (manufacturer in the lowest byte); 0:
 * none that is known.
 */
uint32_t	esp_flash_size(uint32_t jedec);

#endif
