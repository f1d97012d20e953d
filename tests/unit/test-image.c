/* SPDX-License-Identifier: MIT */
#include "image/image.h"

#include <stdio.h>
#include <stdlib.h>

#include "../tests/unit/image_bench.h"
#include "base/file.h"
#include "image/dfu.h"
#include "image/esp.h"
#include "image/hex.h"

static void
refused_text(const char *text, const char *msg)
{
	refused(text, strlen(text), msg);
}

static void
test_uf2(void)
{
	static const char one[] = "\0MicroPython v1.24.1 on 2024-11-29\0";
	static const char two[] = "\0; Some Board with SAMD51P19A\0";
	uint8_t file[4 * MAKE_UF2_BLOCK];
	struct image_facts both;

	make_uf2(file, MAKE_RP2040, 0x10000000, 0, 2, one, sizeof(one));
	make_uf2(file + 512, MAKE_RP2040, 0x10000100, 1, 2, two, sizeof(two));
	OK(inspect(file, 1024) == 0);
	IS_STR(facts.format, "uf2");
	IS_STR(facts.chip, "rp2040");
	OK(facts.addr == 0x10000000 && facts.end == 0x10000200);
	IS_STR(facts.strings.tag, "v1.24.1");
	IS_STR(facts.strings.machine, "Some Board with SAMD51P19A");

	/* Without a family the machine string tells the chip. */
	make_uf2(file, 0, 0x4000, 0, 2, one, sizeof(one));
	make_uf2(file + 512, 0, 0x4100, 1, 2, two, sizeof(two));
	OK(inspect(file, 1024) == 0);
	IS_STR(facts.chip, "samd51");

	/* One file for two cores of a chip, and one for two chips. */
	make_uf2(file, 0xe48bff59, 0x10000000, 0, 1, one, sizeof(one));
	make_uf2(file + 512, 0xe48bff5a, 0x10000100, 0, 1, two, sizeof(two));
	OK(inspect(file, 1024) == 0);
	IS_STR(facts.chip, "rp2350");
	OK(!facts.mixed && facts.end == 0x10000200);
	make_uf2(file, MAKE_RP2040, 0x10000200, 0, 1, one, sizeof(one));
	OK(inspect(file, 1024) == 0);
	OK(facts.chip == NULL && facts.mixed && facts.addr == 0x10000100);

	/* For two chips: each board sees its own image alone. */
	both = facts;
	OK(both.n_parts == 2);
	image_for_chip(&both, "samd51");
	image_for_chip(&both, NULL);
	OK(both.mixed && both.chip == NULL);
	image_for_chip(&both, "rp2350");
	OK(!both.mixed && both.addr == 0x10000100);
	IS_STR(both.chip, "rp2350");
	IS_STR(both.strings.tag, "");
	both = facts;
	image_for_chip(&both, "rp2040");
	OK(both.addr == 0x10000200 && both.end == 0x10000300);
	IS_STR(both.strings.tag, "v1.24.1");

	refused(file, 600, "600 bytes: not whole UF2 blocks of 512");
}

static void
test_esp(void)
{
	static const char text[] = "MicroPython v1.23.0 on 2024-06-02\0"
	    "; Generic ESP32S3 module with ESP32S3";
	uint8_t p[400];
	size_t n;

	n = make_esp(p, 9, text, sizeof(text));
	OK(inspect(p, n) == 0);
	IS_STR(facts.format, "esp");
	IS_STR(facts.chip, "esp32s3");
	IS_STR(facts.strings.machine, "Generic ESP32S3 module with ESP32S3");
	OK(inspect(p, sizeof(p)) == 0);		/* more behind it is fine */
	refused(p, n - 1, "the file ends before the checksum");
	refused(p, 40, "segment 0 of 1: 72 bytes, but 8 are left");
	refused(p, 24, "segment 0 of 1: the file ends before it");
	refused(p, 12, "not an ESP image: 12 bytes");
	p[50] ^= 1;
	refused(p, n, "checksum 0x84 at byte 111, but the segments have "
	    "0x85");
	p[1] = 17;
	refused(p, n, "ESP image of 17 segments");
	p[1] = 0;
	refused(p, n, "ESP image of 0 segments");

	n = make_esp(p, 8266, "", 1);
	OK(inspect(p, n) == 0);
	IS_STR(facts.chip, "esp8266");
	n = make_esp(p, 250, "", 1);
	OK(inspect(p, n) == 0);
	OK(facts.chip == NULL);
}

static void
test_dfu(void)
{
	static const char text[] = "MicroPython v1.24.1 on 2024-11-29; "
	    "PYBv1.1 with STM32F405RG\r\n";
	uint8_t p[500];
	struct dfu_file f;
	size_t n = make_dfu(p, 0x08000000, text, sizeof(text));

	OK(inspect(p, n) == 0);
	IS_STR(facts.format, "dfu");
	IS_STR(facts.chip, "stm32f4");
	IS_STR(facts.strings.tag, "v1.24.1");
	OK(facts.addr == 0x08000000 && facts.end == 0x08000000 + sizeof(text));
	OK(dfu_check(&(struct image_source)IMAGE_MEMORY(p, n), &f, &e) == 0);
	OK(f.vid == 0x0483 && f.pid == 0xdf11 && f.targets == 1 && f.dfuse);

	refused(p, n - 1, "DfuSe file without its suffix: not whole");
	p[300] ^= 1;
	OK(inspect(p, n) == -1);
	OK(strncmp(e.msg, "DFU suffix: CRC 0x", 18) == 0);
	p[300] ^= 1;

	put32(p + 11 + 278, sizeof(text) + 1);
	put_crc(p, n);
	refused(p, n, "target 0 of 1: element 0 of 1: element of 63 bytes, "
	    "but 62 are left");
	put32(p + 11 + 278, sizeof(text) - 1);
	put_crc(p, n);
	refused(p, n, "target 0 of 1: 1 bytes after the last element");
	put32(p + 11 + 270, 0xffffffff);
	put_crc(p, n);
	OK(inspect(p, n) == -1);
	make_dfu(p, 0xfffffff0, text, sizeof(text));
	OK(inspect(p, n) == -1);
	make_dfu(p, 0, text, sizeof(text));
	p[5] = 2;
	put_crc(p, n);
	refused(p, n, "DfuSe version 2");
	p[5] = 1;
	p[6]++;
	put_crc(p, n);
	refused(p, n, "DfuSe of 356 bytes, but the file has 355");
	p[6]--;
	p[10] = 2;
	put_crc(p, n);
	refused(p, n, "target 1 of 2: no target where one should be");
	p[10] = 0;
	put_crc(p, n);
	refused(p, n, "344 bytes after the last of 0 elements");
	p[10] = 1;
	put32(p + 11 + 266, 1000);
	put_crc(p, n);
	OK(inspect(p, n) == -1);

	/* A suffix on any bytes, without DfuSe's tables. */
	p[0] = 'd';
	put_crc(p, n);
	OK(inspect(p, n) == 0);
	IS_STR(facts.format, "dfu");
	OK(facts.end == 0);
}

static void
test_hex(void)
{
	/* "MicroPython v1.24.1 on 2024-11-29" over two lines, in two places. */
	static const char good[] = ":020000041000EA\r\n"
	    ":100000004D6963726F507974686F6E2076312E324D\r\n"
	    ":11001000342E31206F6E20323032342D31312D323940\r\n"
	    "\r\n"
	    ":040030004100420049\r\n"
	    ":0400000510000000E7\r\n"
	    ":00000001FF\r\n";
	static const char segment[] = ":020000021234B6\n"
	    ":0100000000FF\n:00000001FF\n";
	struct hex_file f;

	OK(inspect(good, strlen(good)) == 0);
	IS_STR(facts.format, "hex");
	OK(facts.addr == 0x10000000 && facts.end == 0x10000034);
	IS_STR(facts.strings.tag, "v1.24.1");
	IS_STR(facts.strings.date, "2024-11-29");
	OK(hex_check(&(struct image_source)IMAGE_MEMORY(good, strlen(good)),
	    &f, NULL, &e) == 0);
	OK(f.bytes == 37);

	/* A segment counts in 16 bytes. */
	OK(inspect(segment, sizeof(segment) - 1) == 0);
	OK(facts.addr == 0x12340);

	refused_text(":0100000000FF\n",
	    "line 1: the file ends without an end record");
	refused_text(":0100000000FE\n",
	    "line 1: checksum 0xfe, but the record has 0xff");
	refused_text(":0100000000FF\n:02000000FE\n",
	    "line 2: record of 5 bytes, where 7 should be");
	refused_text(":0100000000FF\n<html>",
	    "line 2: not an Intel HEX record");
	refused_text(":00000006FA\n", "line 1: record type 6 of 0 bytes");
	refused_text(":0100000400FB\n", "line 1: record type 4 of 1 bytes");
	refused_text(":02000004FFFFFC\n:02FFFF0000000\n:00000001FF\n",
	    "line 2: not an Intel HEX record");
	refused_text(":02000004FFFFFC\n:02FFFF00000000\n:00000001FF\n",
	    "line 2: address 0xffffffff and 2 bytes");
	OK(!hex_is((const uint8_t *)":0100", 5));
	OK(!hex_is((const uint8_t *)"0100000000FF", 12));
}

static void
test_bin(void)
{
	static const char page[] = "<!DOCTYPE html>\n<html><body>404 "
	    "f\xc3\xbcr dich</body></html>\n";
	uint8_t raw[64];

	memset(raw, 0xff, sizeof(raw));
	OK(inspect(raw, sizeof(raw)) == 0);
	IS_STR(facts.format, "bin");
	OK(facts.chip == NULL && facts.end == 0);
	IS_STR(facts.strings.tag, "");
	refused(page, sizeof(page) - 1, "a web page, not a firmware");
	refused("  \n<HTML>", 9, "a web page, not a firmware");
	refused("not here", 8, "a page of text, not a firmware");
	refused("<htm", 4, "a page of text, not a firmware");
	refused("", 0, "empty");
}

static void
test_machine(void)
{
	IS_STR(image_machine_chip("A with B with ESP32C6"), "esp32c6");
	IS_STR(image_machine_chip("X with ESP32-C61"), "esp32c61");
	IS_STR(image_machine_chip("X with RP2350-RISCV"), "rp2350");
	IS_STR(image_machine_chip("Adafruit with SAME51J19A"), "samd51");
	OK(image_machine_chip("Pololu 3pi+ 2040 Robot") == NULL);
	OK(image_machine_chip("X with Y") == NULL);
	OK(image_machine_chip("") == NULL);
}

/* Genuine files, where there are some. */
static const struct {
	const char	*name, *format, *chip, *tag, *date, *machine;
} samples[] = {
	{ "RPI_PICO_W-v1.22.2.uf2", "uf2", "rp2040", "v1.22.2", "2024-02-22",
	    "Raspberry Pi Pico W with RP2040" },
	{ "SEEED_WIO_TERMINAL-v1.22.2.uf2", "uf2", "samd51", "v1.22.2",
	    "2024-02-22", "Wio Terminal D51R with SAMD51P19A" },
	{ "ESP32_GENERIC-SPIRAM-v1.23.0-preview.236.bin", "esp", "esp32",
	    "v1.23.0-preview.236.gcd8eea2ae", "2024-03-16",
	    "Generic ESP32 module with SPIRAM with ESP32" },
	{ "pyb-v1.1_sp_v1.18-99-g203ec8ca7-ulab_v5.0.1-2D-20220211.dfu",
	    "dfu", "stm32f4", "v1.18-99-g203ec8ca7-dirty", "2022-02-11",
	    "PYBv1.1 with STM32F405RG" },
};

static void
test_samples(void)
{
	const char *dir = getenv("MPF_SAMPLES");

	for (size_t i = 0; i < sizeof(samples) / sizeof(samples[0]); i++) {
		struct buf b = BUF_MAX(8u << 20);
		char *path = mem_printf("%s/%s", dir == NULL ? "" : dir,
		    samples[i].name);

		e = (struct err)ERR_INIT;
		if (dir == NULL || dir[0] == '\0' ||
		    file_read(path, &b, &e) == -1) {
			printf("ok %d # skip no %s in MPF_SAMPLES\n", ++tap_n,
			    samples[i].name);
		} else {
			OK(inspect(b.data, b.len) == 0);
			IS_STR(facts.format, samples[i].format);
			IS_STR(facts.chip, samples[i].chip);
			IS_STR(facts.strings.tag, samples[i].tag);
			IS_STR(facts.strings.date, samples[i].date);
			IS_STR(facts.strings.machine, samples[i].machine);
			/* Whatever is cut off, it is no longer whole. */
			if (strcmp(facts.format, "esp") != 0)
				OK(inspect(b.data, b.len - 512) == -1);
		}
		buf_release(&b);
		free(path);
	}
}

int
main(void)
{
	test_uf2();
	test_esp();
	test_dfu();
	test_hex();
	test_bin();
	test_machine();
	test_samples();
	return tap_done();
}
