/* SPDX-License-Identifier: MIT */
#include "choose/choose.h"

#include "choose-test.h"

/* What others say of boards, boards that are none of ours, and filters. */

static const struct scene scenes[] = {
	/* Records of other programs, and of long ago. */
	{ "no id, and another case", .d = REPL(), .b = RUNS(.version =
	    "1.24.1", .description = "raspberry pi pico w  WITH rp2040"),
	    .action = "flash", .id = "RPI_PICO_W", .version = "v1.28.0" },
	{ "the MCU apart", .d = REPL(), .b = RUNS(.version = "1.24.1",
	    .description = "Raspberry Pi Pico W", .mcu = "RP2040"),
	    .action = "flash", .id = "RPI_PICO_W", .version = "v1.28.0" },
	{ "the MCU of another", .d = REPL(), .b = RUNS(.version = "1.24.1",
	    .description = "Raspberry Pi Pico W", .mcu = "ESP32"),
	    .code = ERR_NOT_FOUND },
	{ "mpflash does not know it", .d = REPL(), .b = RUNS(.version =
	    "1.24.1", .board_id = "UNKNOWN_BOARD", .description = PICO_W),
	    .action = "flash", .id = "RPI_PICO_W", .version = "v1.28.0" },
	{ "the variant in the id", .d = REPL(), .b = RUNS(.version = "1.25.0",
	    .port = "pyboard", .board_id = "PYBV11-DP"), .action = "flash",
	    .id = "PYBV11-DP", .port = "stm32" },
	{ "an id with dashes", .d = REPL(), .b = RUNS(.version = "1.18",
	    .port = "nrf", .board_id = "nrf52840-mdk-usb-dongle"),
	    .action = "flash", .id = "NRF52840_MDK_USB_DONGLE" },
	{ "an id in lower case", .d = REPL(), .b = RUNS(.version = "1.27.0",
	    .port = "rp2", .board_id = "rpi_pico_w"), .action = "flash",
	    .id = "RPI_PICO_W", .version = "v1.28.0" },
	{ "GENERIC, of which port?", .d = REPL(), .b = RUNS(.version =
	    "1.19", .board_id = "GENERIC"), .code = ERR_AMBIGUOUS,
	    .says = "two boards report this: ESP32_GENERIC, ESP8266_GENERIC" },
	{ "GENERIC, of esp8266", .d = REPL(), .b = RUNS(.version = "1.19",
	    .port = "esp8266", .board_id = "GENERIC"), .action = "flash",
	    .id = "ESP8266_GENERIC" },
	{ "GENERIC, by its machine", .d = REPL(), .b = RUNS(.version = "1.20",
	    .board_id = "GENERIC", .description =
	    "ESP32 module with ESP32"), .action = "flash",
	    .id = "ESP32_GENERIC" },
	{ "an old id on firmware that names itself is another board",
	    .d = REPL(), .b = RUNS(.version = "1.26.0", .port = "rp2",
	    .board_id = "PICO"), .action = "flash", .id = "PICO" },
	{ "a board of another port", .d = REPL(), .b = RUNS(.version =
	    "1.26.0", .port = "esp32", .board_id = "RPI_PICO"),
	    .code = ERR_MISMATCH, .says = "h/usb/1-1: it runs MicroPython "
	    "for esp32, and RPI_PICO is rp2" },
	{ "the same, written into its file", .d = REPL(), .b = RUNS(.version =
	    "1.26.0", .port = "esp32", .board_id = "ESP32_GENERIC"),
	    .said = { .notes.info_id = "RPI_PICO" }, .code = ERR_MISMATCH },
	{ "nrf that says stm32", .d = REPL(), .b = RUNS(.version = "1.18",
	    .port = "stm32", .board_id = "microbit", .description =
	    "micro:bit with NRF51822"), .action = "flash", .id = "MICROBIT",
	    .port = "nrf" },
	{ "the file on it names what no table knows", .d = REPL(),
	    .b = RUNS(.version = "1.24.1", .port = "rp2", .description =
	    "My own with RP2040"), .said = { .notes.record_id = "MINE-V2",
	    .notes.record_version = "v1.24.1" }, .action = "flash",
	    .id = "MINE-V2", .says = "no table knows that board" },
	{ "an unknown board, and what it may be", .d = REPL(), .b = RUNS(
	    .version = "1.26.0", .port = "rp2", .board_id = "RPI_PICOW"),
	    .action = "flash", .id = "RPI_PICOW",
	    .says = "no table knows that board, but RPI_PICO or "
	    "RPI_PICO_W; " },

	/* Versions that never were. */
	{ "no such release", .o = { .wanted = "1.24.7" }, .d = REPL(),
	    .b = RUNS(.port = "rp2", .board_id = "RPI_PICO"),
	    .code = ERR_NOT_FOUND, .says = "1.24.7: MicroPython has no such "
	    "release" },
	{ "no such series", .o = { .wanted = "1.20.3" }, .d = REPL(),
	    .b = RUNS(.port = "rp2", .board_id = "RPI_PICO"),
	    .code = ERR_NOT_FOUND },
	{ "one that may have come since", .o = { .wanted = "1.28.1" },
	    .d = REPL(), .b = RUNS(.port = "rp2", .board_id = "RPI_PICO"),
	    .action = "flash", .id = "RPI_PICO", .version = "v1.28.1" },
	{ "one from before the table", .o = { .wanted = "1.13.0" },
	    .d = REPL(), .b = RUNS(.port = "rp2", .board_id = "RPI_PICO"),
	    .action = "flash", .id = "RPI_PICO", .version = "v1.13" },
	{ "the board was not yet", .o = { .wanted = "1.22.0" }, .d = REPL(),
	    .b = RUNS(.port = "rp2", .board_id = "RPI_PICO2"),
	    .code = ERR_NOT_FOUND, .says = "RPI_PICO2: no 1.22.0: "
	    "MicroPython has it since v1.24.0" },
	{ "it was, under another name", .o = { .wanted = "1.19.1" },
	    .d = REPL(), .b = RUNS(.port = "rp2", .board_id = "RPI_PICO"),
	    .action = "flash", .id = "RPI_PICO", .version = "v1.19.1" },

	{ "CircuitPython", .d = REPL(), .b = RUNS(.family =
	    "circuitpython", .version = "v8.2.10"), .action = "skip",
	    .says = "it runs CircuitPython v8.2.10, which is not "
	    "MicroPython; name" },
	{ "Pycom's", .d = REPL(), .b = RUNS(.family = "pycom", .board_id =
	    "LOPY4"), .action = "skip", .says = "it runs Pycom's "
	    "MicroPython, which" },
	{ "Pycopy", .d = REPL(), .b = RUNS(.family = "pycopy", .version =
	    "v3.6.1", .description = PICO_W), .action = "skip",
	    .says = "it runs Pycopy v3.6.1" },
	{ "Pybricks", .d = REPL(), .b = RUNS(.family = "ev3-pybricks"),
	    .action = "skip", .says = "it runs Pybricks MicroPython, which" },
	{ "another family, named", .d = REPL(.named = true), .b = RUNS(
	    .family = "xpython"), .code = ERR_UNSUPPORTED, .says = "xpython" },
	{ "ignored by --ignore", .ignore = "rp2", .d = REPL(),
	    .b = RUNS(.port = "rp2", .board_id = "RPI_PICO_W"),
	    .action = "skip", .says = "--ignore" },
	{ "and named", .ignore = "*", .d = REPL(.named = true),
	    .b = RUNS(.port = "rp2", .board_id = "RPI_PICO_W"),
	    .action = "flash", .id = "RPI_PICO_W", .version = "v1.28.0" },
	{ "one of two that it may be is ignored", .ignore =
	    "OLIMEX_ESP32_POE", .d = REPL(), .b = RUNS(.version = "v1.24.1",
	    .description = "Olimex ESP32 ETH with ESP32"),
	    .action = "skip" },
	{ "of the wrong port", .only_port = "stm32", .d = REPL(),
	    .b = RUNS(.port = "rp2", .board_id = "RPI_PICO_W"),
	    .action = "skip", .says = "--port" },
	{ "not such a board", .board = "PYB*", .d = REPL(),
	    .b = RUNS(.port = "rp2", .board_id = "RPI_PICO_W"),
	    .action = "skip", .says = "--board" },
	{ "such a board, under its old name", .board = "rpi_*", .d = REPL(),
	    .b = RUNS(.version = "v1.19", .port = "rp2", .board_id =
	    "PICO_W"), .action = "flash", .id = "RPI_PICO_W",
	    .version = "v1.28.0" },
	{ "a port that only its name tells", .board = "RPI_PICO_W",
	    .only_port = "rp*", .d = MODE("silent", .named = true),
	    .b = RUNS(), .action = "flash", .id = "RPI_PICO_W",
	    .version = "v1.28.0" },
	{ "the wrong one", .board = "RPI_PICO_W", .only_port = "esp32",
	    .d = MODE("silent", .named = true), .b = RUNS(),
	    .action = "skip" },
	/* Boards that only other tools can flash. */
	{ "HalfKay", .only_ours = true, .d = REPL(), .b = RUNS(.version =
	    "v1.24.1", .port = "mimxrt", .board_id = "TEENSY41"),
	    .code = ERR_UNSUPPORTED, .says = "cannot flash TEENSY41 by "
	    "HalfKay; teensy_loader_cli can" },
	{ "and its page has no such version", .only_ours = true,
	    .o = { .wanted = "1.0.0" }, .d = REPL(), .b = RUNS(.version =
	    "v1.24.1", .port = "mimxrt", .board_id = "TEENSY41"),
	    .code = ERR_UNSUPPORTED },
	{ "up to date all the same", .only_ours = true,
	    .o = { .wanted = "1.24.1" }, .d = REPL(), .b = RUNS(.version =
	    "v1.24.1", .port = "mimxrt", .board_id = "TEENSY41"),
	    .action = "skip", .id = "TEENSY41", .version = "v1.24.1" },
	{ "with a UF2 bootloader there", .only_ours = true,
	    .board = "TEENSY41", .d = MODE("uf2", .named = true),
	    .b = RUNS(), .action = "flash", .id = "TEENSY41" },
	{ "by the user's other tool", .d = REPL(), .b = RUNS(.version =
	    "v1.24.1", .port = "mimxrt", .board_id = "TEENSY41"),
	    .action = "flash", .id = "TEENSY41" },
	{ "a probe without a drive", .only_ours = true, .d = REPL(),
	    .b = RUNS(.version = "v1.24.1", .port = "stm32", .board_id =
	    "NUCLEO_F401RE"), .code = ERR_UNSUPPORTED, .says =
	    "ST-LINK's drive, which does not show; st-flash can" },
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
