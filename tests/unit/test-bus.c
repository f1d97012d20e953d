/* SPDX-License-Identifier: MIT */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "bus/bus.h"
#include "bus/mountinfo.h"
#include "bus/sysfs.h"
#include "tap.h"
#include "tmp.h"

#define TREES	"tests/data/sysroot/"

static struct err e;

/* IS_STR for what may be NULL, and is released here. */
#define IS_OWN(a, b)	is_own((a), (b), #a)

static void
is_own(char *got, const char *want, const char *what)
{
	tap_is_str(got == NULL ? "(none)" : got, want == NULL ? "(none)" : want,
	    what, __FILE__, __LINE__);
	free(got);
}

static void
test_places(void)
{
	static const struct {
		const char	*dev, *path, *vid;
		int		 interface;
		bool		 several;
	} want[] = {
		{ "/dev/ttyACM0", "1-1.2", "2e8a", 0, false },
		{ "/dev/ttyACM1", "1-1.10", "303a", 0, false },
		{ "/dev/ttyUSB0", "1-2", "10c4", 0, false },
		{ "/dev/ttyUSB4", "1-4", "0403", 0, true },
		{ "/dev/ttyUSB3", "1-4", "0403", 1, true },
		{ "/dev/ttyUSB2", "1-4", "0403", 2, true },
		{ "/dev/ttyUSB1", "1-4", "0403", 3, true },
	};
	struct bus *b = bus_new(TREES "bench");
	struct bus_place *l = NULL;
	size_t n = 0, k = 0;

	OK(bus_places(b, &l, &n, &e) == 0 && n == 7);
	for (size_t i = 0; i < n; i++)
		for (size_t j = 0; j < l[i].n_ttys; j++, k++) {
			if (k == sizeof(want) / sizeof(want[0]))
				break;
			IS_STR(l[i].ttys[j].dev, want[k].dev);
			IS_STR(l[i].usb.path, want[k].path);
			IS_STR(l[i].usb.vid, want[k].vid);
			OK(l[i].ttys[j].interface == want[k].interface);
			OK((l[i].n_ttys > 1) == want[k].several);
		}
	OK(k == sizeof(want) / sizeof(want[0]));
	IS_STR(l[1].usb.pid, "0005");
	IS_STR(l[1].usb.serial, "e6614c311b5a6b2c");
	IS_STR(l[1].usb.manufacturer, "MicroPython");
	IS_STR(l[1].usb.product, "Board in FS mode");
	OK(l[5].usb.serial == NULL);
	bus_places_free(l, n);
	bus_free(b);
}

static void
test_look(void)
{
	struct bus *b = bus_new(TREES "bench/");
	struct bus_place p;

	OK(bus_look(b, "1-1.2", -1, &p, &e) == 0 && p.present);
	IS_STR(p.tty, "/dev/ttyACM0");
	IS_STR(p.usb.pid, "0005");
	OK(!p.mass_storage && p.disk == NULL && p.volume == NULL);
	bus_place_release(&p);

	OK(bus_look(b, "1-1.3", -1, &p, &e) == 0 && p.present);
	OK(p.tty == NULL && p.mass_storage);
	IS_STR(p.disk, "/dev/sda1");
	IS_STR(p.volume, "/media/RPI RP2");
	bus_place_release(&p);

	OK(bus_look(b, "1-5", -1, &p, &e) == 0 && p.mass_storage);
	IS_STR(p.disk, "/dev/sdb");
	OK(p.volume == NULL);
	bus_place_release(&p);

	OK(bus_look(b, "1-4", 2, &p, &e) == 0);
	IS_STR(p.tty, "/dev/ttyUSB2");
	bus_place_release(&p);
	OK(bus_look(b, "1-4", -1, &p, &e) == 0);
	IS_STR(p.tty, "/dev/ttyUSB4");
	bus_place_release(&p);
	OK(bus_look(b, "1-4", 7, &p, &e) == 0 && p.tty == NULL && p.present);
	bus_place_release(&p);
	OK(bus_look(b, "1-9", -1, &p, &e) == 0 && !p.present);
	bus_place_release(&p);
	OK(bus_look(b, "usb1", -1, &p, &e) == -1 && e.code == ERR_INPUT);
	OK(bus_look(b, "../1-1", -1, &p, &e) == -1 && e.code == ERR_INPUT);
	bus_free(b);
}

/* "uf2 picoboot", of what hangs at that place. */
static void
is_in(const struct bus *b, const char *usb_path, const char *want)
{
	const char *modes[BUS_BOOTLOADERS];
	char got[64] = "";
	struct bus_place p;
	size_t n;

	OK(bus_look(b, usb_path, -1, &p, &e) == 0 && p.present);
	n = bus_bootloaders(b, &p, modes);
	OK(n < BUS_BOOTLOADERS && modes[n] == NULL);
	for (size_t i = 0; i < n; i++)
		snprintf(got + strlen(got), sizeof(got) - strlen(got), "%s%s",
		    i > 0 ? " " : "", modes[i]);
	tap_is_str(got, want, usb_path, __FILE__, __LINE__);
	bus_place_release(&p);
}

static void
test_bootloaders(void)
{
	struct bus *b = bus_new(TREES "bench");

	is_in(b, "1-1.2", "");
	is_in(b, "1-1.3", "uf2 picoboot");
	is_in(b, "1-5", "uf2");		/* by its ids */
	bus_free(b);
	b = bus_new(TREES "stuck");
	is_in(b, "1-1", "");
	is_in(b, "1-5", "dfu");
	is_in(b, "1-6", "uf2");
	is_in(b, "1-7", "uf2 picoboot");	/* by its interfaces */
	is_in(b, "1-8", "");
	bus_free(b);
}

static void
test_interfaces(void)
{
	struct bus *b = bus_new(TREES "stuck");
	struct bus_place p;

	OK(bus_look(b, "1-6", -1, &p, &e) == 0 && p.n_interfaces == 2);
	OK(p.interfaces[0].number == 0 && p.interfaces[0].class == 2 &&
	    p.interfaces[0].subclass == 2 && p.interfaces[0].protocol == 0);
	IS_STR(p.interfaces[0].driver, "cdc_acm");
	OK(p.interfaces[1].number == 2 && p.interfaces[1].class == 8 &&
	    p.interfaces[1].subclass == 6 && p.interfaces[1].protocol == 0x50);
	IS_STR(p.interfaces[1].driver, "usb-storage");
	bus_place_release(&p);
	OK(bus_look(b, "1-1", -1, &p, &e) == 0 && p.n_interfaces == 1);
	OK(p.interfaces[0].driver == NULL && p.n_ttys == 0);
	bus_place_release(&p);
	bus_free(b);
}

/* It comes back, at the deadline at the latest, and at once the first time. */
static void
test_wait(void)
{
	struct bus *b = bus_new(NULL);
	const int64_t began = clock_ms();

	bus_wait(b, INT64_MAX);
	bus_wait(b, clock_ms() + 20);
	bus_wait(b, began);
	bus_free(b);
	OK(clock_ms() < began + 30000);
	b = bus_new(TREES "bench");
	clock_fake(1000);
	bus_wait(b, 2000);
	OK(clock_ms() > 1000 && clock_ms() <= 1050);
	bus_wait(b, clock_ms() + 3);
	OK(clock_ms() <= 1053);
	bus_wait(b, 0);
	OK(clock_ms() <= 1053);
	bus_free(b);
}

static void
test_volumes(void)
{
	struct bus *b = bus_new(TREES "bench");

	IS_OWN(bus_usb_of_volume(b, "/media/RPI RP2"), "1-1.3");
	IS_OWN(bus_usb_of_volume(b, "/media/RPI RP2/"), "1-1.3");
	IS_OWN(bus_usb_of_volume(b, "/run/pico"), "1-1.3");
	IS_OWN(bus_usb_of_volume(b, "/srv/part"), "1-1.3");
	IS_OWN(bus_usb_of_volume(b, "/media"), NULL);
	IS_OWN(bus_usb_of_volume(b, "/"), NULL);
	bus_free(b);
}

static void
test_tty_names(void)
{
	struct bus *b = bus_new(TREES "bench");

	IS_OWN(bus_usb_of_tty(b, "/dev/ttyACM1"), "1-1.10");
	IS_OWN(bus_usb_of_tty(b, "/dev/ttyUSB2"), "1-4");
	IS_OWN(bus_usb_of_tty(b,
	    "/dev/serial/by-id/usb-MicroPython_Board-if00"), "1-1.2");
	IS_OWN(bus_usb_of_tty(b, "/dev/ttyS0"), NULL);
	IS_OWN(bus_usb_of_tty(b, "/dev/nothing"), NULL);
	bus_free(b);
}

static void
test_broken(void)
{
	struct bus *b = bus_new(TREES "broken");
	struct bus_place p, *d = NULL;
	size_t n = 0;

	OK(bus_places(b, &d, &n, &e) == 0 && n == 2 && d[0].n_ttys == 1);
	IS_STR(d[0].usb.path, "1-1");
	OK(d[0].usb.vid == NULL && d[0].usb.pid == NULL);
	OK(d[0].usb.serial == NULL && d[0].usb.manufacturer == NULL);
	IS_STR(d[0].usb.product, "\xef\xbf\xbd" "caf\xc3\xa9\x01");
	OK(d[0].ttys[0].interface == 0);
	OK(d[0].n_interfaces == 1 && d[0].interfaces[0].class == -1);
	OK(d[1].disk == NULL && d[1].volume == NULL && d[1].mass_storage);
	bus_places_free(d, n);
	/* Out of the tree, and nowhere. */
	OK(bus_look(b, "1-4", -1, &p, &e) == 0 && !p.present);
	OK(bus_look(b, "1-3", -1, &p, &e) == 0 && !p.present);
	IS_OWN(bus_usb_of_tty(b, "/dev/loop"), NULL);
	IS_OWN(bus_usb_of_volume(b, "/media/RPI RP2"), NULL);
	bus_free(b);
}

static void
test_nothing(void)
{
	static const char *const trees[] = { TREES "empty", "/nonexistent" };
	struct bus_place *d = NULL;
	size_t n = 9;

	for (size_t i = 0; i < 2; i++) {
		struct bus *b = bus_new(trees[i]);

		OK(bus_places(b, &d, &n, &e) == 0 && n == 0);
		bus_places_free(d, n);
		bus_free(b);
	}
	bus_free(NULL);
}

static void
test_names(void)
{
	struct bus *b = bus_new(NULL);
	char real[4096], want[4200];

	IS_OWN(bus_path(b, "/dev/ttyACM0"), "/dev/ttyACM0");
	OK(bus_is_system(b));
	bus_free(b);
	b = bus_new("/");
	OK(bus_is_system(b));
	IS_OWN(bus_path(b, "/dev/ttyACM0"), "/dev/ttyACM0");
	bus_free(b);
	b = bus_new(TREES "bench");
	OK(realpath(TREES "bench", real) != NULL);
	snprintf(want, sizeof(want), "%s/dev/ttyACM0", real);
	IS_OWN(bus_path(b, "/dev/ttyACM0"), want);
	OK(!bus_is_system(b));
	bus_free(b);

	OK(usb_is_path("1-1") && usb_is_path("12-1.2.10"));
	OK(!usb_is_path("usb1") && !usb_is_path("1-1:1.0"));
	OK(!usb_is_path("1-") && !usb_is_path("1-1.") && !usb_is_path("-1"));
	OK(!usb_is_path("") && !usb_is_path("1-1/..") && !usb_is_path("1.1"));
	OK(usb_path_cmp("1-2", "1-10") < 0 && usb_path_cmp("2-1", "1-9") > 0);
	OK(usb_path_cmp("1-1", "1-1.1") < 0 && usb_path_cmp("1-1", "1-1") == 0);
	OK(usb_path_cmp("1-1.1", "1-1") > 0);
}

/* A tty of the tree is a link to a pty, which another process has open. */
static void
test_holder(void)
{
	static const char *const several[] = {
		"/dev/nothing", "/dev/ttyACM0", "/dev/ttyACM0"
	};
	char byte;
	struct lock_holder who, all[3];
	struct bus *b;
	const int master = posix_openpt(O_RDWR | O_NOCTTY);
	int up[2];
	pid_t pid;

	OK(master != -1 && grantpt(master) == 0 && unlockpt(master) == 0);
	OK(mkdir("dev", 0755) == 0 && pipe(up) == 0);
	OK(symlink(ptsname(master), "dev/ttyACM0") == 0);
	b = bus_new(tmp_path);
	OK(bus_holder(b, "/dev/ttyACM0", &who) == 0);
	OK(bus_holder(b, "/dev/nothing", &who) == 0);
	pid = fork();
	if (pid == 0) {
		if (open("dev/ttyACM0", O_RDWR | O_NOCTTY) != -1 &&
		    write(up[1], "x", 1) == 1)
			pause();
		_exit(0);
	}
	OK(read(up[0], &byte, 1) == 1);
	OK(bus_holder(b, "/dev/ttyACM0", &who) == 1 && who.pid == pid);
	IS_STR(who.command, tap_comm());
	bus_holders(b, several, 3, all);
	OK(all[0].pid == 0 && all[1].pid == pid && all[2].pid == pid);
	IS_STR(all[2].command, tap_comm());
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	bus_free(b);
	close(master);
}

static void
test_mountinfo(void)
{
	const char *c = "no mount\n"
	    "1 2 8:1 / /a\\040b\\011\\134c rw shared:1 - vfat /dev/sda1 rw\n"
	    "1 2 8 / /no rw\n" "1 2 8:x / /no rw\n" "1 2 :1 / /no rw\n"
	    "1 2 8:1 no /no rw\n" "1 2 8:1 / no rw\n" "1 2 8:1\n"
	    "1 2 12345678901234:1234567890 / /no rw\n"
	    "1 2 8:1 / /a\\000b rw\n"
	    "1 2 259:12 /sub /x\\0\\9\\777";
	struct mount m = MOUNT_INIT;

	OK(mountinfo_next(&c, &m) == 1);
	IS_STR(m.devno, "8:1");
	IS_STR(m.root.data, "/");
	IS_STR(m.dir.data, "/a b\t\\c");
	OK(mountinfo_next(&c, &m) == 1);
	IS_STR(m.devno, "259:12");
	IS_STR(m.root.data, "/sub");
	IS_STR(m.dir.data, "/x\\0\\9\\777");
	OK(mountinfo_next(&c, &m) == 0);
	OK(mountinfo_next(&c, &m) == 0);
	mount_release(&m);
}

int
main(void)
{
	test_places();
	test_look();
	test_bootloaders();
	test_interfaces();
	test_volumes();
	test_tty_names();
	test_broken();
	test_nothing();
	test_names();
	test_mountinfo();
	test_wait();		/* last: the clock stands still after it */
	tmp_enter();
	test_holder();
	tmp_leave();
	return tap_done();
}
