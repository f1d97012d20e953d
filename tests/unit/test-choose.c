/* SPDX-License-Identifier: MIT */
#include "choose/choose.h"

#include "choose-test.h"

static const struct scene scenes[] = {
	{ "the newest release", .d = REPL(), .b = RUNS(.version = "v1.24.1",
	    .port = "rp2", .board_id = "RPI_PICO_W"),
	    .action = "flash", .id = "RPI_PICO_W", .version = "v1.28.0",
	    .says = "newest stable for RPI_PICO_W; next is v1.27.0 (older); "
	    "the board runs v1.24.1" },
	{ "up to date", .d = REPL(), .b = RUNS(.version = "v1.28.0",
	    .port = "rp2", .board_id = "RPI_PICO_W"),
	    .action = "skip", .id = "RPI_PICO_W", .version = "v1.28.0",
	    .says = "the board already runs v1.28.0" },
	{ "forced", .o = { .force = true }, .d = REPL(),
	    .b = RUNS(.version = "v1.28.0", .port = "rp2",
	    .board_id = "RPI_PICO_W"), .action = "flash",
	    .id = "RPI_PICO_W", .version = "v1.28.0" },
	{ "an old id", .d = REPL(), .b = RUNS(.version = "v1.19",
	    .port = "rp2", .board_id = "PICO_W"), .action = "flash",
	    .id = "RPI_PICO_W", .version = "v1.28.0" },
	{ "by the machine string", .d = REPL(), .b = RUNS(.version =
	    "v1.19", .port = "rp2", .description = PICO_W),
	    .action = "flash", .id = "RPI_PICO_W", .version = "v1.28.0" },
	{ "up to date by the machine string", .d = REPL(),
	    .b = RUNS(.version = "v1.28.0", .description = PICO_W),
	    .action = "skip", .id = "RPI_PICO_W", .version = "v1.28.0" },
	{ "a preview", .o = { .wanted = "preview" }, .d = REPL(),
	    .b = RUNS(.version = "v1.29.0-preview", .build = 19,
	    .commit = "bbbbbbbbbb", .port = "rp2",
	    .board_id = "RPI_PICO_W"), .action = "flash",
	    .id = "RPI_PICO_W", .version = "v1.29.0-preview" },
	{ "the same preview", .o = { .wanted = "preview" }, .d = REPL(),
	    .b = RUNS(.version = "v1.29.0-preview", .build = 20,
	    .commit = "aaaaaaa", .port = "rp2", .board_id = "RPI_PICO_W"),
	    .action = "skip", .id = "RPI_PICO_W",
	    .version = "v1.29.0-preview", .says = "build 20" },
	{ "an exact one", .o = { .wanted = "1.27.0" }, .d = REPL(),
	    .b = RUNS(.version = "v1.28.0", .port = "rp2",
	    .board_id = "RPI_PICO_W"), .action = "flash",
	    .id = "RPI_PICO_W", .version = "v1.27.0",
	    .says = "1.27.0 for RPI_PICO_W; the board runs v1.28.0" },
	{ "one that is not there", .o = { .wanted = "1.26.0" }, .d = REPL(),
	    .b = RUNS(.port = "rp2", .board_id = "RPI_PICO_W"),
	    .code = ERR_NOT_FOUND, .says = "RPI_PICO_W: no 1.26.0 on http" },
	{ "no index, so fetch will pin it", .d = REPL(), .b = RUNS(
	    .version = "v1.28.0", .port = "rp2", .board_id = "RPI_PICO"),
	    .action = "flash", .id = "RPI_PICO", .version = NULL,
	    .says = "to be looked up; the board runs v1.28.0" },
	{ "no index, but exact", .o = { .wanted = "v1.28.0" }, .d = REPL(),
	    .b = RUNS(.version = "v1.28.0", .port = "rp2", .board_id =
	    "RPI_PICO"), .action = "skip", .id = "RPI_PICO",
	    .version = "v1.28.0" },
	{ "an old index", .d = REPL(), .b = RUNS(.port = "stm32",
	    .board_id = "PYBV11"), .action = "flash", .id = "PYBV11" },
	{ "an old index, and exact", .o = { .wanted = "1.28.0" },
	    .d = REPL(), .b = RUNS(.port = "stm32", .board_id = "PYBV11"),
	    .action = "flash", .id = "PYBV11", .version = "v1.28.0" },
	{ "an old index, still young enough", .o = { .max_age_s = 3 * DAY },
	    .d = REPL(), .b = RUNS(.port = "stm32", .board_id = "PYBV11"),
	    .action = "flash", .id = "PYBV11", .version = "v1.28.0" },

	{ "two boards", .d = REPL(), .b = RUNS(.version = "v1.24.1",
	    .description = "Olimex ESP32 ETH with ESP32"),
	    .code = ERR_AMBIGUOUS, .says = "Olimex ESP32 ETH with ESP32: "
	    "two boards report this: OLIMEX_ESP32_EVB, OLIMEX_ESP32_POE" },
	{ "variants in hardware", .d = REPL(), .b = RUNS(.version =
	    "v1.25.0", .description = "QT Py with SAMD21E18A"),
	    .code = ERR_AMBIGUOUS, .says = "two builds for "
	    "ADAFRUIT_QTPY_SAMD21 report this: ADAFRUIT_QTPY_SAMD21, "
	    "ADAFRUIT_QTPY_SAMD21-SPIFLASH" },
	{ "variants in flash size and crystal", .d = REPL(), .b = RUNS(
	    .version = "v1.25.0", .description =
	    "WEACT_F411_BLACKPILL with STM32F411CE"), .code = ERR_AMBIGUOUS,
	    .says = "six builds for WEACT_F411_BLACKPILL" },
	{ "variants in software", .d = REPL(), .b = RUNS(.version = "v1.20.0",
	    .description = "PYBv1.1 with STM32F405RG"), .action = "flash",
	    .id = "PYBV11", .says = "PYBV11, PYBV11-DP, PYBV11-DP_THREAD, "
	    "PYBV11-NETWORK, PYBV11-THREAD report the same and differ in "
	    "software alone" },
	{ "the same, and up to date", .o = { .wanted = "1.24.1" },
	    .d = REPL(), .b = RUNS(.version = "v1.24.1", .description =
	    "PYBv1.1 with STM32F405RG"), .action = "skip", .id = "PYBV11",
	    .version = "v1.24.1", .says = "the board already runs v1.24.1; "
	    "PYBV11, PYBV11-DP" },
	{ "one in hardware, and one in software of it", .d = REPL(),
	    .b = RUNS(.version = "v1.25.0", .description =
	    "ESP module (1M) with ESP8266"), .action = "flash",
	    .id = "ESP8266_GENERIC-FLASH_1M" },
	{ "variants in software, ignored", .ignore = "PYBV11-THREAD",
	    .d = REPL(), .b = RUNS(.version = "v1.20.0", .description =
	    "PYBv1.1 with STM32F405RG"), .action = "skip" },
	{ "variants, and the board alone is named", .d = REPL(),
	    .b = RUNS(.version = "v1.24.1", .port = "stm32", .board_id =
	    "PYBV11", .description = "PYBv1.1 with STM32F405RG"),
	    .action = "flash", .id = "PYBV11", .says = "PYBV11-DP_THREAD" },
	{ "the same, and it would say so", .d = REPL(),
	    .b = RUNS(.version = "v1.25.0", .port = "stm32", .board_id =
	    "PYBV11", .description = "PYBv1.1 with STM32F405RG"),
	    .action = "flash", .id = "PYBV11" },
	{ "a board of the user's own, of old", .d = REPL(),
	    .b = RUNS(.version = "v1.24.1", .port = "stm32", .board_id =
	    "MINE", .description = "PYBv1.1 with STM32F405RG"),
	    .action = "flash", .id = "MINE" },
	{ "an old variant that has its own string", .d = REPL(),
	    .b = RUNS(.version = "v1.23.0", .port = "esp32", .board_id =
	    "ESP32_GENERIC", .description =
	    "Generic ESP32 module with SPIRAM with ESP32"),
	    .action = "flash", .id = "ESP32_GENERIC-SPIRAM" },
	{ "variants, and none is meant", .o = { .variant = "-" },
	    .d = REPL(), .b = RUNS(.version = "v1.24.1", .description =
	    "PYBv1.1 with STM32F405RG"), .action = "flash", .id = "PYBV11" },
	{ "variants, and one is meant", .o = { .variant = "dp" },
	    .d = REPL(), .b = RUNS(.version = "v1.24.1", .description =
	    "PYBv1.1 with STM32F405RG"), .action = "flash",
	    .id = "PYBV11-DP" },
	{ "variants, and the board's file knows", .d = REPL(),
	    .b = RUNS(.version = "v1.24.1", .description =
	    "PYBv1.1 with STM32F405RG"),
	    .said = { .notes.record_id = "PYBV11-DP",
	    .notes.record_version = "v1.24.1" }, .action = "flash",
	    .id = "PYBV11-DP" },
	{ "the board's file speaks of another version", .d = REPL(),
	    .b = RUNS(.version = "v1.24.1", .description =
	    "PYBv1.1 with STM32F405RG"),
	    .said = { .notes.record_id = "PYBV11-DP",
	    .notes.record_version = "v1.24.0" }, .action = "flash",
	    .id = "PYBV11" },
	{ "variants, and the database knows", .d = REPL(),
	    .b = RUNS(.version = "v1.24.1", .uid = "u1", .description =
	    "PYBv1.1 with STM32F405RG"), .action = "flash",
	    .id = "PYBV11-THREAD" },
	{ "the database knows of another version", .d = REPL(),
	    .b = RUNS(.version = "v1.24.0", .uid = "u1", .description =
	    "PYBv1.1 with STM32F405RG"), .action = "flash",
	    .id = "PYBV11" },
	{ "the variant stays", .d = REPL(), .b = RUNS(.version = "v1.24.1",
	    .port = "stm32", .board_id = "PYBV11", .variant = "DP",
	    .description = "PYBv1.1 with STM32F405RG"),
	    .action = "flash", .id = "PYBV11-DP" },
	{ "the variant goes", .o = { .variant = "none" }, .d = REPL(),
	    .b = RUNS(.port = "stm32", .board_id = "PYBV11",
	    .variant = "DP"), .action = "flash", .id = "PYBV11" },
	{ "no such variant", .o = { .variant = "X" }, .d = REPL(),
	    .b = RUNS(.port = "stm32", .board_id = "PYBV11"),
	    .code = ERR_NOT_FOUND, .says = "PYBV11: no variant X" },
	{ "no known board", .d = REPL(), .b = RUNS(.version = "v1.24.1",
	    .description = "My own with RP2040"), .code = ERR_NOT_FOUND,
	    .says = "My own with RP2040: no known board" },
	{ "it says nothing", .d = REPL(), .b = RUNS(.version = "v1.9"),
	    .code = ERR_NOT_FOUND, .says = "h/usb/1-1: it does not say" },
	{ "board_info.toml beats the rest", .d = REPL(), .b = RUNS(
	    .version = "v1.24.1", .port = "rp2", .board_id = "RPI_PICO"),
	    .said = { .notes.info_id = "RPI_PICO_W" }, .action = "flash",
	    .id = "RPI_PICO_W", .version = "v1.28.0" },
	{ "and may name what nobody knows", .d = REPL(), .b = RUNS(
	    .port = "rp2", .board_id = "RPI_PICO"), .said = { .notes.info_id =
	    "MY_OWN-V2" }, .action = "flash", .id = "MY_OWN-V2" },
	{ "an id that is none", .d = REPL(), .b = RUNS(.port = "rp2",
	    .board_id = "X'; DROP TABLE boards; --\n\033[31m"),
	    .code = ERR_INPUT, .says = "invalid board_id" },
	{ "a variant that is none", .d = REPL(), .b = RUNS(.port = "rp2",
	    .board_id = "MY_OWN", .variant = "../x"), .code = ERR_INPUT },
	{ "a port that is none", .d = REPL(), .b = RUNS(.port = "a/b",
	    .board_id = "MY_OWN"), .action = "flash", .id = "MY_OWN" },
	{ "a port of its own", .d = REPL(), .b = RUNS(.version = "v1.24.1",
	    .port = "nrf52-DK", .board_id = "PCA10040"), .action = "flash",
	    .id = "PCA10040", .port = "nrf" },

	{ "--board, of what runs there", .board = "rpi_pico_w",
	    .d = REPL(), .b = RUNS(.version = "v1.24.1", .port = "rp2",
	    .board_id = "RPI_PICO_W"), .action = "flash",
	    .id = "RPI_PICO_W", .version = "v1.28.0" },
	{ "--board keeps the variant", .board = "PYBV11",
	    .d = REPL(), .b = RUNS(.port = "stm32", .board_id = "PYBV11",
	    .variant = "DP"), .action = "flash", .id = "PYBV11-DP" },
	{ "--board with --variant", .board = "PYBV11",
	    .o = { .variant = "THREAD" }, .d = REPL(),
	    .b = RUNS(.port = "stm32",
	    .board_id = "PYBV11", .variant = "DP"), .action = "flash",
	    .id = "PYBV11-THREAD" },
	{ "--board, of another", .board = "RPI_PICO_W",
	    .d = REPL(), .b = RUNS(.port = "rp2", .board_id = "RPI_PICO"),
	    .code = ERR_MISMATCH, .says = "it is RPI_PICO, not RPI_PICO_W" },
	{ "--board, of another, and named", .board = "RPI_PICO_W",
	    .serial = "/dev/ttyACM0", .d = REPL(), .b = RUNS(.port = "rp2",
	    .board_id = "RPI_PICO"), .action = "flash", .id = "RPI_PICO_W",
	    .version = "v1.28.0" },
	{ "a pattern is no name", .board = "RPI_PICO_W",
	    .serial = "/dev/ttyACM*", .d = REPL(), .b = RUNS(.port = "rp2",
	    .board_id = "RPI_PICO"), .code = ERR_MISMATCH },
	{ "never one of another port", .board = "RPI_PICO_W",
	    .o = { .force = true }, .d = REPL(.named = true), .b = RUNS(
	    .port = "esp32", .board_id = "ESP32_GENERIC"),
	    .code = ERR_MISMATCH, .says = "MicroPython for esp32" },
	{ "--board settles what two report", .board = "OLIMEX_ESP32_POE",
	    .d = REPL(), .b = RUNS(.version =
	    "v1.24.1", .port = "esp32", .description =
	    "Olimex ESP32 ETH with ESP32"), .action = "flash",
	    .id = "OLIMEX_ESP32_POE" },
	{ "--board of two ports", .board = "GENERIC", .d = REPL(),
	    .b = RUNS(.port = "esp8266", .board_id = "ESP8266_GENERIC"),
	    .action = "flash", .id = "ESP8266_GENERIC" },
	{ "--board of two ports, and none is known", .board = "GENERIC",
	    .d = MODE("silent", .named = true), .b = RUNS(),
	    .code = ERR_AMBIGUOUS, .says = "--board GENERIC may be two "
	    "boards: ESP32_GENERIC, ESP8266_GENERIC" },

	{ "silent", .d = MODE("silent"), .b = RUNS(), .action = "skip",
	    .says = "no answer within 2 s; name the port and the board to "
	    "flash it" },
	{ "silent, with --board alone", .board = "RPI_PICO_W",
	    .d = MODE("silent"), .b = RUNS(), .action = "skip" },
	{ "silent, by a pattern", .board = "RPI_PICO_W",
	    .serial = "1-*", .d = MODE("silent"), .b = RUNS(),
	    .action = "skip" },
	{ "silent, named", .d = MODE("silent", .named = true),
	    .b = RUNS(), .code = ERR_TIMEOUT, .says = "no answer" },
	{ "silent, named, with --board", .board = "RPI_PICO_W",
	    .serial = "1-1", .d = MODE("silent"), .b = RUNS(),
	    .action = "flash", .id = "RPI_PICO_W", .version = "v1.28.0" },
	{ "silent, to ^C too", .d = MODE("silent", .interrupt = "sent"),
	    .b = RUNS(), .action = "skip", .says = "nor to ^C, which may "
	    "have ended a program; name the port" },
	{ "not interrupted", .d = MODE("busy", .interrupt = "withheld"),
	    .b = RUNS(), .action = "skip", .says = "no answer, and a program "
	    "that may run there was not to be interrupted" },
	{ "busy", .d = MODE("busy", .held_by_command = "ModemManager"),
	    .b = RUNS(), .action = "skip", .says = "held by ModemManager" },
	{ "busy, named", .d = MODE("busy", .named = true), .b = RUNS(),
	    .code = ERR_BUSY },
	{ "ignored", .d = MODE("ignored"), .b = RUNS(), .action = "skip" },
	{ "ignored by its own file", .d = REPL(), .b = RUNS(.port = "rp2",
	    .board_id = "RPI_PICO_W"), .said = { .info_ignore = 1 },
	    .action = "skip", .says = "to be ignored" },
	{ "ignored by its own file, named", .board = "RPI_PICO_W",
	    .d = REPL(.named = true), .b = RUNS(.port = "rp2",
	    .board_id = "RPI_PICO_W"), .said = { .info_ignore = 1 },
	    .code = ERR_UNSUPPORTED },
	{ "ignored by its own file, named and forced", .board = "RPI_PICO_W",
	    .o = { .force = true }, .d = REPL(.named = true),
	    .b = RUNS(.port = "rp2", .board_id = "RPI_PICO_W"),
	    .said = { .info_ignore = 1 }, .action = "flash",
	    .id = "RPI_PICO_W", .version = "v1.28.0" },
	{ "foreign", .d = MODE("foreign"), .b = RUNS(), .action = "skip" },
	{ "not one of --serial's", .serial = "/dev/ttyUSB*", .d = REPL(),
	    .b = RUNS(.port = "rp2", .board_id = "RPI_PICO_W"),
	    .action = "skip", .says = "--serial" },
	{ "an unknown mode", .d = MODE("\033[31m"), .b = RUNS(),
	    .code = ERR_UNSUPPORTED },

	{ "a drive", .d = MODE("uf2", .vid = "2e8a", .pid = "000f",
	    .volume = "/media/RP2350"), .b = RUNS(), .code = ERR_AMBIGUOUS,
	    .says = "/media/RP2350: in its bootloader (rp2350), and " },
	{ "a drive, with --board", .board = "RPI_PICO_W",
	    .d = MODE("uf2"), .b = RUNS(), .action = "flash",
	    .id = "RPI_PICO_W", .version = "v1.28.0" },
	{ "a drive, and what ran before is known", .d = MODE("uf2"),
	    .b = RUNS(.version = "v1.28.0", .port = "rp2",
	    .board_id = "RPI_PICO_W"), .action = "flash",
	    .id = "RPI_PICO_W", .version = "v1.28.0" },
	{ "stm32 in DFU", .d = MODE("dfu", .vid = "0483", .pid = "df11"),
	    .b = RUNS(), .code = ERR_AMBIGUOUS, .says = "(stm32), and " },
	{ "an unknown bootloader", .d = MODE("esp_rom", .vid = "10c4"),
	    .b = RUNS(), .code = ERR_AMBIGUOUS, .says = "(esp_rom), and " },

	{ "the user's own", .o = { .custom = true }, .d = REPL(),
	    .b = RUNS(.version = "v1.28.0", .port = "rp2",
	    .board_id = "RPI_PICO_W"), .action = "flash",
	    .id = "RPI_PICO_W", .version = "v1.28.0",
	    .says = "your own v1.28.0 for RPI_PICO_W" },
	{ "the user's own, already there", .o = { .custom = true },
	    .d = REPL(), .b = RUNS(.version = "v1.28.0", .port = "rp2",
	    .board_id = "RPI_PICO_W"), .said = { .record_hash = "sha256:" SHA },
	    .action = "skip", .id = "RPI_PICO_W", .version = "v1.28.0" },
	{ "none of the user's own", .o = { .custom = true }, .d = REPL(),
	    .b = RUNS(.port = "rp2", .board_id = "RPI_PICO"),
	    .code = ERR_NOT_FOUND, .says = "no custom firmware" },
};

int
main(void)
{
	begin_in_tmp();
	clock_fake(1800000000000);
	fill();
	for (size_t i = 0; i < N(scenes); i++)
		play(&scenes[i]);
	store_close(s);
	return tap_done();
}
