/* SPDX-License-Identifier: MIT */
#include "board/told.h"

#include "board/seen.h"
#include "tap.h"

static struct err e;

/* Is rec this, in one line? */
static void
says(struct record *rec, const char *want)
{
	struct buf text = BUF_INIT;

	record_dump(rec, &text);
	IS_STR(text.data, want);
	buf_release(&text);
	record_free(rec);
}

static void
test_busy(void)
{
	static const struct {
		struct lock_holder who;
		const char	*want;
	} cases[] = {
		{ { 0, "" }, "{\"mpf\":1,\"device\":{\"mode\":\"busy\"}}" },
		{ { 1, "" }, "{\"mpf\":1,\"device\":{\"mode\":\"busy\","
		    "\"held_by\":{\"pid\":1}}}" },
		{ { 7, "screen" }, "{\"mpf\":1,\"device\":{\"mode\":\"busy\","
		    "\"held_by\":{\"pid\":7,\"command\":\"screen\"}}}" },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct record *rec = record_new();

		told_busy(rec, &cases[i].who);
		says(rec, cases[i].want);
	}
}

static void
test_answer(void)
{
	struct board_answer a = BOARD_ANSWER_INIT;
	struct record *rec = record_new();

	a.board.family = "micropython";
	told_answer(rec, &a);
	says(rec, "{\"mpf\":1,\"device\":{\"mode\":\"repl\"},"
	    "\"board\":{\"family\":\"micropython\"}}");
	rec = record_new();
	a.ignore = true;
	a.info_error = "i";
	a.record_error = "r";
	told_answer(rec, &a);
	says(rec, "{\"mpf\":1,\"device\":{\"mode\":\"ignored\"},"
	    "\"board\":{\"family\":\"micropython\",\"info_error\":\"i\","
	    "\"record_error\":\"r\"}}");
}

/* A port that does not answer is told of; a port that fails is an error. */
static void
test_failure(void)
{
	static const struct {
		enum err_code	 code;
		pid_t		 reader;
		const char	*path, *want;	/* want NULL: an error */
	} cases[] = {
		{ ERR_TIMEOUT, 0, "/dev/x", "{\"mpf\":1}" },
		{ ERR_TIMEOUT, 1, "/dev/x", "{\"mpf\":1,\"device\":{\"mode\":"
		    "\"busy\",\"held_by\":{\"pid\":1}}}" },
		{ ERR_PROTOCOL, 0, "/dev/x", "{\"mpf\":1,\"device\":{\"mode\":"
		    "\"foreign\",\"problem\":\"what it heard\"}}" },
		{ ERR_PROTOCOL, 7, "/dev/x", "{\"mpf\":1,\"device\":{\"mode\":"
		    "\"busy\",\"held_by\":{\"pid\":7}}}" },
		{ ERR_BUSY, 0, "/nothing", "{\"mpf\":1,\"device\":{\"mode\":"
		    "\"busy\"}}" },
		{ ERR_IO, 7, "/dev/x", NULL },
		{ ERR_PERMISSION, 0, "/dev/x", NULL },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct lock_holder reader = { cases[i].reader, "" };
		struct record *rec = record_new();
		struct err why = ERR_INIT;
		int r;

		err_set(&why, cases[i].code, "%s: what it heard",
		    cases[i].path);
		e = (struct err)ERR_INIT;
		r = told_failure(rec, cases[i].path, &reader, &why, &e);
		OK(r == (cases[i].want == NULL ? -1 : 0));
		OK(e.code == (r == -1 ? cases[i].code : ERR_NONE));
		says(rec, r == -1 ? "{\"mpf\":1}" : cases[i].want);
	}
}

static void
test_rom(void)
{
	struct rom_answer a = { .chip = CHIP_INIT };
	struct record *rec = record_new();

	a.chip.name = "esp32";
	told_rom(rec, &a);
	says(rec, "{\"mpf\":1,\"chip\":{\"name\":\"esp32\"}}");
	rec = record_new();
	a.stays = true;
	told_rom(rec, &a);
	says(rec, "{\"mpf\":1,\"chip\":{\"name\":\"esp32\"},"
	    "\"device\":{\"mode\":\"esp_rom\",\"bootloaders\":[\"esp_rom\"]}}");
}

static void
test_rom_failure(void)
{
	static const char problem[] =
	    "{\"mpf\":1,\"device\":{\"problem\":\"no chip\"}}";
	static const struct {
		enum err_code	 code;
		bool		 told;
	} cases[] = {
		{ ERR_TIMEOUT, true }, { ERR_PROTOCOL, true },
		{ ERR_UNSUPPORTED, true }, { ERR_IO, false },
		{ ERR_BUSY, false },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct record *rec = record_new();
		struct err why = ERR_INIT;

		err_set(&why, cases[i].code, "/dev/x: no chip");
		e = (struct err)ERR_INIT;
		OK(told_rom_failure(rec, "/dev/x", &why, &e) ==
		    (cases[i].told ? 0 : -1));
		OK(e.code == (cases[i].told ? ERR_NONE : cases[i].code));
		if (cases[i].told) {
			/* The first problem stays. */
			err_set(&why, cases[i].code, "/dev/x: another");
			OK(told_rom_failure(rec, "/dev/x", &why, &e) == 0);
		}
		says(rec, cases[i].told ? problem : "{\"mpf\":1}");
	}
}

/* --- nothing was found --- */

static void
test_seen(void)
{
	static const struct {
		size_t		 ports, drives;
		enum err_code	 problem;
		const char	*msg, *hint;
		enum err_next	 next;
	} cases[] = {
		{ 0, 0, ERR_NONE, "0 serial ports and 0 bootloaders looked at",
		    "check the cable", NEXT_PLUG_IN },
		{ 1, 1, ERR_NONE, "1 serial port and 1 bootloader looked at",
		    "name a port", NEXT_CHOOSE_PORT },
		{ 2, 0, ERR_IO, "2 serial ports and 0 bootloaders looked at; "
		    "why", "do this", NEXT_RESET_BOARD },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct board_seen s = BOARD_SEEN_INIT;

		s.ports = cases[i].ports;
		s.drives = cases[i].drives;
		if (cases[i].problem != ERR_NONE) {
			err_set(&s.problem, cases[i].problem, "why");
			err_todo(&s.problem, NEXT_RESET_BOARD, "do this");
		}
		e = (struct err)ERR_INIT;
		OK(board_seen_error(&s, &e) == -1 && e.code == ERR_NOT_FOUND);
		IS_STR(e.msg + strlen("no board found: "), cases[i].msg);
		OK(strstr(e.hint, cases[i].hint) == e.hint);
		OK(e.next == cases[i].next);
		board_seen_release(&s);
	}
}

static void
test_seen_ports(void)
{
	struct board_seen s = BOARD_SEEN_INIT;

	board_seen_port(&s, "/dev/a", NULL, false);
	IS_STR(s.said.data, "; /dev/a: no answer");
	board_seen_port(&s, "/dev/b", NULL, true);
	board_seen_port(&s, "/dev/c", "broken", true);
	board_seen_port(&s, "/dev/d", "broken", true);
	IS_STR(s.said.data, "; /dev/a: no answer; /dev/b: no answer, nor to "
	    "^C; and others");
	board_seen_release(&s);
	board_seen_port(&s, "/dev/c", "broken", true);
	board_seen_release(&s);
}

int
main(void)
{
	test_busy();
	test_answer();
	test_failure();
	test_rom();
	test_rom_failure();
	test_seen();
	test_seen_ports();
	return tap_done();
}
