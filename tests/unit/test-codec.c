/* SPDX-License-Identifier: MIT */
#include "model/codec.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tap.h"

static struct record *
parse(const char *text)
{
	struct record *rec = NULL;
	struct err e = ERR_INIT;

	OK(record_parse(text, strlen(text), &rec, &e) == 0);
	return rec;
}

static void
same(const struct record *rec, const char *want)
{
	struct buf got = BUF_INIT;

	record_dump(rec, &got);
	IS_STR(got.data, want);
	buf_release(&got);
}

/* Each noun that rec has, taken out of old and put back in its place. */
static void
round_trip(const struct record *old, struct record *rec)
{
	struct device d = DEVICE_INIT;
	struct board b = BOARD_INIT;
	struct firmware f = FIRMWARE_INIT;
	struct image i = IMAGE_INIT;
	struct result r = RESULT_INIT;
	struct err e = ERR_INIT;

	static const char *const nouns[] = {
		"device", "board", "firmware", "image", "flash"
	};

	for (size_t n = 0; n < 5; n++)
		record_clear(rec, nouns[n]);
	if (record_has(old, "device")) {
		OK(device_get(old, &d, &e) == 0);
		device_put(rec, &d);
	}
	if (record_has(old, "image")) {
		OK(image_get(old, &i, &e) == 0);
		image_put(rec, &i);
	}
	OK(board_get(old, &b, &e) == 0);
	OK(firmware_get(old, &f, &e) == 0);
	OK(result_get(old, &r, &e) == 0);
	board_put(rec, &b);
	firmware_put(rec, &f);
	result_put(rec, &r);
}

static void
test_golden(const char *path)
{
	struct stream in = STREAM_INIT(open(path, O_RDONLY), "golden");
	struct record *old = NULL, *rec;
	struct err e = ERR_INIT;
	struct buf line = BUF_INIT;
	size_t n = 0;

	while (stream_read(&in, &old, &e) == 1) {
		rec = record_copy(old);
		round_trip(old, rec);
		buf_clear(&line);
		record_dump(old, &line);
		same(rec, line.data);
		record_free(old);
		record_free(rec);
		n++;
	}
	OK(n >= 10);
	buf_release(&line);
	stream_release(&in);
	close(in.fd);
}

#define SHA	"9f86d081884c7d659a2feaa0c55ad015" \
	"a3bf4f1b2b0b822cd15d6c15b0f00a08"

/* Every key that there is, in the schema's order. */
static const char whole[] = "{\"mpf\":1,"
    "\"device\":{\"id\":\"h/usb/1-1\",\"host\":\"h\",\"named\":true,"
    "\"serial_port\":\"/dev/ttyACM0\",\"vid\":\"2e8a\",\"pid\":\"0005\","
    "\"usb_serial\":\"s\",\"usb_path\":\"1-1\",\"manufacturer\":\"m\","
    "\"product\":\"p\",\"mode\":\"busy\",\"volume\":\"/v\","
    "\"held_by\":{\"pid\":7,\"command\":\"c\"}},"
    "\"board\":{\"family\":\"micropython\",\"version\":\"v1.24.1\","
    "\"build\":0,\"commit\":\"abcdef0\",\"port\":\"rp2\","
    "\"board_id\":\"B\",\"variant\":\"V\",\"description\":\"d\","
    "\"mcu\":\"u\",\"arch\":\"a\",\"mpy\":\"v6.3\",\"uid\":\"ff\","
    "\"interrupted\":false},"
    "\"firmware\":{\"wanted\":\"w\",\"board_id\":\"B\",\"variant\":\"V\","
    "\"port\":\"rp2\",\"version\":\"v1.24.1\",\"build\":12,"
    "\"commit\":\"abcdef0\",\"custom\":true,\"source\":\"s\","
    "\"file_name\":\"f\",\"sha256\":\"" SHA "\",\"flash_offset\":4096,"
    "\"action\":\"skip\","
    "\"by\":\"manual\",\"reason\":\"r\",\"index\":{\"source\":\"s\","
    "\"age_s\":0,\"stale\":true},"
    "\"trust\":\"none\",\"added_at\":\"2026-11-20T12:00:00Z\","
    "\"description\":\"d\",\"custom_id\":\"i\","
    "\"fits\":[\"A\",\"B-V\"],"
    "\"git\":{\"url\":\"u\",\"branch\":\"m\",\"commit\":\"abcdef0\","
    "\"tag\":\"v1.24.0\",\"commits_since_tag\":0,\"dirty\":false,"
    "\"version\":\"v1.24.0-0\",\"changes\":[\"c\"]},"
    "\"build_info\":{\"toolchain_version\":\"t\","
    "\"python_version\":\"3.13.0\",\"date\":\"2026-11-20T12:00:00Z\","
    "\"host\":\"h\"},\"custom_info\":{\"author\":\"a\","
    "\"organization\":\"o\",\"features\":[\"1\",\"2\",\"3\",\"4\",\"5\","
    "\"6\",\"7\",\"8\",\"9\"],\"dependencies\":[\"p>=1\"],"
    "\"tags\":[\"t\"]}},"
    "\"image\":{\"path\":\"/f\",\"size_bytes\":9007199254740993,"
    "\"sha256\":\"" SHA "\",\"format\":\"uf2\",\"chip\":\"c\","
    "\"version\":\"v1.24.1\",\"build\":3,\"commit\":\"abcdef0\","
    "\"board\":\"b\",\"mcu\":\"m\",\"built\":\"2026-11-20\","
    "\"integrity\":\"crc\",\"scan\":\"OK\",\"checks\":[\"sha256\",\"chip\"]},"
    "\"flash\":{\"method\":\"uf2\",\"bootloader\":\"mpy\","
    "\"written_bytes\":1,\"unchanged_bytes\":0,\"took_ms\":2,"
    "\"attempts\":3,\"at\":\"2026-11-20T12:00:00Z\","
    "\"verified\":[\"boot\"],\"version_before\":\"v1.23.0\","
    "\"version_after\":\"v1.24.1\",\"erased\":false,\"formatted\":true,"
    "\"forced\":[\"chip\",\"board\"],\"dry_run\":true,"
    "\"state\":\"running\"}}";

static void
test_whole(void)
{
	struct record *old = parse(whole), *rec = record_new();

	round_trip(old, rec);	/* in another order: device, image, board... */
	OK(firmware_skipped(rec));
	record_free(rec);
	rec = record_copy(old);
	round_trip(old, rec);
	same(rec, whole);
	record_free(rec);
	record_free(old);
}

static void
test_files(void)
{
	struct board b = BOARD_INIT;
	struct record *rec = record_new();
	struct err e = ERR_INIT;

	b.info = "{\"board\":{\"id\":null,\"n\":[1,null]}}";
	b.record = "not JSON";
	board_put(rec, &b);
	same(rec, "{\"mpf\":1,\"board\":{\"info\":{\"board\":{\"n\":[1]}}}}");
	OK(board_get(rec, &b, &e) == 0 && b.info == NULL && b.record == NULL);
	OK(!firmware_skipped(rec));
	record_free(rec);
}

/* The getter of the noun that want begins with. */
static int
get(const struct record *rec, const char *want, struct err *e)
{
	struct device d = DEVICE_INIT;
	struct board b = BOARD_INIT;
	struct firmware f = FIRMWARE_INIT;
	struct image i = IMAGE_INIT;
	struct result r = RESULT_INIT;

	switch (want[0]) {
	case 'd':
		return device_get(rec, &d, e);
	case 'b':
		return board_get(rec, &b, e);
	case 'i':
		return image_get(rec, &i, e);
	default:
		return strncmp(want, "firmware", 8) == 0 ?
		    firmware_get(rec, &f, e) : result_get(rec, &r, e);
	}
}

static void
bad(const char *text, const char *want)
{
	struct record *rec = parse(text);
	struct err e = ERR_INIT;

	OK(get(rec, want, &e) == -1 && e.code == ERR_INPUT);
	IS_STR(e.msg, want);
	record_free(rec);
}

#define MODES	"one of repl, uf2, dfu, picoboot, esp_rom, silent, busy, " \
	"ignored, foreign"

/* A check would compare nothing with such a text. */
static void
test_rules(void)
{
	static const struct {
		const char	*key, *text, *what;
	} bads[] = {
		{ "device.id", "", "a text" },
		{ "device.mode", "", MODES },
		{ "device.mode", "REPL", MODES },
		{ "device.vid", "2E8A", "4 hex digits" },
		{ "device.pid", "00005", "4 hex digits" },
		{ "device.usb_path", "", "a USB path such as 1-1.2" },
		{ "device.usb_path", "1", "a USB path such as 1-1.2" },
		{ "device.usb_path", "1-1.", "a USB path such as 1-1.2" },
		{ "device.usb_path", "1.1", "a USB path such as 1-1.2" },
		{ "device.usb_path", "1-1-2", "a USB path such as 1-1.2" },
		{ "device.usb_path", "../1-1", "a USB path such as 1-1.2" },
		{ "device.usb_serial", "", "a text" },
		{ "device.serial_port", "", "a text" },
		{ "board.uid", "", "a text" },
		{ "board.description", "", "a text" },
		{ "board.port", "", "a text" },
		{ "board.mcu", "", "a text" },
		{ "firmware.action", "Skip", "one of flash, skip" },
		{ "firmware.by", "hand", "one of board, manual" },
		{ "firmware.version", "v", "a version such as v1.24.1" },
		{ "firmware.version", "v1", "a version such as v1.24.1" },
		{ "firmware.version", "v1.2 x", "a version such as v1.24.1" },
		{ "firmware.commit", "xyzxyzx", "7 to 64 hex digits" },
		{ "firmware.commit", "abcdef", "7 to 64 hex digits" },
		{ "firmware.sha256", "00", "64 hex digits" },
		{ "firmware.source", "", "an address or a file, without a "
		    "user name and a password" },
		{ "image.path", "x.uf2", "an absolute path" },
		{ "image.format", "elf", "one of uf2, esp, dfu, bin, hex" },
		{ "image.sha256", "", "64 hex digits" },
		{ "image.version", "", "a version such as v1.24.1" },
		{ "flash.state", "well", "one of running, bootloader, "
		    "unbootable, unknown" },
	};

	for (size_t i = 0; i < sizeof(bads) / sizeof(bads[0]); i++) {
		struct record *rec = parse(whole);
		char want[200];
		struct err e = ERR_INIT;

		record_put_str(rec, bads[i].key, bads[i].text);
		snprintf(want, sizeof(want), "%s: \"%s\" is not %s",
		    bads[i].key, bads[i].text, bads[i].what);
		OK(get(rec, want, &e) == -1 && e.code == ERR_INPUT);
		IS_STR(e.msg, want);
		record_free(rec);
	}
}

/* No message, as messages are kept, shows a password. */
static void
test_password(const char *key)
{
	struct record *rec = parse(whole);
	struct err e = ERR_INIT;
	char want[80];

	record_put_str(rec, key, "https://me:secret@example.org/fw.uf2");
	snprintf(want, sizeof(want), "%s: its text is not an address", key);
	OK(get(rec, want, &e) == -1 && e.code == ERR_INPUT);
	OK(strncmp(e.msg, want, strlen(want)) == 0);
	OK(strstr(e.msg, "secret") == NULL && strstr(e.hint, ".netrc") != NULL);
	record_free(rec);
}

static void
test_bad(void)
{
	bad("{\"mpf\":1}", "device.id: missing");
	bad("{\"device\":{\"id\":\"a\"}}",
	    "device.mode: missing");
	bad("{\"device\":{\"id\":\"a\",\"named\":1}}",
	    "device.named: not true or false");
	bad("{\"device\":{\"id\":\"a\",\"mode\":\"busy\","
	    "\"held_by\":{\"pid\":\"1\"}}}",
	    "device.held_by.pid: not a whole number");
	bad("{\"board\":{\"build\":-1}}",
	    "board.build: less than 0");
	bad("{\"board\":{\"interrupted\":\"no\"}}",
	    "board.interrupted: not true or false");
	bad("{\"firmware\":{\"source\":1}}",
	    "firmware.source: not a string");
	bad("{\"firmware\":{\"index\":3}}",
	    "firmware.index.source: what should hold it is not an object");
	bad("{\"image\":{\"path\":\"/f\"}}",
	    "image.format: missing");
	bad("{\"image\":{\"path\":\"/f\\u0000\"}}",
	    "image.path: holds a NUL");
	bad("{\"image\":{\"path\":\"/f\",\"format\":\"bin\","
	    "\"checks\":[\"a\",\"b\",\"c\",\"d\",\"e\",\"f\",\"g\",\"h\","
	    "\"i\"]}}", "image.checks: 9 items, more than 8");
	bad("{\"flash\":{\"verified\":\"boot\"}}",
	    "flash.verified: not a list");
	bad("{\"flash\":{\"verified\":[1]}}",
	    "flash.verified: not a string");
}

int
main(void)
{
	test_golden("tests/data/golden.ndjson");
	test_whole();
	test_files();
	test_rules();
	test_password("firmware.source");
	test_password("firmware.git.url");
	test_bad();
	return tap_done();
}
