/* SPDX-License-Identifier: MIT */
#include "flash/find.h"

#include <fcntl.h>

#include "base/file.h"
#include "base/mem.h"
#include "tap.h"
#include "tmp.h"

static struct err e;

/* Records as mpf-add makes them; what mpf-detect says of boards. */
#define ADDED(firmware, image) "{\"mpf\":1,\"firmware\":{\"custom\":true," \
	"\"file_name\":\"f.uf2\"" firmware "},\"image\":{\"path\":\"/f.uf2\"," \
	"\"format\":\"uf2\",\"size_bytes\":1,\"sha256\":" SHA image "}}"
#define SHA	"\"0000000000000000000000000000000000000000000000000000000000" \
		"000000\""
#define FOR_PICO ",\"board_id\":\"RPI_PICO\",\"port\":\"rp2\"," \
		"\"action\":\"flash\",\"by\":\"board\""
#define BY_HAND	",\"board_id\":\"RPI_PICO\",\"port\":\"rp2\"," \
		"\"action\":\"flash\",\"by\":\"manual\""
#define FITS	",\"action\":\"flash\",\"fits\":[\"X\",\"RPI_PICO\"]"
#define ANY	",\"action\":\"flash\""
#define RP2040	",\"chip\":\"rp2040\""
#define DEVICE(id, more) "{\"mpf\":1,\"device\":{\"id\":\"" id "\"," \
	"\"host\":\"h\"," more "}"
#define REPL(board) DEVICE("h/usb/1-1", "\"mode\":\"repl\"," \
	"\"serial_port\":\"/dev/a\"") ",\"board\":{" board "}}\n"
#define PICO	"\"family\":\"micropython\",\"port\":\"rp2\"," \
	"\"mcu\":\"RP2040\"," \
	"\"description\":\"Raspberry Pi Pico with RP2040\""
#define PICO_ID	PICO ",\"board_id\":\"RPI_PICO\""
#define IN_MODE(mode, more) DEVICE("h/usb/1-2", "\"mode\":\"" mode "\"," \
	"\"volume\":\"/v\"" more) "}\n"
#define NO_FIT	"f.uf2: no board here that it fits"

static const struct {
	const char	*record, *boards;
	const char	*id;		/* of the board that is taken; NULL */
	enum err_code	 code;
	const char	*msg;
} cases[] = {
	{ ADDED(FOR_PICO, RP2040), REPL(PICO_ID), "h/usb/1-1", ERR_NONE, "" },
	{ ADDED(",\"board_id\":\"RPI_PICO-X\",\"action\":\"flash\"", RP2040),
	    REPL(PICO_ID), "h/usb/1-1", ERR_NONE, "" },
	{ ADDED(FOR_PICO, RP2040), REPL(PICO), "h/usb/1-1", ERR_NONE, "" },
	{ ADDED(FITS, RP2040), REPL(PICO_ID), "h/usb/1-1", ERR_NONE, "" },
	{ ADDED(ANY, RP2040), REPL(PICO_ID), "h/usb/1-1", ERR_NONE, "" },
	{ ADDED(ANY, ""), REPL(PICO_ID), "h/usb/1-1", ERR_NONE, "" },
	{ ADDED(FOR_PICO, RP2040), REPL(PICO ",\"board_id\":\"RPI_PICO_W\""),
	    NULL, ERR_NOT_FOUND, NO_FIT "; /dev/a is a RPI_PICO_W" },
	{ ADDED(FITS, RP2040), REPL(PICO ",\"board_id\":\"RPI_PICO_W\""),
	    NULL, ERR_NOT_FOUND, NO_FIT "; /dev/a is a RPI_PICO_W" },
	{ ADDED(FOR_PICO, RP2040), REPL("\"family\":\"circuitpython\""),
	    NULL, ERR_NOT_FOUND, NO_FIT "; /dev/a runs circuitpython" },
	{ ADDED(FOR_PICO, ",\"chip\":\"rp2350\""), REPL(PICO_ID), NULL,
	    ERR_NOT_FOUND, NO_FIT "; /dev/a has rp2040, not rp2350" },
	{ ADDED(FOR_PICO, ""), REPL("\"family\":\"micropython\","
	    "\"port\":\"stm32\""), NULL, ERR_NOT_FOUND, NO_FIT "; /dev/a is "
	    "of the port stm32, not rp2" },
	/* Bootloaders that have told nothing. */
	{ ADDED(FOR_PICO, RP2040), IN_MODE("uf2", ""), "h/usb/1-2", ERR_NONE,
	    "" },
	{ ADDED(ANY, RP2040), IN_MODE("dfu", ""), "h/usb/1-2", ERR_NONE, "" },
	{ ADDED(FOR_PICO, RP2040), IN_MODE("dfu", ""), NULL, ERR_NOT_FOUND,
	    NO_FIT "; /v is in a bootloader (dfu) that no board of rp2 "
	    "has" },
	/* What does not answer counts if the user names port and board. */
	{ ADDED(BY_HAND, RP2040), IN_MODE("silent", ",\"named\":true"),
	    "h/usb/1-2", ERR_NONE, "" },
	{ ADDED(BY_HAND, RP2040), IN_MODE("silent", ""), NULL, ERR_NOT_FOUND,
	    NO_FIT "; /v is silent" },
	{ ADDED(FOR_PICO, RP2040), IN_MODE("silent", ",\"named\":true"), NULL,
	    ERR_NOT_FOUND, NO_FIT "; /v is silent" },
	{ ADDED(ANY, RP2040), IN_MODE("silent", ",\"named\":true"), NULL,
	    ERR_NOT_FOUND, NO_FIT "; /v is silent" },
	/* Several, or no board at all. */
	{ ADDED(FOR_PICO, RP2040), REPL(PICO_ID) IN_MODE("uf2", ""), NULL,
	    ERR_AMBIGUOUS, "f.uf2: fits 2 boards: /dev/a, /v" },
	{ ADDED(FOR_PICO, RP2040), "{\"mpf\":1,\"error\":{\"stage\":\"detect\","
	    "\"code\":\"not_found\",\"message\":\"nothing\",\"hint\":\"plug\"}}"
	    "\n", NULL, ERR_NOT_FOUND, "nothing" },
	{ ADDED(FOR_PICO, RP2040), IN_MODE("silent", "") "{\"mpf\":1,\"error\":"
	    "{\"stage\":\"detect\",\"code\":\"not_found\","
	    "\"message\":\"nothing\"}}\n", NULL, ERR_NOT_FOUND, NO_FIT "; /v "
	    "is silent" },
	{ ADDED(FOR_PICO, RP2040), "", NULL, ERR_NOT_FOUND, NO_FIT },
	/* Records that are not for this. */
	{ "{\"mpf\":1,\"firmware\":{\"custom\":true}}", REPL(PICO_ID), NULL,
	    ERR_NONE, "" },
	{ "{\"mpf\":1,\"image\":{\"path\":\"/f\"}}", REPL(PICO_ID), NULL,
	    ERR_NONE, "" },
};

static void
test_cases(void)
{
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct record *rec = NULL;
		const char *id = NULL;
		struct err none = ERR_INIT;
		int r;

		e = (struct err)ERR_INIT;
		OK(record_parse(cases[i].record, strlen(cases[i].record),
		    &rec, &e) == 0);
		OK(file_write("boards", cases[i].boards,
		    strlen(cases[i].boards), 0644, &e) == 0);
		r = flash_find(rec, NULL, &e);
		OK(r == (cases[i].code == ERR_NONE ? 0 : -1));
		/* What mpf-detect says itself may be tried again. */
		OK(e.code == cases[i].code &&
		    e.retry == (strcmp(cases[i].msg, "nothing") == 0));
		IS_STR(e.msg, cases[i].msg);
		record_get_str(rec, "device.id", &id, &none);
		IS_STR(id, cases[i].id);
		OK(id == NULL || record_has(rec, "board") ==
		    (strstr(cases[i].boards, "\"board\"") != NULL));
		record_free(rec);
	}
}

/* The name of a port goes to mpf-detect, and is all that is asked. */
static void
test_serial(void)
{
	struct record *rec = NULL;
	struct buf said = BUF_INIT;

	OK(record_parse(cases[0].record, strlen(cases[0].record), &rec, &e) ==
	    0);
	flash_find(rec, "/dev/x", &e);
	OK(file_read("args", &said, &e) == 0);
	IS_STR(said.data, "--json --serial /dev/x\n");
	record_free(rec);
	buf_release(&said);
}

int
main(void)
{
	static const char detect[] = "#!/bin/sh\necho \"$@\" >args\n"
	    "exec cat boards\n";
	char *path;

	tmp_enter();
	path = mem_printf("%s:%s", tmp_path, getenv("PATH"));
	setenv("PATH", path, 1);
	free(path);
	OK(file_write("mpf-detect", detect, strlen(detect), 0755, &e) == 0);
	test_cases();
	test_serial();
	tmp_leave();
	return tap_done();
}
