/* SPDX-License-Identifier: MIT */
#include "image/strings.h"

#include "../tests/unit/tap.h"

static struct image_strings s;

#define FIND(lit)	find((lit), sizeof(lit) - 1)

static bool
find(const char *text, size_t n)
{
	return image_strings((const uint8_t *)text, n, &s);
}

/* However it is cut, and wherever it lies, it is found whole. */
static void
test_pieces(void)
{
	static const char text[] = "\0; A with B\0xMicroPython v1.25.0 on "
	    "2025-04-15\0";
	static uint8_t image[3 * STRINGS_WINDOW];
	const size_t n = sizeof(image);
	size_t missed = 0;

	for (size_t at = 0; at + sizeof(text) < n; at += 37) {
		struct strings_scan scan = STRINGS_SCAN_INIT;
		const size_t step = 1 + at % 777;

		memset(image, 'M', n);
		memcpy(image + at, text, sizeof(text));
		for (size_t i = 0; i < n; i += step)
			strings_feed(&scan, image + i,
			    i + step < n ? step : n - i);
		if (!strings_end(&scan, &s) || strcmp(s.tag, "v1.25.0") != 0 ||
		    strcmp(s.machine, "A with B") != 0)
			missed++;
	}
	OK(missed == 0);
}

int
main(void)
{
	char big[300];

	test_pieces();

	/* Up to v1.19 in one piece. */
	OK(FIND("R\0OK\0MicroPython v1.18-99-g203ec8ca7-dirty on 2022-02-11; "
	    "PYBv1.1 with STM32F405RG\r\n\0Type"));
	IS_STR(s.tag, "v1.18-99-g203ec8ca7-dirty");
	IS_STR(s.date, "2022-02-11");
	IS_STR(s.machine, "PYBv1.1 with STM32F405RG");

	/* Since v1.20 in two, in any order. */
	OK(FIND("OK\0; Raspberry Pi Pico W with RP2040\0Type \"help()\"\0"
	    "3.4.0; MicroPython v1.22.2 on 2024-02-22\0MicroPython firmware "
	    "on a board\0"));
	IS_STR(s.tag, "v1.22.2");
	IS_STR(s.machine, "Raspberry Pi Pico W with RP2040");

	/* Between strings that begin like a machine; and none with "with". */
	OK(FIND("\0; help\0MicroPython v1.25.0 on 2025-04-15\0; A with B\0"));
	IS_STR(s.machine, "A with B");
	OK(FIND("MicroPython v1.25.0 on 2025-04-15\0"
	    "; Pololu 3pi+ 2040 Robot\0; other\0"));
	IS_STR(s.machine, "Pololu 3pi+ 2040 Robot");

	/* The one with a machine behind it is the better one. */
	OK(FIND("MicroPython v1.1 on 2001-01-01\0"
	    "MicroPython v1.2 on 2002-02-02; B with C\n"));
	IS_STR(s.tag, "v1.2");

	OK(FIND("MicroPython v1.25.0 on 2025-04-15"));
	IS_STR(s.machine, "");
	OK(!FIND(""));
	OK(!FIND("MicroPython "));
	OK(!FIND("MicroPython v1.25.0 on 2025-04-1"));
	OK(!FIND("MicroPython v1.25.0 on 2025/04/15\0"));
	OK(!FIND("MicroPython  on 2025-04-15\0"));
	IS_STR(s.tag, "");

	/* Not UTF-8, and no end: not a machine. */
	OK(FIND("MicroPython v1 on 2025-04-15; A\xff with B\0\0; cut with"));
	IS_STR(s.machine, "");

	/* Longer than any tag or machine: not one either. */
	memset(big, 'x', sizeof(big));
	memcpy(big, "MicroPython ", 12);
	memcpy(big + 12 + 64, " on 2025-04-15", 14);
	OK(!image_strings((uint8_t *)big, sizeof(big), &s));
	memset(big, 'x', sizeof(big));
	memcpy(big, "MicroPython v1 on 2025-04-15; ", 30);
	big[30 + 128] = '\0';
	OK(image_strings((uint8_t *)big, sizeof(big), &s));
	IS_STR(s.machine, "");
	return tap_done();
}
