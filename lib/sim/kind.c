/* SPDX-License-Identifier: MIT */
#include "sim/kind.h"

#include <string.h>

#include "base/buf.h"

static const struct sim_chip rp2_chips[] = {
	{ .mcu = "rp2350", .vid = "2e8a", .pid = "000f",
	  .manufacturer = "Raspberry Pi", .product = "RP2350 Boot",
	  .label = "RP2350",
	  .info = "UF2 Bootloader v1.0\r\nModel: Raspberry Pi RP2350\r\n"
	      "Board-ID: RP2350\r\n",
	  .family = 0xe48bff59, .family_needed = true, .e10 = true,
	  .partition = true },
	{ .mcu = "", .vid = "2e8a", .pid = "0003",
	  .manufacturer = "Raspberry Pi", .product = "RP2 Boot",
	  .serial = "E0C9125B0D9B",	/* the same for every RP2040 */
	  .label = "RPI-RP2",
	  .info = "UF2 Bootloader v3.0\r\nModel: Raspberry Pi RP2\r\n"
	      "Board-ID: RPI-RP2\r\n",
	  .family = 0xe48bff56, .family_needed = true, .partition = true },
};

static const struct sim_chip samd_chips[] = {
	{ .mcu = "samd21", .vid = "239a", .pid = "000f",
	  .manufacturer = "Adafruit Industries", .product = "ItsyBitsy M0",
	  .label = "ITSYBOOT",
	  .info = "UF2 Bootloader v3.15.0 SFHWRO\r\n"
	      "Model: ItsyBitsy M0 Express\r\n"
	      "Board-ID: SAMD21G18A-ItsyBitsy-v0\r\n",
	  .family = 0x68ed2b88 },
	{ .mcu = "", .vid = "2886", .pid = "002d",
	  .manufacturer = "Seeed Studio", .product = "Seeed Wio Terminal",
	  .label = "Arduino",
	  .info = "UF2 Bootloader v3.10.0 SFHWRO\r\nModel: WIO Terminal\r\n"
	      "Board-ID: SAMD51P19A-WioTerm-v0\r\n",
	  .family = 0x55114460 },
};

static const struct sim_chip nrf_chips[] = {
	{ .mcu = "", .vid = "2886", .pid = "0045",
	  .manufacturer = "Seeed", .product = "XIAO nRF52840 Sense",
	  .label = "XIAO-SENSE",
	  .info = "UF2 Bootloader 0.6.1\r\nModel: Seeed XIAO nRF52840\r\n"
	      "Board-ID: nRF52840-SeeedXiaoSense-v1\r\n"
	      "SoftDevice: S140 version 7.3.0\r\n",
	  .family = 0xada52840, .family_needed = true },
};

static const struct sim_chip mimxrt_chips[] = {
	{ .mcu = "", .vid = "239a", .pid = "0083",
	  .manufacturer = "NXP", .product = "i.MX RT1060 EVK",
	  .label = "RT1060BOOT",
	  .info = "TinyUF2 Bootloader 0.21.0 - tinyusb (0.16.0)\r\n"
	      "Model: i.MX RT1060 Evaluation Kit\r\n"
	      "Board-ID: MIMXRT1060-EVK-revA\r\n",
	  .family = 0x4fb2d5bd, .family_needed = true },
};

static const struct sim_chip stm32_chips[] = {
	{ .mcu = "", .vid = "0483", .pid = "df11",
	  .manufacturer = "STMicroelectronics",
	  .product = "STM32  BOOTLOADER" },
};

const struct sim_kind sim_kinds[] = {
	{ .name = "rp2", .summary = "RP2040 or RP2350, with a UF2 drive",
	  .port = "rp2", .board_id = "RPI_PICO_W", .boot = SIM_BOOT_UF2,
	  .vid = "2e8a", .pid = "0005", .manufacturer = "MicroPython",
	  .product = "Board in FS mode", .uid_bytes = 8, .arch = 4,
	  .chips = rp2_chips },
	{ .name = "samd", .summary = "SAMD51 or SAMD21, with a UF2 drive",
	  .port = "samd", .board_id = "SEEED_WIO_TERMINAL",
	  .boot = SIM_BOOT_UF2, .touch = true,
	  .vid = "f055", .pid = "9802", .manufacturer = "MicroPython",
	  .product = "Board in FS mode", .uid_bytes = 16, .arch = 7,
	  .chips = samd_chips },
	{ .name = "nrf", .summary = "nRF52840 with a UF2 drive",
	  .port = "nrf", .board_id = "SEEED_XIAO_NRF52",
	  .boot = SIM_BOOT_UF2, .touch = true,
	  .vid = "2886", .pid = "0045", .manufacturer = "MicroPython",
	  .product = "Board in FS mode", .uid_bytes = 8, .arch = 7,
	  .chips = nrf_chips },
	{ .name = "mimxrt", .summary = "i.MX RT1060 with a UF2 drive",
	  .port = "mimxrt", .board_id = "MIMXRT1060_EVK",
	  .boot = SIM_BOOT_UF2, .touch = true,
	  .vid = "f055", .pid = "9802", .manufacturer = "MicroPython",
	  .product = "Board in FS mode", .uid_bytes = 8, .arch = 8,
	  .chips = mimxrt_chips },
	{ .name = "microbit", .summary = "micro:bit, with the drive of DAPLink",
	  .port = "nrf", .board_id = "MICROBIT", .boot = SIM_BOOT_NONE,
	  .vid = "0d28", .pid = "0204", .manufacturer = "Arm",
	  .product = "BBC micro:bit CMSIS-DAP",
	  .serial = "9900000028314e45", .uid_bytes = 8, .arch = 3,
	  .probe = "MICROBIT" },
	{ .name = "nucleo", .summary = "STM32 with the drive of an ST-LINK",
	  .port = "stm32", .board_id = "NUCLEO_F401RE",
	  .boot = SIM_BOOT_NONE, .vid = "0483", .pid = "374b",
	  .manufacturer = "STMicroelectronics", .product = "STM32 STLink",
	  .serial = "0670FF485550755187121723", .uid_bytes = 12, .arch = 6,
	  .probe = "NODE_F401RE" },
	{ .name = "stm32", .summary = "STM32 whose bootloader is DFU",
	  .port = "stm32", .board_id = "PYBV11", .boot = SIM_BOOT_DFU,
	  .vid = "f055", .pid = "9800", .manufacturer = "MicroPython",
	  .product = "Pyboard Virtual Comm Port in FS Mode",
	  .uid_bytes = 12, .arch = 7, .chips = stm32_chips },
	{ .name = "esp32", .summary = "ESP32 behind a CP2102 bridge",
	  .port = "esp32", .board_id = "ESP32_GENERIC",
	  .vid = "10c4", .pid = "ea60", .manufacturer = "Silicon Labs",
	  .product = "CP2102 USB to UART Bridge Controller",
	  .serial = "0001", .bridge = true, .esp = "esp32", .revision = 300,
	  .uid_bytes = 6, .arch = 10 },
	{ .name = "esp32s2", .summary = "ESP32-S2 behind a CP2102 bridge",
	  .port = "esp32", .board_id = "ESP32_GENERIC_S2",
	  .vid = "10c4", .pid = "ea60", .manufacturer = "Silicon Labs",
	  .product = "CP2102N USB to UART Bridge Controller",
	  .serial = "0002", .bridge = true, .esp = "esp32s2", .revision = 100,
	  .uid_bytes = 6, .arch = 10 },
	{ .name = "esp32s3", .summary = "ESP32-S3 behind a CP2102N bridge",
	  .port = "esp32", .board_id = "ESP32_GENERIC_S3",
	  .vid = "10c4", .pid = "ea60", .manufacturer = "Silicon Labs",
	  .product = "CP2102N USB to UART Bridge Controller",
	  .serial = "0003", .bridge = true, .esp = "esp32s3", .revision = 2,
	  .uid_bytes = 6, .arch = 10 },
	{ .name = "esp32c3", .summary = "ESP32-C3 behind a CH343 bridge",
	  .port = "esp32", .board_id = "ESP32_GENERIC_C3",
	  .vid = "1a86", .pid = "55d3", .manufacturer = "",
	  .product = "USB Single Serial", .serial = "0004", .bridge = true,
	  .esp = "esp32c3", .revision = 4, .uid_bytes = 6, .arch = 11 },
	{ .name = "esp32c6", .summary = "ESP32-C6 behind a CH343 bridge",
	  .port = "esp32", .board_id = "ESP32_GENERIC_C6",
	  .vid = "1a86", .pid = "55d3", .manufacturer = "",
	  .product = "USB Single Serial", .serial = "0005", .bridge = true,
	  .esp = "esp32c6", .revision = 1, .uid_bytes = 6, .arch = 11 },
	{ .name = "esp32c2", .summary = "ESP32-C2 behind a CH343 bridge",
	  .port = "esp32", .board_id = "ESP32_GENERIC_C2",
	  .vid = "1a86", .pid = "55d3", .manufacturer = "",
	  .product = "USB Single Serial",
	  .serial = "0006", .bridge = true, .esp = "esp32c2", .revision = 101,
	  .uid_bytes = 6, .version = "1.26.0", .arch = 11 },
	{ .name = "esp32c5", .summary = "ESP32-C5 behind a CH343 bridge",
	  .port = "esp32", .board_id = "ESP32_GENERIC_C5",
	  .vid = "1a86", .pid = "55d3", .manufacturer = "",
	  .product = "USB Single Serial",
	  .serial = "0007", .bridge = true, .esp = "esp32c5", .revision = 100,
	  .uid_bytes = 6, .version = "1.27.0", .arch = 11 },
	{ .name = "esp32h2", .summary = "ESP32-H2 behind a CH343 bridge",
	  .port = "esp32", .board_id = "ESP32_GENERIC_H2",
	  .vid = "1a86", .pid = "55d3", .manufacturer = "",
	  .product = "USB Single Serial",
	  .serial = "0008", .bridge = true, .esp = "esp32h2", .revision = 102,
	  .uid_bytes = 6, .version = "1.29.0-preview", .arch = 11 },
	{ .name = "esp32p4", .summary = "ESP32-P4 behind a CP2102N bridge",
	  .port = "esp32", .board_id = "ESP32_GENERIC_P4",
	  .vid = "10c4", .pid = "ea60", .manufacturer = "Silicon Labs",
	  .product = "CP2102N USB to UART Bridge Controller",
	  .serial = "0009", .bridge = true, .esp = "esp32p4", .revision = 300,
	  .uid_bytes = 6, .version = "1.27.0", .arch = 11 },
	{ .name = "esp8266", .summary = "ESP8266 behind a CH340 bridge",
	  .port = "esp8266", .board_id = "ESP8266_GENERIC",
	  .vid = "1a86", .pid = "7523", .manufacturer = "",
	  .product = "USB Serial", .serial = "", .bridge = true,
	  .esp = "esp8266", .uid_bytes = 4, .arch = 9 },
	{ .name = "silent", .summary = "takes everything and says nothing",
	  .talk = SIM_TALK_SILENT, .vid = "2e8a", .pid = "000a",
	  .manufacturer = "Raspberry Pi", .product = "Pico",
	  .uid_bytes = 8 },
	{ .name = "foreign", .summary = "a GPS receiver, no MicroPython",
	  .talk = SIM_TALK_NMEA, .vid = "1546", .pid = "01a8",
	  .manufacturer = "u-blox AG - www.u-blox.com",
	  .product = "u-blox GNSS receiver", .serial = "" },
	{ .name = NULL }
};

const struct sim_kind *
sim_kind(const char *name)
{
	const struct sim_kind *k;

	for (k = sim_kinds; k->name != NULL; k++)
		if (strcmp(k->name, name) == 0)
			return k;
	return NULL;
}

const struct sim_chip *
sim_chip(const struct sim_kind *k, const char *mcu)
{
	const struct sim_chip *c = k->chips;

	if (c == NULL)
		return NULL;
	while (c->mcu[0] != '\0' && strncmp(c->mcu, mcu, strlen(c->mcu)) != 0)
		c++;
	return c;
}

int
sim_kind_missing(const char *word, struct err *e)
{
	struct buf names = BUF_INIT;

	for (const struct sim_kind *k = sim_kinds; k->name != NULL; k++)
		buf_addf(&names, "%s%s", names.len > 0 ? ", " : "", k->name);
	if (word == NULL)
		err_set(e, ERR_USAGE, "no KIND given");
	else
		err_set(e, ERR_USAGE, "%s: no kind of board", word);
	err_hint(e, "there are %s; mpf-sim --help says more", names.data);
	buf_release(&names);
	return -1;
}
