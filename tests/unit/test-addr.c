/* SPDX-License-Identifier: MIT */
#include "addr/addr.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tap.h"
#include "tmp.h"

static const char bench[] = "tests/data/sysroot/bench";

/* Where the device with this id, place and port is; or what is wrong. */
static void
is_at(const struct bus *b, const char *id, const char *usb_path,
    const char *serial_port, const char *want)
{
	const struct device d = { .id = id, .usb_path = usb_path,
		.serial_port = serial_port };
	struct link_addr at;
	struct err e = ERR_INIT;
	char *root = bus_path(b, "");
	const char *got;

	if (addr_of_device(b, &d, &at, &e) == -1)
		got = e.msg;
	else if (strncmp(at.name, root, strlen(root)) == 0)
		got = at.name + strlen(root);
	else
		got = at.name;
	IS_STR(got, want);
	link_addr_release(&at);
	free(root);
}

static void
test_bench(void)
{
	struct bus *b = bus_new(bench);

	is_at(b, "b/usb/1-1.2", "1-1.2", "/dev/ttyACM0", "/dev/ttyACM0");
	/* It came back under another name. */
	is_at(b, "b/usb/1-1.2", "1-1.2", "/dev/ttyACM7", "/dev/ttyACM0");
	is_at(b, "b/usb/1-4:2", "1-4", NULL, "/dev/ttyUSB2");
	is_at(b, "b/usb/1-4", "1-4", NULL, "/dev/ttyUSB4");
	is_at(b, "b/usb/1-1.3", "1-1.3", NULL,
	    "b/usb/1-1.3: no serial port there now");
	is_at(b, "b/usb/1-9", "1-9", "/dev/ttyACM0",
	    "b/usb/1-9: nothing is plugged in there now");
	is_at(b, "b/tty/x", NULL, NULL, "b/tty/x: neither device.usb_path nor "
	    "device.serial_port in the record");
	/* The tree's before this system's; else this system's, if it has it. */
	is_at(b, "b/tty/x", NULL, "/dev/ttyACM1", "/dev/ttyACM1");
	is_at(b, "b/tty/x", NULL, "/dev/null", "/dev/null");
	is_at(b, "b/tty/x", NULL, "/dev/none", "/dev/none");
	bus_free(b);
}

/* Under a sysroot a tty is a link to a pty. */
static void
test_kinds(void)
{
	const int master = posix_openpt(O_RDWR | O_NOCTTY);
	struct link_addr at;
	struct bus *b;

	tmp_enter();
	OK(master != -1 && grantpt(master) == 0 && unlockpt(master) == 0);
	OK(mkdir("dev", 0755) == 0 &&
	    symlink(ptsname(master), "dev/ttyACM0") == 0);
	b = bus_new(tmp_path);
	addr_of_port(b, "/dev/ttyACM0", &at);
	IS_STR(at.kind->name, "pty");
	link_addr_release(&at);
	addr_of_port(b, ptsname(master), &at);
	IS_STR(at.kind->name, "pty");
	IS_STR(at.name, ptsname(master));
	link_addr_release(&at);
	addr_of_port(b, "/dev/null", &at);
	IS_STR(at.kind->name, "tty");
	link_addr_release(&at);
	bus_free(b);
	close(master);
	tmp_leave();
}

int
main(void)
{
	test_bench();
	test_kinds();
	return tap_done();
}
