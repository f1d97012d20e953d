/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <unistd.h>

#include "base/buf.h"
#include "board/board.h"

#include "../tests/unit/tap.h"

#define NAMES	6

/* One line for each place: "MODE PORT ID [named]", or its error. */
static void
scan(const char *root, const char *const *serial, const char *const *ignore,
    bool bluetooth, struct buf *out)
{
	const struct board_scan_opts o = { "bench", serial, ignore,
		bluetooth };
	struct bus *b = bus_new(root);
	struct board_list list;
	struct err e = ERR_INIT;

	buf_clear(out);
	OK(board_scan(b, &o, &list, &e) == 0);
	for (size_t i = 0; i < list.n; i++) {
		const struct device *d = &list.v[i].device;

		if (list.v[i].error.code != ERR_NONE)
			buf_addf(out, "%s\n", list.v[i].error.msg);
		else
			buf_addf(out, "%s %s %s%s\n", d->mode,
			    d->volume != NULL ? d->volume :
			    d->serial_port != NULL ? d->serial_port : "-",
			    d->id, d->named ? " named" : "");
	}
	board_list_release(&list);
	bus_free(b);
}

static const char bench[] = "tests/data/sysroot/bench";

static const struct {
	const char	*serial[NAMES], *ignore[NAMES];
	const char	*want;
} cases[] = {
	{ { NULL }, { NULL },
	    "uf2 /media/RPI RP2 bench/usb/1-1.3\n"
	    "silent /dev/ttyACM0 bench/usb/1-1.2\n"
	    "silent /dev/ttyACM1 bench/usb/1-1.10\n"
	    "silent /dev/ttyUSB0 bench/usb/1-2\n"
	    "silent /dev/ttyUSB4 bench/usb/1-4:0\n"
	    "silent /dev/ttyUSB3 bench/usb/1-4:1\n"
	    "silent /dev/ttyUSB2 bench/usb/1-4:2\n"
	    "silent /dev/ttyUSB1 bench/usb/1-4:3\n" },
	/* By each of its names. */
	{ { "/dev/ttyACM0" }, { NULL },
	    "silent /dev/ttyACM0 bench/usb/1-1.2 named\n" },
	{ { "1-1.2" }, { NULL },
	    "silent /dev/ttyACM0 bench/usb/1-1.2 named\n" },
	{ { "bench/usb/1-1.2" }, { NULL },
	    "silent /dev/ttyACM0 bench/usb/1-1.2 named\n" },
	{ { "/media/RPI RP2" }, { NULL },
	    "uf2 /media/RPI RP2 bench/usb/1-1.3 named\n" },
	{ { "/run/pico" }, { NULL },
	    "uf2 /media/RPI RP2 bench/usb/1-1.3 named\n" },
	{ { "/dev/sda1" }, { NULL },
	    "uf2 /media/RPI RP2 bench/usb/1-1.3 named\n" },
	{ { "1-4:2" }, { NULL },
	    "silent /dev/ttyUSB2 bench/usb/1-4:2 named\n" },
	/* A place with four ports names none of them. */
	{ { "1-4" }, { "*USB[12]" },
	    "silent /dev/ttyUSB4 bench/usb/1-4:0\n"
	    "silent /dev/ttyUSB3 bench/usb/1-4:1\n"
	    "ignored /dev/ttyUSB2 bench/usb/1-4:2\n"
	    "ignored /dev/ttyUSB1 bench/usb/1-4:3\n" },
	/* A filter narrows; a name beats --ignore, a pattern does not. */
	{ { "/dev/ttyACM0", "/dev/ttyACM*" }, { "*" },
	    "silent /dev/ttyACM0 bench/usb/1-1.2 named\n"
	    "ignored /dev/ttyACM1 bench/usb/1-1.10\n" },
	{ { "1-1.*" }, { "/dev/ttyACM1", "1-1.3" },
	    "ignored /media/RPI RP2 bench/usb/1-1.3\n"
	    "silent /dev/ttyACM0 bench/usb/1-1.2\n"
	    "ignored /dev/ttyACM1 bench/usb/1-1.10\n" },
	{ { "/dev/ttyACM7*" }, { NULL }, "" },
	/* What is not there, and what is not on USB. */
	{ { "/dev/ttyACM7" }, { NULL },
	    "/dev/ttyACM7: no such port, place or volume\n" },
	{ { "1-1.7" }, { NULL }, "1-1.7: no serial port and no bootloader is "
	    "plugged in there\n" },
	{ { "rfc2217://bench:2217" }, { NULL }, "rfc2217://bench:2217: ports "
	    "on the network are not supported\n" },
	{ { "/media" }, { NULL }, "/media: no such port, place or volume\n" },
	{ { "/dev/null", "/dev/null" }, { "*" },
	    "silent /dev/null bench/tty//dev/null named\n" },
};

static void
test_bench(void)
{
	struct buf got = BUF_INIT;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		scan(bench, cases[i].serial, cases[i].ignore, false, &got);
		IS_STR(got.data, cases[i].want);
	}
	buf_release(&got);
}

static void
test_details(void)
{
	static const char *const serial[] = { "1-1.2", NULL };
	const struct board_scan_opts o = { "bench", serial, NULL, false };
	struct bus *b = bus_new(bench);
	struct board_list list;
	struct err e = ERR_INIT;

	OK(board_scan(b, &o, &list, &e) == 0);
	OK(list.n == 1 && list.ports == 7 && list.drives == 1);
	IS_STR(list.v[0].device.host, "bench");
	IS_STR(list.v[0].device.vid, "2e8a");
	IS_STR(list.v[0].device.pid, "0005");
	IS_STR(list.v[0].device.usb_serial, "e6614c311b5a6b2c");
	IS_STR(list.v[0].device.usb_path, "1-1.2");
	IS_STR(list.v[0].device.manufacturer, "MicroPython");
	IS_STR(list.v[0].device.product, "Board in FS mode");
	OK(list.v[0].device.volume == NULL);
	OK(list.v[0].device.held_by_pid == -1);
	board_list_release(&list);
	bus_free(b);
}

static void
test_others(void)
{
	struct buf got = BUF_INIT;

	scan("tests/data/sysroot/empty", NULL, NULL, true, &got);
	IS_STR(got.data, "");
	/* A mask ROM's drive that nobody has mounted. */
	scan("tests/data/sysroot/broken", (const char *const[]){ "1-2", NULL },
	    NULL, false, &got);
	IS_STR(got.data, "uf2 - bench/usb/1-2 named\n");
	/* Over Bluetooth, only when asked for. */
	scan("tests/data/sysroot/bluetooth", NULL, NULL, false, &got);
	IS_STR(got.data, "");
	scan("tests/data/sysroot/bluetooth",
	    (const char *const[]){ "/dev/ttyACM0", NULL }, NULL, false, &got);
	IS_STR(got.data, "silent /dev/ttyACM0 bench/usb/1-1 named\n");
	scan("tests/data/sysroot/bluetooth", NULL, NULL, true, &got);
	IS_STR(got.data, "silent /dev/ttyACM0 bench/usb/1-1\n"
	    "silent /dev/rfcomm0 bench/tty//dev/rfcomm0\n");
	buf_release(&got);
}

static void
test_host(void)
{
	struct bus *b = bus_new(bench);
	char *s;

	setenv("MPF_HOST", "a-host", 1);
	s = board_host();
	IS_STR(s, "a-host");
	free(s);
	setenv("MPF_HOST", "", 1);
	s = board_host();
	OK(s[0] != '\0' && strcmp(s, "a-host") != 0);
	free(s);

	s = board_path(b, "/media/RPI RP2");
	OK(strstr(s, "tests/data/sysroot/bench/media/RPI RP2") != NULL);
	free(s);
	s = board_path(b, "/dev/null");
	IS_STR(s, "/dev/null");
	free(s);
	s = board_path(b, "/dev/none");
	OK(strstr(s, "tests/data/sysroot/bench/dev/none") != NULL);
	free(s);
	bus_free(b);
}

int
main(void)
{
	setenv("XDG_STATE_HOME", "/nonexistent", 1);
	test_bench();
	test_details();
	test_others();
	test_host();
	return tap_done();
}
