/* SPDX-License-Identifier: MIT */
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "addr/addr.h"
#include "base/buf.h"
#include "board/board.h"

#include "../tests/unit/tap.h"
#include "../tests/unit/tmp.h"

#define NAMES	6

/*
 * One line for each place: "MODE PORT ID [named]", other bootloaders, and its
 * problem, or its error.
 */
static void
scan(const char *root, const char *const *serial, const char *const *ignore,
    bool bluetooth, bool problems, struct buf *out)
{
	const struct board_scan_opts o = { "bench", serial, ignore,
		bluetooth, false };
	struct bus *b = bus_new(root);
	struct board_list list;
	size_t k;

	buf_clear(out);
	board_scan(b, &o, &list);
	for (size_t i = 0; i < list.n; i++) {
		const struct device *d = &list.v[i].device;

		if (list.v[i].error.code != ERR_NONE)
			buf_addf(out, "%s\n", list.v[i].error.msg);
		else
			buf_addf(out, "%s %s %s%s", d->mode,
			    d->volume != NULL ? d->volume :
			    d->serial_port != NULL ? d->serial_port : "-",
			    d->id, d->named ? " named" : "");
		if (list.v[i].error.code != ERR_NONE)
			continue;
		for (k = 1; k < MODEL_CHECKS && d->bootloaders[0] != NULL; k++)
			if (d->bootloaders[k] != NULL)
				buf_addf(out, " %s", d->bootloaders[k]);
		if (d->problem != NULL && problems)
			buf_addf(out, " (%s)", d->problem);
		buf_addc(out, '\n');
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
	    "uf2 /media/RPI RP2 bench/usb/1-1.3 picoboot\n"
	    "uf2 - bench/usb/1-5\n"
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
	    "uf2 /media/RPI RP2 bench/usb/1-1.3 named picoboot\n" },
	{ { "1-1.3" }, { NULL },
	    "uf2 /media/RPI RP2 bench/usb/1-1.3 named picoboot\n" },
	{ { "bench/usb/1-1.3" }, { NULL },
	    "uf2 /media/RPI RP2 bench/usb/1-1.3 named picoboot\n" },
	{ { "/run/pico" }, { NULL },
	    "uf2 /media/RPI RP2 bench/usb/1-1.3 named picoboot\n" },
	{ { "/dev/sda1" }, { NULL },
	    "uf2 /media/RPI RP2 bench/usb/1-1.3 named picoboot\n" },
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
	    "ignored /media/RPI RP2 bench/usb/1-1.3 picoboot\n"
	    "silent /dev/ttyACM0 bench/usb/1-1.2\n"
	    "ignored /dev/ttyACM1 bench/usb/1-1.10\n" },
	{ { "/dev/ttyACM7*" }, { NULL }, "" },
	/* What is not there, and what is not on USB. */
	{ { "/dev/ttyACM7" }, { NULL },
	    "/dev/ttyACM7: no such port, place or volume\n" },
	{ { "1-1.7" }, { NULL }, "1-1.7: no serial port and no bootloader is "
	    "plugged in there\n" },
	{ { "rfc2217://bench:2217" }, { NULL }, "silent rfc2217://bench:2217 "
	    "rfc2217://bench:2217 named\n" },
	{ { "rfc2217://bench" }, { NULL }, "rfc2217://bench: not an address of "
	    "RFC 2217\n" },
	{ { "socket://bench:2217" }, { NULL }, "socket://bench:2217: not a "
	    "kind of port that mpf knows\n" },
	{ { ":1-1" }, { NULL }, ":1-1: no such port, place or volume\n" },
	{ { "/media" }, { NULL }, "/media: no such port, place or volume\n" },
	{ { "/dev/null", "/dev/null" }, { "*" },
	    "silent /dev/null bench/tty//dev/null named\n" },
};

static void
test_bench(void)
{
	struct buf got = BUF_INIT;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		scan(bench, cases[i].serial, cases[i].ignore, false, false,
		    &got);
		IS_STR(got.data, cases[i].want);
	}
	buf_release(&got);
}

/* What a name that is not there is to be instead. */
static void
test_hints(void)
{
	static const struct {
		const char	*name, *hint;
		enum err_next	 next;
	} wrong[] = {
		{ "/dev/ttyACM7", "mpf-detect without --serial lists what "
		    "there is", NEXT_CHOOSE_PORT },
		{ "socket://bench:1", "write rfc2217://HOST:PORT", NEXT_NONE },
	};
	struct bus *b = bus_new(bench);

	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		const char *const serial[] = { wrong[i].name, NULL };
		const struct board_scan_opts o = { .host = "bench",
			.serial = serial };
		struct board_list list;

		board_scan(b, &o, &list);
		OK(list.n == 1);
		IS_STR(list.v[0].error.hint, wrong[i].hint);
		OK(list.v[0].error.next == wrong[i].next);
		board_list_release(&list);
	}
	bus_free(b);
}

static void
test_details(void)
{
	static const char *const serial[] = { "1-1.2", NULL };
	const struct board_scan_opts o = { "bench", serial, NULL, false,
		false };
	struct bus *b = bus_new(bench);
	struct board_list list;

	board_scan(b, &o, &list);
	OK(list.n == 1 && list.ports == 7 && list.drives == 2);
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

	scan("tests/data/sysroot/empty", NULL, NULL, true, false, &got);
	IS_STR(got.data, "");
	/* A mask ROM's drive that nobody has mounted. */
	scan("tests/data/sysroot/broken", (const char *const[]){ "1-2", NULL },
	    NULL, false, false, &got);
	IS_STR(got.data, "uf2 - bench/usb/1-2 named\n");
	/* Over Bluetooth, only when asked for. */
	scan("tests/data/sysroot/bluetooth", NULL, NULL, false, false,
	    &got);
	IS_STR(got.data, "");
	scan("tests/data/sysroot/bluetooth",
	    (const char *const[]){ "/dev/ttyACM0", NULL }, NULL, false, false,
	    &got);
	IS_STR(got.data, "silent /dev/ttyACM0 bench/usb/1-1 named\n");
	scan("tests/data/sysroot/bluetooth", NULL, NULL, true, false,
	    &got);
	IS_STR(got.data, "silent /dev/ttyACM0 bench/usb/1-1\n"
	    "silent /dev/rfcomm0 bench/tty//dev/rfcomm0\n");
	buf_release(&got);
}

/* What cannot be used is there all the same, and an error if it is named. */
static void
test_stuck(void)
{
	static const char stuck[] = "tests/data/sysroot/stuck";
	static const char *const serial[] = { "1-1", "/dev/ttyACM0", "1-5",
		"1-6", "1-8", "1-9", NULL };
	struct buf got = BUF_INIT;

	scan(stuck, NULL, NULL, false, true, &got);
	IS_STR(got.data, "dfu - bench/usb/1-5\n"
	    "uf2 /dev/ttyACM1 bench/usb/1-6\n"
	    "uf2 - bench/usb/1-7 picoboot\n"
	    "silent - bench/usb/1-1 (1-1: CH340 (1a86:7523): no driver has "
	    "made a serial port of it)\n"
	    "silent - bench/usb/1-2 (1-2: CP2102 (10c4:ea60): another program "
	    "uses it, so it has no serial port)\n"
	    "silent - bench/usb/1-3 (1-3: Board in FS mode (2e8a:0005): no "
	    "driver has made a serial port of it)\n"
	    "silent /dev/ttyACM0 bench/usb/1-4 (/dev/ttyACM0: the kernel has "
	    "this port, but /dev has no such file)\n");
	scan(stuck, serial, NULL, false, true, &got);
	IS_STR(got.data, "dfu - bench/usb/1-5 named\n"
	    "uf2 /dev/ttyACM1 bench/usb/1-6 named\n"
	    "1-1: CH340 (1a86:7523): no driver has made a serial port of it\n"
	    "/dev/ttyACM0: the kernel has this port, but /dev has no such "
	    "file\n"
	    "1-8: Cruzer Blade (0781:5567): a drive that is not mounted, and "
	    "not known as a bootloader's\n"
	    "1-9: USB Keyboard (046d:c31c): it has no serial port, and is in "
	    "no bootloader that is known\n");
	/* A bootloader, by its port. */
	scan(stuck, (const char *const[]){ "/dev/ttyACM1", NULL }, NULL,
	    false, false, &got);
	IS_STR(got.data, "uf2 /dev/ttyACM1 bench/usb/1-6 named\n");
	scan(stuck, NULL, (const char *const[]){ "1-[1-5]", NULL }, false,
	    false, &got);
	IS_STR(got.data, "ignored - bench/usb/1-5\n"
	    "uf2 /dev/ttyACM1 bench/usb/1-6\n"
	    "uf2 - bench/usb/1-7 picoboot\n"
	    "ignored - bench/usb/1-1\n"
	    "ignored - bench/usb/1-2\n"
	    "ignored - bench/usb/1-3\n"
	    "ignored /dev/ttyACM0 bench/usb/1-4\n");
	buf_release(&got);
}

/* Ports that can be listed are not hidden by a kind that cannot. */
static void
test_one_kind_fails(void)
{
	char root[] = "/tmp/test-scan.XXXXXX", path[300];
	struct buf got = BUF_INIT;

	OK(mkdtemp(root) != NULL);
	snprintf(path, sizeof(path), "%s/dev", root);
	OK(mkdir(path, 0755) == 0);
	snprintf(path, sizeof(path), "%s/dev/rfcomm0", root);
	OK(mknod(path, S_IFREG | 0644, 0) == 0);
	snprintf(path, sizeof(path), "%s/sys", root);
	OK(symlink("sys", path) == 0);		/* ELOOP */
	scan(root, NULL, NULL, true, false, &got);
	OK(strstr(got.data, "/sys/bus/usb/devices: Too many") != NULL);
	OK(strstr(got.data, "silent /dev/rfcomm0 bench/tty//dev/rfcomm0\n") !=
	    NULL);
	scan(root, (const char *const[]){ "/dev/null", NULL }, NULL, false,
	    false, &got);
	OK(strstr(got.data, "/sys/bus/usb/devices: Too many") != NULL);
	OK(strstr(got.data, "silent /dev/null bench/tty//dev/null named\n") !=
	    NULL);
	unlink(path);
	snprintf(path, sizeof(path), "%s/dev/rfcomm0", root);
	unlink(path);
	snprintf(path, sizeof(path), "%s/dev", root);
	rmdir(path);
	rmdir(root);
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

	s = addr_file(b, "/media/RPI RP2");
	OK(strstr(s, "tests/data/sysroot/bench/media/RPI RP2") != NULL);
	free(s);
	s = addr_file(b, "/dev/null");
	IS_STR(s, "/dev/null");
	free(s);
	s = addr_file(b, "/dev/none");
	OK(strstr(s, "tests/data/sysroot/bench/dev/none") != NULL);
	free(s);
	bus_free(b);
}

int
main(void)
{
	const int here = open(".", O_RDONLY | O_DIRECTORY);

	/* Its locks are not to stay in /run/lock; its data is here. */
	tmp_enter();
	setenv("MPF_LOCKS", tmp_path, 1);
	setenv("XDG_STATE_HOME", "/nonexistent", 1);
	OK(fchdir(here) == 0 && close(here) == 0);
	test_bench();
	test_hints();
	test_details();
	test_others();
	test_stuck();
	test_one_kind_fails();
	test_host();
	tmp_leave();
	return tap_done();
}
