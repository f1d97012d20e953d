/* SPDX-License-Identifier: MIT */

/*
 * What an image proves by itself: each bit of small images of each format is
 * flipped, and each is cut at each byte.  What no sum covers is known, and is
 * caught by the digest that the lock file and the database hold.
 */

#include "image_bench.h"

#define APP	0x7c80u			/* behind the table */

static const char text[] = "MicroPython v1.24.1 on 2024-11-29; "
    "Generic ESP32 module with ESP32";

/* Flips the lowest bit of each byte; how many of them are noticed. */
static size_t
noticed(uint8_t *p, size_t from, size_t to, size_t n)
{
	struct image_facts f;
	size_t count = 0;

	for (size_t i = from; i < to; i++) {
		struct image_source bytes = IMAGE_MEMORY(p, n);

		p[i] ^= 1;
		e = (struct err)ERR_INIT;
		if (image_inspect(&bytes, &f, &e) == -1) {
			count++;
			if (e.code != ERR_INPUT)
				printf("# byte %zu: %s\n", i, e.msg);
		}
		p[i] ^= 1;
	}
	return count;
}

static void
covered(uint8_t *p, size_t from, size_t to, size_t n)
{
	const size_t count = noticed(p, from, to, n);

	OK(count == to - from);
	if (count != to - from)
		printf("# %zu of %zu from byte %zu\n", count, to - from, from);
}

/* No flip escapes the digest. */
static void
caught_by_digest(uint8_t *p, size_t n)
{
	char was[DIGEST_HEX], is[DIGEST_HEX];
	size_t same = 0;

	digest_bytes(p, n, was);
	for (size_t i = 0; i < n; i++) {
		p[i] ^= 1;
		digest_bytes(p, n, is);
		same += strcmp(was, is) == 0;
		p[i] ^= 1;
	}
	OK(same == 0);
}

/* Of n bytes only those that reach to the end are all of it. */
static void
cut_everywhere(const uint8_t *p, size_t n, size_t step)
{
	struct image_facts f;
	size_t taken = 0;

	for (size_t i = 0; i < n; i += step) {
		struct image_source bytes = IMAGE_MEMORY(p, i);

		if (image_inspect(&bytes, &f, &e) == -1)
			continue;
		printf("# %zu bytes are %s\n", i, f.format);
		taken++;
	}
	OK(taken == 0);
}

static void
test_esp_file(void)
{
	static uint8_t p[APP + 400];
	const size_t n = make_esp_file(p, APP, text, sizeof(text));
	const size_t boot = 24 + 8 + 8 + 8 + 32;	/* header ... digest */

	OK(inspect(p, n) == 0);
	IS_STR(facts.integrity, "sha256");
	IS_STR(facts.chip, "esp32");
	IS_STR(facts.strings.tag, "v1.24.1");
	OK(!facts.app_alone);
	/* The first byte, and the one that says there is a digest. */
	covered(p, 1, 23, n);
	covered(p, 24, boot, n);
	covered(p, ESP_TABLE + 2, ESP_TABLE + 32, n);
	covered(p, ESP_TABLE + 48, ESP_TABLE + 64, n);
	covered(p, APP + 1, APP + 23, n);
	covered(p, APP + 24, n, n);
	caught_by_digest(p, n);
	cut_everywhere(p, boot, 1);
	cut_everywhere(p + APP, n - APP, 1);
	p[APP + 12] = 9;		/* a foreign header */
	OK(inspect(p, n) == -1);
	OK(strstr(e.msg, "application at byte 31872") != NULL);
}

static void
test_esp_parts(void)
{
	static uint8_t p[APP + 400];
	size_t n = make_esp(p, 0, text, sizeof(text));

	OK(inspect(p, n) == 0);
	IS_STR(facts.integrity, "crc");
	covered(p, 32, 32 + sizeof(text), n);
	covered(p, n - 1, n, n);
	/* An application by itself, which no chip starts from there. */
	n = make_esp_hashed(p, 0, "\x32\x54\xcd\xab", 4);
	OK(inspect(p, n) == 0);
	OK(facts.app_alone);
	IS_STR(facts.integrity, "sha256");
	/* Not of the chip that the bootloader is for. */
	n = make_esp_file(p, APP, text, sizeof(text));
	make_esp_hashed(p + APP, 9, text, sizeof(text));
	refused(p, n, "the bootloader is for chip id 0, the application at "
	    "byte 31872 for 9");
	/* One that was never written is fine, and so is a shorter file. */
	memset(p + APP, 0xff, n - APP);
	OK(inspect(p, n) == 0 && !facts.app_alone);
	OK(inspect(p, APP) == 0);
}

static void
test_uf2(void)
{
	uint8_t p[4 * MAKE_UF2_BLOCK];

	for (uint32_t i = 0; i < 4; i++)
		make_uf2(p + MAKE_UF2_BLOCK * i, MAKE_RP2040, 0x10000000 +
		    256 * i, i, 4, text, sizeof(text));
	OK(inspect(p, sizeof(p)) == 0);
	IS_STR(facts.integrity, "structure");
	for (size_t i = 0; i < 4; i++) {
		const size_t at = MAKE_UF2_BLOCK * i;

		/* Both magic words, the size, the numbers, and the end. */
		covered(p, at + 4, at + 8, sizeof(p));
		covered(p, at + 16, at + 28, sizeof(p));
		covered(p, at + 508, at + 512, sizeof(p));
		OK(noticed(p, at + 32, at + 508, sizeof(p)) == 0);
	}
	caught_by_digest(p, sizeof(p));
	cut_everywhere(p, sizeof(p), 1);
}

static void
test_dfu(void)
{
	uint8_t p[500];
	const size_t n = make_dfu(p, 0x08000000, text, sizeof(text));

	OK(inspect(p, n) == 0);
	IS_STR(facts.integrity, "crc");
	/* Without its signature it is another file with a suffix. */
	OK(noticed(p, 0, 5, n) == 5);
	covered(p, 5, n, n);
	caught_by_digest(p, n);
	cut_everywhere(p, n, 1);
}

static void
test_hex(void)
{
	static char file[] = ":020000041000EA\n"
	    ":100000004D6963726F507974686F6E2076312E324D\n"
	    ":0400000510000000E7\n"
	    ":00000001FF\n";
	uint8_t *p = (uint8_t *)file;
	const size_t n = sizeof(file) - 1;
	size_t lines = 0;

	OK(inspect(p, n) == 0);
	IS_STR(facts.integrity, "crc");
	for (size_t i = 1; i + 1 < n; i++)
		if (p[i] == '\n')
			lines++;
	/* All but the first colon; a newline may become another blank. */
	OK(noticed(p, 1, n - 1, n) >= n - 2 - lines);
	caught_by_digest(p, n);
	cut_everywhere(p, n - 1, 1);
}

static void
test_bin(void)
{
	uint8_t p[300] = { 0x00, 0x00, 0x02, 0x20, 0x01, 0x01, 0x00, 0x08 };

	OK(inspect(p, sizeof(p)) == 0);
	OK(facts.integrity == NULL);
	caught_by_digest(p, sizeof(p));
}

int
main(void)
{
	test_esp_file();
	test_esp_parts();
	test_uf2();
	test_dfu();
	test_hex();
	test_bin();
	return tap_done();
}
