/* SPDX-License-Identifier: MIT */
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "base/digest.h"
#include "esp/header.h"
#include "esp/loader.h"
#include "esp/packet.h"
#include "esp/partition.h"
#include "esp/slip.h"
#include "esp/stub.h"
#include "esp_bench.h"
#include "tap.h"

#define FAULT_RUNS	2000u

/* --- frames --- */

static void
test_slip(void)
{
	static const uint8_t raw[] = { 0x01, 0xc0, 0xdb, 0x02 };
	static const uint8_t framed[] = { 0xc0, 0x01, 0xdb, 0xdc, 0xdb, 0xdd,
		0x02, 0xc0 };
	struct buf out = BUF_INIT;
	struct slip s;
	size_t whole = 0;

	slip_add(&out, raw, sizeof(raw));
	OK(out.len == sizeof(framed) &&
	    memcmp(out.data, framed, out.len) == 0);
	slip_init(&s, 8);
	for (const char *c = "boot:0x13\r\n"; *c != '\0'; c++)
		OK(!slip_feed(&s, (uint8_t)*c));
	for (size_t i = 0; i < out.len; i++)
		whole += slip_feed(&s, (uint8_t)out.data[i]);
	OK(whole == 1 && s.frame.len == sizeof(raw) &&
	    memcmp(s.frame.data, raw, sizeof(raw)) == 0);
	/* One that is too long is dropped, and the next is read. */
	slip_reset(&s);
	slip_feed(&s, 0xc0);
	for (int i = 0; i < 9; i++)
		slip_feed(&s, 7);
	OK(!slip_feed(&s, 0xc0));
	slip_feed(&s, 5);
	OK(slip_feed(&s, 0xc0) && s.frame.len == 1);
	slip_release(&s);
	buf_release(&out);
}

/* --- the whole way, over each chip --- */

static void
fill(uint8_t *p, size_t n)
{
	uint32_t v = 1;

	for (size_t i = 0; i < n; i++) {
		v = v * 1103515245u + 12345u;
		p[i] = (uint8_t)(v >> 16);
	}
}

/* Writes n bytes at addr as they are, and compares digests. */
static int
write_plain(struct esp_loader *l, uint32_t addr, const uint8_t *p, size_t n,
    struct err *e)
{
	const size_t block = esp_block_size(l, false);
	uint8_t want[DIGEST_MD5], got[DIGEST_MD5];

	if (esp_write_begin(l, addr, n, n, n, false, e) == -1)
		return -1;
	for (size_t at = 0, k; at < n; at += k) {
		k = n - at < block ? n - at : block;
		if (esp_write_block(l, p + at, k, k, e) == -1)
			return -1;
	}
	if (esp_write_end(l, e) == -1)
		return -1;
	if (!esp_can_digest(l))
		return 0;
	digest_md5(p, n, want);
	if (esp_digest(l, addr, n, got, e) == -1)
		return -1;
	return memcmp(want, got, sizeof(want)) == 0 ? 0 :
	    err_set(e, ERR_VERIFY, "another digest");
}

static void
check_chip(const char *name, unsigned revision)
{
	static uint8_t image[40000];
	const struct sim_esp_opts opts = {
		.chip = name, .revision = revision,
		.mac = { 0x24, 0x0a, 0xc4, 0x12, 0x34, 0x56 },
	};
	struct esp_bench *b = esp_bench_new(&opts);
	struct esp_loader *l = NULL;
	struct esp_target t;
	struct err e = ERR_INIT;
	size_t n;
	int r;

	fill(image, sizeof(image));
	r = open_loader(b, &l, &t, &e);
	OK(r == 0);
	if (r == -1) {
		printf("# %s: %s\n", name, e.msg);
		goto out;
	}
	IS_STR(t.chip->name, name);
	OK(t.flash_size == 4u << 20);
	OK(memcmp(t.mac, opts.mac, 6) == 0);
	OK(strcmp(name, "esp8266") == 0 || t.revision == (int)revision);
	OK(!t.encrypted && !t.secure_boot && !t.secure_download);
	r = strcmp(name, "esp8266") == 0 ? 0 : esp_baud(l, 921600, true, &e);
	OK(r == 0);
	if (r == -1)
		printf("# %s: %s\n", name, e.msg);
	r = write_plain(l, 0x3000, image, sizeof(image), &e);
	OK(r == 0);
	if (r == -1)
		printf("# %s: %s\n", name, e.msg);
	OK(memcmp(sim_esp_flash(b->chip, &n) + 0x3000, image,
	    sizeof(image)) == 0);
	OK(esp_erase_region(l, 0x3000, 8192, &e) == 0 &&
	    sim_esp_flash(b->chip, &n)[0x4fff] == 0xff &&
	    sim_esp_flash(b->chip, &n)[0x5000] == image[0x2000]);
out:
	esp_loader_free(l);
	link_close(&b->link);
}

static void
test_chips(void)
{
	check_chip("esp32", 300);
	check_chip("esp32", 101);
	check_chip("esp32s2", 100);
	check_chip("esp32s3", 2);
	check_chip("esp32c2", 101);
	check_chip("esp32c3", 4);
	check_chip("esp32c3", 101);
	check_chip("esp32c5", 100);
	check_chip("esp32c6", 1);
	check_chip("esp32h2", 102);
	check_chip("esp32p4", 301);
	check_chip("esp8266", 0);
}

/* --- what does not answer --- */

static void
check_silence(const char *chip, bool no_lines, const char *said,
    const char *want)
{
	const struct sim_esp_opts opts = { .chip = chip };
	struct esp_bench *b = esp_bench_new(&opts);
	const struct esp_connect_opts how = {
		.deadline = clock_ms() + 3000,
	};
	struct esp_loader *l = NULL;
	struct err e = ERR_INIT;

	b->no_lines = no_lines;
	buf_clear(sim_esp_out(b->chip));
	buf_adds(sim_esp_out(b->chip), said);
	OK(esp_connect(&b->link, &how, &l, &e) == -1);
	OK(strstr(e.msg, want) != NULL);
	if (strstr(e.msg, want) == NULL)
		printf("# %s\n", e.msg);
	OK(e.code == ERR_TIMEOUT && e.hint[0] != '\0');
	esp_loader_free(l);
	link_close(&b->link);
}

/* Each says something else, as each needs another remedy. */
static void
check_silences(void)
{
	check_silence("esp32", true, "", "nothing comes from it");
	check_silence("esp32", true, "rst:0x1 (POWERON_RESET),boot:0x3 "
	    "(DOWNLOAD_BOOT(UART0))\r\nwaiting for download\r\n",
	    "the chip waits for a download, but does not answer");
	check_silence("esp32c3", true, "ESP-ROM:esp32c3-api1-20210207\r\n"
	    "boot:0xc (SPI_FAST_FLASH_BOOT)\r\n",
	    "the chip starts its firmware, and not its boot loader");
	check_silence("esp32", true, "\x80\xfe\x01\x8c\xf2\x9f",
	    "only noise comes from it");
	check_silence("esp32", true, "Hello, world\r\n",
	    "a program talks there, but no boot loader answers");
}

/* An image for revisions from 3.0 on, and a P4 before that. */
static void
check_revisions(void)
{
	const struct esp_chip *p4 = esp_chip_by_name("esp32p4");
	uint8_t image[ESP_HEADER_BYTES] = { 0xe9, 1, [12] = 18,
		[15] = 300 & 255, [16] = 300 >> 8, [17] = 399 & 255,
		[18] = 399 >> 8 };
	struct err e = ERR_INIT;

	OK(esp_is_for_some(image, sizeof(image), p4));
	OK(esp_fits_chip(image, sizeof(image), p4, 301, &e) == 0);
	OK(esp_fits_chip(image, sizeof(image), p4, 103, &e) == -1);
	OK(e.code == ERR_MISMATCH);
	IS_STR(e.msg, "for an ESP32-P4 of revision v3.0 to v3.99, but this is "
	    "a v1.3");
}

/* How DTR and RTS move, to the loader and out of it. */
static void
check_moves(const char *vid, const char *pid, const char *in,
    const char *out, bool drained)
{
	const struct sim_esp_opts opts = { .chip = "esp32" };
	struct esp_bench *b = esp_bench_new(&opts);
	const struct esp_connect_opts how = {
		.port = esp_port_of(vid, pid), .deadline = clock_ms() + 3000,
	};
	struct esp_loader *l = NULL;
	struct err e = ERR_INIT;

	OK(esp_connect(&b->link, &how, &l, &e) == 0);
	IS_STR(b->moves, in);
	b->moves[0] = '\0';
	OK(esp_start(l, &e) == 0);
	IS_STR(b->moves, out);
	bench_wait(b, clock_ms() + 10);
	OK(sim_esp_mode(b->chip) == SIM_ESP_LOST);	/* it is blank */
	OK((sim_esp_out(b->chip)->len == 0) == drained);
	esp_loader_free(l);
	link_close(&b->link);
}

static void
test_bridges(void)
{
	check_moves("1a86", "7523", "00 11 01 10 00 ", "01 00 ", false);
	check_moves("10c4", "ea60", "00 11 01 10 00 ", "01 00 ", true);
	check_moves("10c4", "ea64", "00 11 01 10 ", "01 11 10 ", false);
	OK(esp_port_of("10c4", "ea70") == ESP_BRIDGE);
	OK(esp_port_of("303a", "0009") == ESP_USB_OTG);
	OK(esp_port_of("303a", "1001") == ESP_USB_JTAG);
	OK(esp_port_of("303a", "4001") == ESP_BRIDGE);
	OK(esp_port_of(NULL, NULL) == ESP_BRIDGE);
}

/* --- a stub --- */

static void
check_stub(bool slow_line)
{
	static const char json[] = "{\"entry\": 1074521560, \"text\": "
	    "\"NkEAHQ==\", \"text_start\": 1074520064, \"data\": "
	    "\"YWJjZA==\", \"data_start\": 1073605544}";
	static uint8_t image[40000], back[3000];
	const struct sim_esp_opts opts = { .chip = "esp32",
		.revision = 300, .stub_slow_line = slow_line };
	struct esp_bench *b = esp_bench_new(&opts);
	struct esp_loader *l = NULL;
	struct esp_target t;
	struct esp_stub stub;
	struct err e = ERR_INIT;
	size_t n;

	fill(image, sizeof(image));
	OK(esp_stub_parse(json, sizeof(json) - 1, &stub, &e) == 0);
	OK(stub.text.len == 4 && stub.data.len == 4);
	OK(open_loader(b, &l, &t, &e) == 0);
	OK(esp_baud(l, 921600, true, &e) == 0);
	OK(esp_load_stub(l, &stub, &e) == 0);
	OK(sim_esp_mode(b->chip) == SIM_ESP_STUB);
	OK(b->baud == 921600 && sim_esp_rate(b->chip) == 921600);
	OK(esp_block_size(l, false) == 16384);
	OK(write_plain(l, 0x1000, image, sizeof(image), &e) == 0);
	OK(memcmp(sim_esp_flash(b->chip, &n) + 0x1000, image,
	    sizeof(image)) == 0);
	/* Read back, in frames of which the last is short. */
	OK(esp_read(l, 0x1000, back, sizeof(back), &e) == 0);
	OK(memcmp(back, image, sizeof(back)) == 0);
	OK(esp_start(l, &e) == 0);
	if (e.msg[0] != '\0')
		printf("# %s\n", e.msg);
	esp_stub_release(&stub);
	esp_loader_free(l);
	link_close(&b->link);
}

static void
test_bad_stubs(void)
{
	static const char *const bad[][2] = {
		{ "[]", "" }, { "{}", "entry" },
		{ "{\"entry\": 1, \"text_start\": 1}", "text" },
		{ "{\"entry\": 1, \"text_start\": 1, \"text\": \"?\"}",
		    "text: not the code of a stub" },
		{ "{\"entry\": -1, \"text_start\": 1, \"text\": \"YQ==\"}",
		    "entry: not an address" },
	};
	struct esp_stub stub;
	struct err e;

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		e = (struct err)ERR_INIT;
		OK(esp_stub_parse(bad[i][0], strlen(bad[i][0]), &stub,
		    &e) == -1);
		OK(strstr(e.msg, bad[i][1]) != NULL);
	}
}

/* --- faults: an "ok" only for what is in the flash, and in time --- */

static uint32_t
next_random(uint32_t *seed)
{
	*seed = *seed * 1664525u + 1013904223u;
	return *seed >> 8;
}

/* 1: well, and it is; 0: an error; -1: a false "ok", or too late. */
static int
run_fault(uint32_t seed)
{
	static const char *const chips[] = { "esp32", "esp32c3", "esp32s3" };
	static uint8_t image[20000];
	struct sim_esp_opts opts = { .chip = chips[seed % 3],
		.erase_sector_us = 45000, .program_page_us = 600 };
	struct esp_bench *b;
	struct esp_loader *l = NULL;
	struct esp_target t;
	struct err e = ERR_INIT;
	int64_t begin;
	size_t n;
	int r;

	opts.fault = (enum sim_esp_fault)(next_random(&seed) % 7);
	opts.fault_at = 1 + next_random(&seed) % (opts.fault ==
	    SIM_ESP_DROP_BYTE || opts.fault == SIM_ESP_FLIP_BYTE ? 22000 : 60);
	fill(image, sizeof(image));
	b = esp_bench_new(&opts);
	begin = clock_ms();
	r = open_loader(b, &l, &t, &e);
	if (r == 0)
		r = write_plain(l, 0x10000, image, sizeof(image), &e);
	r = r == 0 ? memcmp(sim_esp_flash(b->chip, &n) + 0x10000, image,
	    sizeof(image)) == 0 ? 1 : -1 : 0;
	if (clock_ms() - begin > 61000)
		r = -1;
	esp_loader_free(l);
	link_close(&b->link);
	return r;
}

static void
test_faults(void)
{
	unsigned well = 0, bad = 0, failed = 0;

	for (uint32_t seed = 1; seed <= FAULT_RUNS; seed++) {
		const int r = run_fault(seed);

		well += r == 1;
		failed += r == 0;
		bad += r == -1;
		if (r == -1)
			printf("# seed %u\n", seed);
	}
	printf("# %u runs: %u well, %u failed\n", FAULT_RUNS, well, failed);
	OK(bad == 0);
	OK(well > 0 && failed > 0);
}

int
main(void)
{
	test_slip();
	test_chips();
	check_stub(false);
	check_stub(true);
	test_bad_stubs();
	test_faults();
	check_silences();
	test_bridges();
	check_revisions();
	return tap_done();
}
