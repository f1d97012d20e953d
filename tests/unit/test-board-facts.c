/* SPDX-License-Identifier: MIT */
#include "../tests/unit/board_said.h"

/* All of b in one line, what is absent as "-". */
static void
show(const struct board *b, struct buf *out)
{
	const char *const texts[] = { b->family, b->version, b->commit,
		b->port, b->board_id, b->variant, b->description, b->mcu,
		b->arch, b->mpy, b->uid };

	buf_clear(out);
	buf_addf(out, "%d", (int)b->build);
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		buf_addf(out, "|%s", texts[i] == NULL ? "-" : texts[i]);
}

/*
 * As boards say it: the micro:bit, v1.28.0-6 and v1.25.0-dirty as recorded,
 * the others as their sources make it.
 */
static const struct {
	struct said	 said[12];
	const char	*want;
} boards[] = {
	{ { { "name", "micropython" }, { "version", "1.24.1" },
	    { "release", "1.24.1" }, { "uversion", "v1.24.1 on 2024-11-29 "
	    "(GNU 13.2.0 MinSizeRel)" }, { "machine",
	    "Raspberry Pi Pico W with RP2040" }, { "mpy", "4870" },
	    { "sysver", "3.4.0; MicroPython v1.24.1 on 2024-11-29" },
	    { "platform", "rp2" }, { "uid", "\xe6\x61\x4c" } },
	    "-1|micropython|v1.24.1|-|rp2|-|-|Raspberry Pi Pico W with RP2040"
	    "|RP2040|armv6m|v6.3|e6614c" },
	{ { { "name", "micropython" }, { "version", "1.9.2" },
	    { "release", "1.0.1" }, { "uversion", "micro:bit v1.0.1+unknown "
	    "on 2023-02-24; MicroPython v1.9.2-34-gd64154c73 on 2017-09-01" },
	    { "machine", "micro:bit with nRF51822" }, { "sysver", "3.4.0" },
	    { "platform", "microbit" } },
	    "34|micropython|v1.9.2|d64154c73|microbit|-|-|"
	    "micro:bit with nRF51822|nRF51822|-|-|-" },
	{ { { "name", "micropython" }, { "version", "1.28.0" },
	    { "machine", "JS with Emscripten" }, { "mpy", "774" },
	    { "sysver", "3.4.0; MicroPython v1.28.0-6.g974b56afa6 on "
	    "2026-04-06" }, { "platform", "webassembly" },
	    { "build", "pyscript" } },
	    "6|micropython|v1.28.0|974b56afa6|webassembly|-|pyscript|"
	    "JS with Emscripten|Emscripten|-|v6.3|-" },
	{ { { "name", "micropython" }, { "version", "1.25.0" },
	    { "machine", "ESP32 module (spiram) with ESP32" },
	    { "mpy", "10502" }, { "sysver", "3.4.0; MicroPython "
	    "v1.25.0-dirty on 2025-04-16" }, { "platform", "esp32" },
	    { "build", "ESP32_GENERIC-SPIRAM" } },
	    "-1|micropython|v1.25.0|-|esp32|ESP32_GENERIC|SPIRAM|"
	    "ESP32 module (spiram) with ESP32|ESP32|xtensawin|v6.1|-" },
	{ { { "name", "micropython" }, { "version", "1.24.0-preview" },
	    { "sysver", "3.4.0; MicroPython "
	    "v1.24.0-preview.201.g269a0e0e1.dirty on 2024-08-06" },
	    { "platform", "samd" } },
	    "201|micropython|v1.24.0-preview|269a0e0e1|samd|-|-|-|-|-|-|-" },
	/* Until v1.18 sys.version is Python's alone. */
	{ { { "name", "micropython" }, { "version", "1.18.0" },
	    { "release", "1.18.0" }, { "uversion",
	    "v1.18-496-gaa53d2f84-dirty on 2022-05-26" },
	    { "machine", "PYBv1.1 with STM32F405RG" }, { "mpy", "7685" },
	    { "sysver", "3.4.0" }, { "platform", "pyboard" } },
	    "496|micropython|v1.18|aa53d2f84|stm32|-|-|"
	    "PYBv1.1 with STM32F405RG|STM32F405RG|armv7emsp|v5|-" },
	/* The release is that of Espressif's SDK. */
	{ { { "name", "micropython" }, { "version", "1.12.0" },
	    { "release", "2.2.0-dev(9422289)" },
	    { "uversion", "v1.12 on 2019-12-20" },
	    { "machine", "ESP module with ESP8266" }, { "mpy", "9733" },
	    { "sysver", "3.4.0" }, { "platform", "esp8266" } },
	    "-1|micropython|v1.12|-|esp8266|-|-|ESP module with ESP8266|"
	    "ESP8266|xtensa|v5|-" },
	{ { { "name", "circuitpython" }, { "version", "7.3.3" },
	    { "release", "7.3.3" }, { "uversion", "7.3.3 on 2022-08-29" },
	    { "machine", "Raspberry Pi Pico with rp2040" }, { "mpy", "517" },
	    { "sysver", "3.4.0; Adafruit CircuitPython 7.3.3 on 2022-08-29" },
	    { "platform", "RP2040" }, { "build", "raspberry_pi_pico" } },
	    "-1|circuitpython|v7.3.3|-|rp2040|raspberry_pi_pico|-|"
	    "Raspberry Pi Pico with rp2040|rp2040|-|v5|-" },
	/* A name of their own instead of a version: the numbers remain. */
	{ { { "name", "micropython" }, { "version", "1.24.0-preview" },
	    { "sysver", "3.4.0; MicroPython v1.23-PYBCNV2 on 2024-08-06" },
	    { "machine", "A with B with nRF52840" },
	    { "platform", "nrf52-DK" }, { "mpy", "65286" } },
	    "-1|micropython|v1.24.0-preview|-|nrf|-|-|A with B with nRF52840|"
	    "nRF52840|-|v6.3|-" },
	/* Somebody's fork, which counts anew. */
	{ { { "name", "micropython" }, { "version", "1.11.0" },
	    { "uversion", "v1.11.3-3-gabcdef0 on 2020-01-01" },
	    { "platform", "Lobo's ESP" }, { "mpy", "x" },
	    { "build", "../x" } },
	    "-1|micropython|v1.11|-|-|-|-|-|-|-|-|-" },
	/* Other numbers of any place; a variant that is no name. */
	{ { { "name", "micropython" }, { "version", "1.24.0" },
	    { "sysver", "MicroPython v2.24.0-5-gabcdef0" }, { "platform",
	    "unix" }, { "build", "../x" } },
	    "-1|micropython|v1.24.0|-|unix|-|-|-|-|-|-|-" },
	/* What is no text, and what is too much. */
	{ { { "name", " mi\tcro\xffpython\x7f" }, { "version", "x" },
	    { "release", "v1.9" }, { "machine",
	    "0123456789012345678901234567890123456789012345678901234567890123"
	    "0123456789012345678901234567890123456789012345678901234567890123"
	    "0123456789012345678901234567890123456789012345678901234567890123"
	    "0123456789012345678901234567890123456789012345678901234567890123"
	    "4" }, { "uid", "0123456789012345678901234567890123" },
	    { "mpy", "256" }, { "build", " " } },
	    "-1|mi cro\xef\xbf\xbdpython|v1.9|-|-|-|-|-|-|-|-|-" },
};

static void
test_boards(void)
{
	struct buf got = BUF_INIT;

	for (size_t i = 0; i < sizeof(boards) / sizeof(boards[0]); i++) {
		struct board_answer a;

		facts_of(boards[i].said, &a);
		show(&a.board, &got);
		IS_STR(got.data, boards[i].want);
		OK(a.board.info == NULL && a.board.record == NULL);
		OK(a.info_error == NULL && !a.ignore);
		OK(a.board.interrupted == -1);
		board_answer_release(&a);
	}
	buf_release(&got);
}

/*
 * Where the board's id comes from, the first that has one; and what is noted
 * of the other file, which is not asked before the table of boards is.
 */
static const struct {
	const char	*build, *info, *record;
	const char	*board_id, *variant, *noted;
} ids[] = {
	{ "A", "[mpflash]\nboard_id = \"B\"", "[firmware]\nboard_id = \"C\"",
	    "A", NULL, NULL },
	{ "", "[mpflash]\nboard_id = \"B-V-W\"",
	    "[firmware]\nboard_id = \"C-V\"\nversion = \"1.24.1\"", "B", "V-W",
	    "C-V" },
	{ "", "[mpflash]\nignore = false", "[firmware]\nversion = \"1.24.1\"\n"
	    "board_id = \"C\"\nvariant = \"V\"", NULL, NULL, "C-V" },
	{ "", "[mpflash]\nboard_id = \"B-\"\nvariant = \"no variant\"", "",
	    "B", NULL, NULL },
	{ "", "[mpflash]\nboard_id = \"no id\"", "x = 1", NULL, NULL, NULL },
	{ "", "board_id = \"B\"", "[firmware]\nboard_id = 1\n"
	    "version = \"1.24.1\"", NULL, NULL, NULL },
	{ "", "", "[firmware]\nboard_id = \"no id\"\nversion = \"1.24.1\"",
	    NULL, NULL, NULL },
	{ "", "", "[firmware]\nboard_id = \"C\"", NULL, NULL, NULL },
	{ "", "", "[firmware]\nversion = \"1.24.1\"\nboard_id = \"C-W\"\n"
	    "variant = \"V\"", NULL, NULL, "C-W" },
	{ "", "", "[firmware]\nversion = \"1.24.1\"\nboard_id = \"C\"\n"
	    "variant = \"no variant\"", NULL, NULL, "C" },
	{ "", "[mpflash]\nboard_id = \"B-V\"\nvariant = \"W\"", "", "B",
	    "V", NULL },
	{ "", "[mpflash]\nboard_id = \"B\"\nvariant = \"W\"", "", "B", "W",
	    NULL },
};

static void
test_ids(void)
{
	for (size_t i = 0; i < sizeof(ids) / sizeof(ids[0]); i++) {
		const struct said said[] = { { "name", "micropython" },
			{ "build", ids[i].build }, { "info", ids[i].info },
			{ "record", ids[i].record }, { NULL, NULL } };
		struct board_answer a;

		facts_of(said, &a);
		OK(same(a.board.board_id, ids[i].board_id));
		OK(same(a.board.variant, ids[i].variant));
		OK(same(a.notes.record_id, ids[i].noted));
		board_answer_release(&a);
	}
}

/* Who is not MicroPython, whatever it calls itself. */
static void
test_families(void)
{
	static const char *const families[][5] = {
		{ "micropython", "rp2", "M", "3.4.0", "micropython" },
		{ "circuitpython", "RP2040", "M", "3.4.0", "circuitpython" },
		{ "pycopy", "pyboard", "M", "3.4.0", "pycopy" },
		{ "micropython", "LoPy4", "LoPy4 with ESP32", "3.4.0",
		    "pycom" },
		{ "micropython", "WiPy", "WiPy with ESP32", "3.4.0", "pycom" },
		{ "micropython", "WiPy", "WiPy with CC3200", "3.4.0",
		    "micropython" },
		{ "micropython", "linux", "EV3 with ARM",
		    "3.4.0; Pybricks MicroPython v2.0", "ev3-pybricks" },
		/* Facts that a board does not give. */
		{ "micropython", "WiPy", "", "", "micropython" },
		{ "micropython", "", "WiPy with ESP32", "", "micropython" },
	};

	for (size_t i = 0; i < sizeof(families) / sizeof(families[0]); i++) {
		const struct said said[] = { { "name", families[i][0] },
			{ "platform", families[i][1] },
			{ "machine", families[i][2] },
			{ "sysver", families[i][3] }, { NULL, NULL } };
		struct board_answer a;

		facts_of(said, &a);
		IS_STR(a.board.family, families[i][4]);
		board_answer_release(&a);
	}
}

static void
test_files(void)
{
	static const struct said good[] = { { "name", "micropython" },
		{ "info", "description = \"bench\"\n[mpflash]\n"
		"ignore = true\n" }, { "record", "x = 1" }, { NULL, NULL } };
	static const struct said bad[] = { { "name", "micropython" },
		{ "info", "[mpflash\n" }, { "record", "\xff" },
		{ NULL, NULL } };
	static const struct said large[] = { { "name", "micropython" },
		{ "info", "x = 1" }, { "info-more", "#" },
		{ "record", "y = " }, { "record", "1" },
		{ "record-more", "#" }, { NULL, NULL } };
	struct board_answer a;

	facts_of(good, &a);
	OK(a.ignore);
	IS_STR(a.board.info, "{\"description\":\"bench\","
	    "\"mpflash\":{\"ignore\":true}}");
	IS_STR(a.board.record, "{\"x\":1}");
	OK(a.info_error == NULL && a.record_error == NULL);
	board_answer_release(&a);

	facts_of(bad, &a);
	OK(a.board.info == NULL && a.board.record == NULL && !a.ignore);
	OK(strncmp(a.info_error, "board_info.toml: line ", 22) == 0);
	OK(strncmp(a.record_error, "mpflash.toml: line ", 19) == 0);
	board_answer_release(&a);

	facts_of(large, &a);
	IS_STR(a.info_error, "board_info.toml: over 8192 bytes");
	IS_STR(a.record_error, "mpflash.toml: over 8192 bytes");
	OK(a.board.info == NULL && a.board.record == NULL);
	board_answer_release(&a);
}

/* What cannot be opened is not what is not there. */
static void
test_shut(void)
{
	static const struct {
		const char	*repr, *why;	/* NULL: there is no file */
	} cases[] = {
		{ "OSError(5,)", "OSError: 5" },
		{ "OSError(5, 'EIO')", "OSError: 5, 'EIO'" },
		{ "OSError(30,)", "OSError: 30" },
		{ "OSError(2,)", NULL },
		{ "OSError(2, 'ENOENT')", NULL },
		{ "OSError(19,)", NULL },
		{ "OSError(43,)", NULL },
		{ "OSError(44,)", NULL },
		{ "OSError('file not found',)", NULL },
		{ "OSError('\033?',)", "OSError:  ?" },
		{ "RuntimeError('no disk',)", "RuntimeError: no disk" },
		/* Zephyr has no file system, and open() is absent, or None. */
		{ "NameError(\"name 'open' isn't defined\",)", NULL },
		{ "TypeError(\"'NoneType' object isn't callable\",)", NULL },
		{ "AttributeError(\"'NoneType' object has no attribute "
		    "'read'\",)", NULL },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct said said[] = { { "name", "m" },
			{ "info-shut", cases[i].repr }, { NULL, NULL } };
		struct board_answer a;

		facts_of(said, &a);
		if (cases[i].why == NULL)
			OK(a.info_error == NULL);
		else
			IS_STR(strstr(a.info_error, "open it: ") +
			    strlen("open it: "), cases[i].why);
		OK(a.record_error == NULL);
		board_answer_release(&a);
	}
}

static void
test_replies(void)
{
	static const struct {
		const char	*text;
		const char	*msg;		/* NULL: it is good */
	} replies[] = {
		{ "name=1:m", NULL },
		{ "x=3:a=bname=1:m", NULL },
		{ "name=1:xname=1:m", NULL },
		{ "", "it does not say what it is" },
		{ "name=0:", "it does not say what it is" },
		{ "name=1: ", "it does not say what it is" },
		{ "names=1:mnam=1:m", "it does not say what it is" },
		{ "name=2:m", "its answer is not as the script gives it" },
		{ "name=1:mx", "its answer is not as the script gives it" },
		{ "name=:m", "its answer is not as the script gives it" },
		{ "name=1m", "its answer is not as the script gives it" },
		{ "name=99999999999999999999999:m",
		    "its answer is not as the script gives it" },
	};

	for (size_t i = 0; i < sizeof(replies) / sizeof(replies[0]); i++) {
		struct buf b = BUF_INIT;
		struct probe p;
		struct err e = ERR_INIT;
		int r;

		buf_adds(&b, replies[i].text);
		r = probe_parse(&b, &p, &e);
		OK(r == (replies[i].msg == NULL ? 0 : -1));
		if (r == -1) {
			OK(e.code == ERR_PROTOCOL);
			IS_STR(e.msg, replies[i].msg);
		} else {
			IS_STR(p.name, "m");
			probe_release(&p);
		}
		buf_release(&b);
	}
}

static void
test_storage(void)
{
	static const struct {
		const char	*text;
		int64_t		 addr, bytes, files;
	} cases[] = {
		{ "2097152 1048576 3", 2097152, 1048576, 3 },
		{ "0 4294967295 0", 0, 4294967295, 0 },
		{ "0 4294967296 0", -1, -1, -1 }, { "1 2", -1, -1, -1 },
		{ "1 2 3 4", -1, -1, -1 },
		{ "1 2 3x", -1, -1, -1 },
		{ "1x2 3", -1, -1, -1 },
		{ "1 -2 3", -1, -1, -1 },
		{ "1  2 3", -1, -1, -1 },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct said said[] = { { "name", "m" },
			{ "storage", cases[i].text }, { NULL, NULL } };
		struct board_answer a;

		facts_of(said, &a);
		OK(a.board.storage_addr == cases[i].addr &&
		    a.board.storage_bytes == cases[i].bytes &&
		    a.board.storage_files == cases[i].files);
		board_answer_release(&a);
	}
}

/* A fact or an id that is longer than allowed is none; as long as that is. */
static void
test_bounds(void)
{
	for (size_t i = 0; i < 2; i++) {
		char text[PROBE_TEXT_MAX + 1];
		uint8_t uid[PROBE_UID_MAX + 1];
		struct buf b = BUF_INIT;
		struct probe p;
		struct err e = ERR_INIT;

		memset(text, 'x', sizeof(text));
		memset(uid, 7, sizeof(uid));
		buf_adds(&b, "name=1:m");
		parcel_put(&b, "machine", text, PROBE_TEXT_MAX + i);
		parcel_put(&b, "uid", uid, PROBE_UID_MAX + i);
		OK(probe_parse(&b, &p, &e) == 0);
		OK((p.machine != NULL) == (i == 0));
		OK(p.uid_len == (i == 0 ? PROBE_UID_MAX : 0));
		probe_release(&p);
		buf_release(&b);
	}
}

int
main(void)
{
	test_boards();
	test_ids();
	test_families();
	test_files();
	test_shut();
	test_replies();
	test_storage();
	test_bounds();
	return tap_done();
}
