/* SPDX-License-Identifier: MIT */
#include "facts/facts.h"

#include <stdlib.h>

#include "facts/shape.h"
#include "tap.h"

#define N(a)	(sizeof(a) / sizeof((a)[0]))

/* Which names look alike, and which builds are alike. */

static struct facts *f;

static void
check_known(void)
{
	const char *near[3];
	char text[NEAR_TEXT];

	OK(facts_near(f, "RPI_PICOW", NULL, NULL, near, 3) > 0);
	IS_STR(near[0], "RPI_PICO");
	OK(facts_near(f, "rpi_pico_x", "rp2", NULL, near, 3) == 2);
	IS_STR(near[0], "RPI_PICO_W");
	OK(facts_near(f, "'; DROP TABLE mpf_board; --", NULL, NULL, near,
	    3) == 0);
	OK(facts_near(f, "ESP32_GENERIC_S9", NULL, NULL, near, 1) == 1);
	IS_STR(near[0], "ESP32_GENERIC_S2");
	facts_near_text(f, "RPI_PICOW", NULL, NULL, text);
	IS_STR(text, "RPI_PICO or RPI_PICO_W");
	facts_near_text(f, "RPI_PICOW", "rp2", "RP2350", text);
	IS_STR(text, "RPI_PICO2 or RPI_PICO2_W");
	facts_near_text(f, "RPI_PICOW", "esp32", NULL, text);
	IS_STR(text, "");
	facts_near_text(f, "RPI_PICOW", NULL, "ESP32", text);
	IS_STR(text, "");
	facts_near_text(f, "Raspberry Pi Pica W", "rp2", "RP2040", text);
	IS_STR(text, "RPI_PICO_W or RPI_PICO");
	facts_near_text(f, "'; DROP TABLE mpf_board; --", NULL, NULL, text);
	IS_STR(text, "");
}

/* In what a variant differs, by its name of today and of old. */
static void
check_software(void)
{
	static const struct {
		struct board_name	name;
		bool			software;
	} cases[] = {
		{ { "stm32", "PYBV11", NULL }, false },
		{ { "stm32", "PYBV11", "DP" }, true },
		{ { NULL, "PYBV11", "dp-thread" }, true },
		{ { "rp2", "PYBV11", "DP" }, false },
		{ { "stm32", "PYBV11", "NO_SUCH" }, false },
		{ { "esp8266", "ESP8266_GENERIC", "FLASH_2M_ROMFS" }, true },
		{ { "esp8266", "ESP8266_GENERIC", "FLASH_1M" }, false },
		{ { "esp32", "ESP32_GENERIC", "SPIRAM" }, false },
		{ { "stm32", "WEACT_F411_BLACKPILL", "V31_XTAL_8M" }, false },
	};

	for (size_t i = 0; i < N(cases); i++)
		OK(facts_software(f, &cases[i].name) == cases[i].software);
}

/* Of today's board with that id, does its firmware run on such a chip? */
static bool
runs_on(const char *board_id, const char *port, const char *mcu)
{
	const struct fact *row;
	size_t i = 0;

	while ((row = facts_row_of(f, board_id, i++)) != NULL)
		if (strcmp(row->port, port) == 0 &&
		    ((row->mcu != NULL && shape_same_mcu(row->mcu, mcu)) ||
		    shape_same_mcu(shape_mcu(row->uname), mcu)))
			return true;
	return false;
}

/* Near names of a board, with a slip in its own name, are of its chip. */
static void
check_near(void)
{
	const char *near[8], *mcu;
	size_t n, found, wrong = 0, any = 0;
	const struct fact *rows = facts_rows(f, &n);
	char id[BOARD_NAME_TEXT];

	for (size_t i = 0; i < n; i++) {
		mcu = shape_mcu(rows[i].uname);
		snprintf(id, sizeof(id), "%s", rows[i].board_id);
		id[strlen(id) / 2] = 'Q';
		found = facts_near(f, id, rows[i].port, mcu, near, 8);
		any += found > 0;
		for (size_t k = 0; k < found; k++)
			wrong += !runs_on(near[k], rows[i].port, mcu);
	}
	printf("# near names of %zu of %zu rows, %zu of another chip\n", any, n,
	    wrong);
	OK(wrong == 0 && any * 100 >= n * 85);
}

int
main(void)
{
	struct store *s = NULL;
	struct err e = ERR_INIT;

	setenv("MPF_SHARE", "share", 1);
	OK(store_memory(&s, &e) == 0 && facts_open(s, &f, &e) == 0);
	check_known();
	check_software();
	check_near();
	facts_close(f);
	store_close(s);
	return tap_done();
}
