/* SPDX-License-Identifier: MIT */
#include "../tests/unit/board_said.h"
#include "facts/facts.h"

/* What the table of boards adds, and the file that was written last. */
static const struct said pico[] = { { "name", "micropython" },
	{ "version", "1.24.1" }, { "platform", "rp2" },
	{ "machine", "Raspberry Pi Pico W with RP2040" },
	{ NULL, NULL } };
static const struct said spiram[] = { { "name", "micropython" },
	{ "version", "1.20.0" }, { "platform", "esp32" },
	{ "machine", "ESP32 module (spiram) with ESP32" },
	{ NULL, NULL } };
static const struct said own[] = { { "name", "micropython" },
	{ "version", "1.24.1" }, { "build", "MINE" },
	{ "machine", "Raspberry Pi Pico W with RP2040" },
	{ NULL, NULL } };
static const char dp[] = "[firmware]\nboard_id = \"PYBV11-DP\"\n"
    "version = \"v1.24.1\"\n";
static const struct said noted[] = { { "name", "micropython" },
	{ "version", "1.24.1" }, { "platform", "pyboard" },
	{ "machine", "PYBv1.1 with STM32F405RG" }, { "record", dp },
	{ NULL, NULL } };
static const struct said stale[] = { { "name", "micropython" },
	{ "version", "1.24.0" }, { "platform", "pyboard" },
	{ "machine", "PYBv1.1 with STM32F405RG" }, { "record", dp },
	{ NULL, NULL } };
static const struct said other[] = { { "name", "micropython" },
	{ "version", "1.24.1" }, { "platform", "rp2" },
	{ "machine", "Raspberry Pi Pico W with RP2040" },
	{ "record", dp }, { NULL, NULL } };
static const struct said circuit[] = { { "name", "circuitpython" },
	{ "version", "8.2.10" }, { "machine",
	"Raspberry Pi Pico with rp2040" }, { NULL, NULL } };
static const struct said unknown[] = { { "name", "micropython" },
	{ "version", "1.24.1" }, { "machine", "A toaster with 6502" },
	{ NULL, NULL } };
static const struct {
	const struct said	*said;
	const char		*board_id, *variant;
} boards_of[] = {
	{ pico, "RPI_PICO_W", NULL },
	{ spiram, "ESP32_GENERIC", "SPIRAM" },
	{ own, "MINE", NULL },
	{ noted, "PYBV11", "DP" },
	{ stale, "PYBV11", NULL },
	{ other, "RPI_PICO_W", NULL },
	{ circuit, NULL, NULL },
	{ unknown, NULL, NULL },
};

static void
test_identify(void)
{
	struct store *s = NULL;
	struct facts *f = NULL;
	struct err e = ERR_INIT;

	OK(store_memory(&s, &e) == 0 && facts_open(s, &f, &e) == 0);
	store_close(s);
	for (size_t i = 0; i < sizeof(boards_of) / sizeof(boards_of[0]); i++) {
		struct board_answer a;

		facts_of(boards_of[i].said, &a);
		board_identify(f, &a);
		OK(same(a.board.board_id, boards_of[i].board_id));
		OK(same(a.board.variant, boards_of[i].variant));
		board_answer_release(&a);
	}
	facts_close(f);
}

int
main(void)
{
	test_identify();
	return tap_done();
}
