/* SPDX-License-Identifier: MIT */
#include "base/buf.h"
#include "boot/boot.h"
#include "chips/chips.h"
#include "tap.h"

#define N(a)	(sizeof(a) / sizeof((a)[0]))

/* Every port and mode, with its ways in their order. */
static void
test_ways(void)
{
	static const struct {
		const char	*port, *mode, *want;
	} cases[] = {
		{ "rp2", "uf2", " mpy touch1200 manual" },
		{ "rp2", "picoboot", " mpy touch1200 manual" },
		{ "samd", "uf2", " touch1200 mpy manual" },
		{ "nrf", "uf2", " touch1200 mpy manual" },
		{ "mimxrt", "uf2", " mpy touch1200 manual" },
		{ "stm32", "dfu", " touch1200 mpy manual" },
		{ "esp32", "uf2", " manual" },
		{ "esp32", "dfu", " mpy touch1200 manual" },
		{ "esp32", "esp_rom", " mpy manual" },
		{ "esp8266", "esp_rom", " manual" },
		{ "samd", "dfu", " mpy manual" },
		{ "renesas-ra", "dfu", " mpy manual" },
		{ NULL, "uf2", " mpy manual" },
	};
	struct buf got = BUF_INIT;

	for (size_t i = 0; i < N(cases); i++) {
		const struct boot_method *const *ways =
		    boot_ways(cases[i].port, cases[i].mode);

		got.len = 0;
		for (size_t k = 0; k < BOOT_WAYS && ways[k] != NULL; k++)
			buf_addf(&got, " %s", ways[k]->name);
		IS_STR(got.data, cases[i].want);
	}
	buf_release(&got);
}

/*
 * Each bootloader that a port's boards have, as lib/chips says, has a row of
 * its own, and no other has a row.  Buttons are the last way to each.
 */
static void
test_ways_of_chips(void)
{
	static const char *const ports[] = { "rp2", "samd", "nrf", "mimxrt",
	    "stm32", "esp32", "esp8266" };
	static const char *const modes[] = { "uf2", "picoboot", "dfu",
	    "esp_rom" };
	const struct boot_method *const *others = boot_ways(NULL, NULL);

	for (size_t i = 0; i < N(ports); i++)
		for (size_t k = 0; k < N(modes); k++) {
			const struct boot_method *const *ways =
			    boot_ways(ports[i], modes[k]);

			OK((ways != others) ==
			    port_has_mode(ports[i], modes[k]));
			while (ways[1] != NULL)
				ways++;
			IS_STR(ways[0]->name, "manual");
		}
}

int
main(void)
{
	test_ways();
	test_ways_of_chips();
	return tap_done();
}
