/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE	/* RTLD_NEXT, for fault.h */
#include "board/problem.h"

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "board/loader.h"
#include "fault.h"
#include "tap.h"
#include "tmp.h"

static struct err e;

int
access(const char *path, int mode)
{
	return fault("access") ? -1 : FAULT_REAL(access)(path, mode);
}

/* A string that bus.h calls owned. */
#define S(text)	\
	(char []){ text }

/* --- devices that no driver made a port of --- */

#define BRIDGE	\
	{ .path = S("1-1"), .vid = S("1a86"), .pid = S("7523") }
#define BOARD	{ .path = S("1-1"), .vid = S("2e8a"), .pid = S("0005"), \
		  .product = S("Board") }
#define NAMED(text) ("1-1: " text)

static struct bus_interface storage[] = {
	{ .class = 8, .subclass = 6, .driver = S("usb-storage") }
};
static struct bus_interface acm[] = { { .class = 8, .subclass = 6 },
	{ .class = 2, .subclass = 2 } };
static struct bus_interface untold[] = { { .class = 2, .subclass = -1 } };
static struct bus_interface ethernet[] = { { .class = 2, .subclass = 6 } };
static struct bus_interface vendor[] = { { .class = 255, .subclass = 2 } };
static struct bus_interface taken[] = {
	{ .class = 2, .subclass = 2, .driver = S("cdc_acm") },
	{ .class = 10, .driver = S("usbfs") }
};
static struct bus_interface driven[] = {
	{ .class = 2, .subclass = 2, .driver = S("cdc_acm") }
};

#define ALL(list)	.interfaces = list, \
			.n_interfaces = sizeof(list) / sizeof(list[0])
#define NO_DRIVER	"no driver has made a serial port of it"
#define OTHER_PROGRAM	"another program uses it, so it has no serial port"

static const struct {
	struct bus_place place;
	const char	*msg, *hint;	/* NULL: no problem */
	enum err_next	 next;
} drivers[] = {
	{ { .usb = BRIDGE }, NAMED("CH340 (1a86:7523): " NO_DRIVER),
	    "modprobe ch341;", NEXT_LOAD_DRIVER },
	{ { .usb = BRIDGE, .n_ttys = 1 }, NULL, NULL, NEXT_NONE },
	{ { .usb = BRIDGE, ALL(taken) }, NAMED("CH340 (1a86:7523): "
	    OTHER_PROGRAM), "apt remove brltty", NEXT_REMOVE_BRLTTY },
	{ { .usb = BOARD, ALL(acm) }, NAMED("Board (2e8a:0005): " NO_DRIVER),
	    "modprobe cdc_acm;", NEXT_LOAD_DRIVER },
	{ { .usb = BOARD, ALL(untold) }, NAMED("Board (2e8a:0005): "
	    NO_DRIVER), "modprobe cdc_acm;", NEXT_LOAD_DRIVER },
	{ { .usb = BOARD, ALL(driven) }, NAMED("Board (2e8a:0005): "
	    NO_DRIVER), "modprobe cdc_acm;", NEXT_LOAD_DRIVER },
	{ { .usb = BOARD, ALL(taken) }, NAMED("Board (2e8a:0005): "
	    OTHER_PROGRAM), "apt remove brltty", NEXT_REMOVE_BRLTTY },
	{ { .usb = { .path = S("1-1") }, ALL(acm) }, NAMED("serial device "
	    "(?:?): " NO_DRIVER), "modprobe cdc_acm;", NEXT_LOAD_DRIVER },
	{ { .usb = BOARD, ALL(ethernet) }, NULL, NULL, NEXT_NONE },
	{ { .usb = BOARD, ALL(vendor) }, NULL, NULL, NEXT_NONE },
	{ { .usb = BOARD, ALL(storage) }, NULL, NULL, NEXT_NONE },
	{ { .usb = BOARD }, NULL, NULL, NEXT_NONE },
};

static void
is_problem(bool found, const char *msg, const char *hint, enum err_next next)
{
	OK(found == (msg != NULL));
	OK(e.code == (msg == NULL ? ERR_NONE : ERR_NOT_FOUND));
	IS_STR(e.msg, msg != NULL ? msg : "");
	OK(hint == NULL || strstr(e.hint, hint) != NULL);
	OK(e.next == next);
}

static void
test_driver(void)
{
	for (size_t i = 0; i < sizeof(drivers) / sizeof(drivers[0]); i++) {
		e = (struct err)ERR_INIT;
		is_problem(problem_driver(&drivers[i].place, &e),
		    drivers[i].msg, drivers[i].hint, drivers[i].next);
	}
}

/* --- debug probes --- */

#define PROBE	\
	{ .path = S("1-1"), .vid = S("0d28"), .pid = S("0204") }

static const struct {
	struct bus_place place;
	const char	*msg;
} probes[] = {
	{ { .usb = PROBE, .mass_storage = true }, NAMED("DAPLink "
	    "(0d28:0204): a debug probe that shows a drive, and no "
	    "serial port") },
	{ { .usb = PROBE, .mass_storage = true, .n_ttys = 1 }, NULL },
	{ { .usb = PROBE }, NULL },
	{ { .usb = BOARD, .mass_storage = true }, NULL },
};

static void
test_probe(void)
{
	for (size_t i = 0; i < sizeof(probes) / sizeof(probes[0]); i++) {
		e = (struct err)ERR_INIT;
		is_problem(problem_probe(&probes[i].place, &e), probes[i].msg,
		    probes[i].msg != NULL ? "reset button" : NULL, NEXT_NONE);
	}
}

/* --- what a name on the command line is --- */

static const struct {
	struct bus_place place;
	const char	*msg;
	enum err_next	 next;
} others[] = {
	{ { .usb = BRIDGE }, NAMED("CH340 (1a86:7523): " NO_DRIVER),
	    NEXT_LOAD_DRIVER },
	{ { .usb = BOARD, .mass_storage = true }, NAMED("Board "
	    "(2e8a:0005): a drive that is not mounted, and not known "
	    "as a bootloader's"), NEXT_MOUNT_DRIVE },
	{ { .usb = BOARD, .mass_storage = true, .volume = S("/v") },
	    NAMED("Board (2e8a:0005): it has no serial port, and is "
	    "in no bootloader that is known"), NEXT_NONE },
	{ { .usb = { .path = S("1-1"), .vid = S("1"), .pid = S("2") } },
	    NAMED("device (1:2): it has no serial port, and is in no "
	    "bootloader that is known"), NEXT_NONE },
};

static void
test_other(void)
{
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
		e = (struct err)ERR_INIT;
		problem_other(&others[i].place, &e);
		is_problem(true, others[i].msg, NULL, others[i].next);
	}
}

/* --- files that are not there, or shut --- */

static void
test_node(const struct bus *b)
{
	e = (struct err)ERR_INIT;
	OK(!problem_node(b, "/tty", &e) && e.code == ERR_NONE);
	errno = ENOENT;			/* of something else, before */
	OK(!problem_node(b, "/tty", &e));
	OK(problem_node(b, "/none", &e));
	OK(e.code == ERR_NOT_FOUND && e.next == NEXT_PASS_DEVICE_ON);
	IS_STR(e.msg, "/none: the kernel has this port, but /dev has no such "
	    "file");
	fault_at("access", 1, EIO);	/* nobody knows */
	OK(!problem_node(b, "/tty", &e));
}

static void
test_volume(const struct bus *b)
{
	char name[] = "/volume";
	const struct bus_place p = { .volume = name };
	const struct bus_place unmounted = { .volume = NULL };

	e = (struct err)ERR_INIT;
	OK(!problem_volume(b, &unmounted, &e));
	errno = EACCES;			/* of something else, before */
	OK(!problem_volume(b, &p, &e));
	fault_at("access", 1, ENOENT);
	OK(!problem_volume(b, &p, &e) && e.code == ERR_NONE);
	fault_at("access", 1, EACCES);
	OK(problem_volume(b, &p, &e));
	OK(e.code == ERR_PERMISSION && e.next == NEXT_UNMOUNT_DRIVE);
	IS_STR(e.msg, "/volume: this drive is mounted for another user");
}

/* --- what a drive may be --- */

static const struct {
	struct bus_place place;
	bool		 may;
} drives[] = {
	{ { .mass_storage = true, .disk = S("/d"), .disk_bytes = 512 },
	    true },
	{ { .mass_storage = true, .disk = S("/d"),
	    .disk_bytes = BUS_DRIVE_MAX }, true },
	{ { .mass_storage = true, .disk = S("/d"),
	    .disk_bytes = BUS_DRIVE_MAX + 1ull }, false },
	{ { .mass_storage = true, .disk = S("/d") }, false },
	{ { .mass_storage = true, .disk_bytes = 512 }, false },
	{ { .disk = S("/d"), .disk_bytes = 512 }, false },
	{ { .mass_storage = true, .disk = S("/d"), .disk_bytes = 512,
	    .volume = S("/v") }, false },
};

static void
test_unknown_drive(void)
{
	for (size_t i = 0; i < sizeof(drives) / sizeof(drives[0]); i++)
		OK(loader_unknown_drive(&drives[i].place) == drives[i].may);
}

static struct bus_interface not_dfu[] = { { .class = 8, .name = S("@Flash") },
	{ .class = 0xfe }, { .class = 0xfe, .name = S("DFU") } };
static struct bus_interface dfu[] = { { .class = 0xfe },
	{ .class = 0xfe, .name = S("@Internal Flash") } };

static void
test_memory(void)
{
	const struct bus_place without = { ALL(not_dfu) }, with = { ALL(dfu) };

	OK(loader_memory(&without) == NULL);
	IS_STR(loader_memory(&with), "@Internal Flash");
}

int
main(void)
{
	struct bus *b;
	int fd;

	tmp_enter();
	b = bus_new(tmp_path);
	fd = open("tty", O_CREAT | O_WRONLY | O_CLOEXEC, 0644);
	OK(fd != -1 && close(fd) == 0 && mkdir("volume", 0755) == 0);
	test_driver();
	test_probe();
	test_other();
	test_node(b);
	test_volume(b);
	test_unknown_drive();
	test_memory();
	bus_free(b);
	tmp_leave();
	return tap_done();
}
