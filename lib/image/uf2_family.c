/* SPDX-License-Identifier: MIT */
#include "image/uf2.h"

#include <string.h>

/*
 * The families of MicroPython's ports and of their bootloaders.  Source:
 * https://github.com/microsoft/uf2 (utils/uf2families.json); the addresses are
 * from the memory maps in the chips' datasheets, and end where the largest
 * chip of the family ends.  A board may have less: its bootloader knows.
 */

#define RANGES	3

struct family {
	uint32_t	 id;
	const char	*name, *chip;
	bool		 pages;		/* 256 bytes to a multiple of 256 */
	struct {
		uint32_t addr, end;
	} range[RANGES];		/* all 0: anywhere */
};

#define KiB	1024u
#define MiB	(1024u * KiB)

#define XIP	0x10000000u		/* flash of RP2040 and RP2350 */
#define SRAM	0x20000000u
#define SRAM_RP2350	(SRAM + 520 * KiB)
#define XIP_RAM		0x13ffc000u
#define STM32	0x08000000u		/* internal flash */
#define QSPI	0x90000000u		/* external flash, mapped */

static const struct family families[] = {
	/* No id: SAMD's, whose bootloaders take blocks that name none. */
	{ 0, "no family", NULL, true, { { 0x2000, 1 * MiB } } },
	{ 0xe48bff56, "RP2040", "rp2040", true, { { XIP, XIP + 16 * MiB },
	    { SRAM, SRAM + 264 * KiB }, { 0x15000000u, 0x15004000u } } },
	{ 0xe48bff57, "RP2 absolute", NULL, true, { { 0, 0 } } },
	{ 0xe48bff58, "RP2 data", NULL, true, { { 0, 0 } } },
	{ 0xe48bff59, "RP2350 Arm-S", "rp2350", true,
	    { { XIP, XIP + 32 * MiB }, { SRAM, SRAM_RP2350 },
	    { XIP_RAM, XIP_RAM + 16 * KiB } } },
	{ 0xe48bff5a, "RP2350 RISC-V", "rp2350", true,
	    { { XIP, XIP + 32 * MiB }, { SRAM, SRAM_RP2350 },
	    { XIP_RAM, XIP_RAM + 16 * KiB } } },
	{ 0xe48bff5b, "RP2350 Arm-NS", "rp2350", true,
	    { { XIP, XIP + 32 * MiB }, { SRAM, SRAM_RP2350 },
	    { XIP_RAM, XIP_RAM + 16 * KiB } } },
	{ 0xe48bff55, "CYW43 firmware", NULL, true, { { 0, 0 } } },
	{ 0x68ed2b88, "SAMD21", "samd21", true, { { 0x2000, 256 * KiB } } },
	{ 0x55114460, "SAMD51", "samd51", true, { { 0x4000, 1 * MiB } } },
	{ 0xada52840, "nRF52840", "nrf52840", true,
	    { { 0x1000, 1 * MiB } } },
	{ 0x621e937a, "nRF52833", "nrf52833", true,
	    { { 0x1000, 512 * KiB } } },
	{ 0x1b57745f, "nRF52", "nrf52", true, { { 0x1000, 512 * KiB } } },
	{ 0xd663823c, "nRF52 bootloader", NULL, true, { { 0, 0 } } },
	{ 0x4fb2d5bd, "i.MX RT10xx", "mimxrt", true,
	    { { 0x60000000u, 0x80000000u } } },
	{ 0x1c5f21b0, "ESP32", "esp32", true, { { 0, 16 * MiB } } },
	{ 0xbfdd4eee, "ESP32-S2", "esp32s2", true, { { 0, 16 * MiB } } },
	{ 0xc47e5767, "ESP32-S3", "esp32s3", true, { { 0, 32 * MiB } } },
	{ 0xd42ba06c, "ESP32-C3", "esp32c3", true, { { 0, 16 * MiB } } },
	{ 0x540ddf62, "ESP32-C6", "esp32c6", true, { { 0, 16 * MiB } } },
	{ 0x3d308e94, "ESP32-P4", "esp32p4", true, { { 0, 32 * MiB } } },
	{ 0x57755a57, "STM32F4", "stm32f4", true,
	    { { STM32, STM32 + 2 * MiB } } },
	{ 0x53b80f00, "STM32F7", "stm32f7", true,
	    { { STM32, STM32 + 2 * MiB }, { QSPI, QSPI + 256 * MiB } } },
	{ 0x6db66082, "STM32H7", "stm32h7", true,
	    { { STM32, STM32 + 2 * MiB }, { QSPI, QSPI + 256 * MiB } } },
	{ 0x00ff6919, "STM32L4", "stm32l4", true,
	    { { STM32, STM32 + 2 * MiB } } },
	{ 0x70d16653, "STM32WB", "stm32wb", true,
	    { { STM32, STM32 + 1 * MiB } } },
};

static const struct family *
find_family(uint32_t id)
{
	size_t i;

	for (i = 0; i < sizeof(families) / sizeof(families[0]); i++)
		if (families[i].id == id)
			return &families[i];
	return NULL;
}

const char *
uf2_family_name(uint32_t family)
{
	const struct family *f = find_family(family);

	return f == NULL ? NULL : f->name;
}

const char *
uf2_family_chip(uint32_t family)
{
	const struct family *f = find_family(family);

	return f == NULL ? NULL : f->chip;
}

bool
uf2_family_free(const char *chip)
{
	return chip != NULL && strncmp(chip, "samd", 4) == 0;
}

bool
uf2_family_pages(uint32_t family)
{
	const struct family *f = find_family(family);

	return f != NULL && f->pages;
}

bool
uf2_family_holds(uint32_t family, uint32_t addr, uint32_t end)
{
	const struct family *f = find_family(family);
	int i;

	if (f == NULL || f->range[0].end == 0)
		return true;
	for (i = 0; i < RANGES; i++)
		if (addr >= f->range[i].addr && end <= f->range[i].end)
			return true;
	return false;
}
