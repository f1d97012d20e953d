/* SPDX-License-Identifier: MIT */

/*
 * mpf-ports bus | list: the names of the serial ports on USB, one a line,
 * as sysfs or as libserialport knows them.
 * mpf-ports baud TTY N: opens it at N baud, and closes it.
 * mpf-ports stuff TTY: writes until the device takes no more, and closes it;
 * prints the milliseconds that the close took, and closing_wait before and
 * after (in hundredths of a second, as the driver has it).
 */

#include <fcntl.h>
#include <linux/serial.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/clock.h"
#include "bus/bus.h"
#include "link/link.h"

static int
by_bus(struct err *e)
{
	struct bus *b = bus_new(NULL);
	struct bus_place *list;
	size_t n;
	const int r = bus_places(b, &list, &n, e);

	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < list[i].n_ttys; k++)
			puts(list[i].ttys[k].dev);
	bus_places_free(list, n);
	bus_free(b);
	return r;
}

static int
by_list(struct err *e)
{
	char **names;

	if (link_list(&names, e) == -1)
		return -1;
	for (char **p = names; *p != NULL; p++)
		if (strstr(*p, "/ttyACM") != NULL ||
		    strstr(*p, "/ttyUSB") != NULL)
			puts(*p);
	link_list_free(names);
	return 0;
}

static int
by_baud(const char *tty, const char *baud, struct err *e)
{
	const struct link_opts o = { .baud = (unsigned)strtoul(baud, NULL,
	    10) };
	struct link *l = NULL;
	const int r = link_open(tty, &o, &l, e);

	link_close(l);
	return r;
}

static int
closing_wait(const char *tty)
{
	struct serial_struct s = { .closing_wait = 0 };
	const int fd = open(tty, O_RDWR | O_NOCTTY | O_NONBLOCK);
	const int r = fd == -1 ? -1 : ioctl(fd, TIOCGSERIAL, &s);

	if (fd != -1)
		close(fd);
	return r == -1 ? -1 : (int)s.closing_wait;
}

static int
by_stuff(const char *tty, struct err *e)
{
	static const char bytes[4096];
	const int before = closing_wait(tty);
	struct link *l = NULL;
	int64_t began;

	if (link_open(tty, NULL, &l, e) == -1)
		return -1;
	while (link_write(l, bytes, sizeof(bytes), clock_ms() + 500, e) == 0)
		;
	began = clock_ms();
	link_close(l);
	printf("%lld", (long long)(clock_ms() - began));
	printf(" %d %d\n", before, closing_wait(tty));
	return e->code == ERR_TIMEOUT ? 0 : -1;
}

int
main(int argc, char *argv[])
{
	struct err e = ERR_INIT;
	int r = 2;

	if (argc == 2 && strcmp(argv[1], "bus") == 0)
		r = by_bus(&e);
	else if (argc == 2 && strcmp(argv[1], "list") == 0)
		r = by_list(&e);
	else if (argc == 4 && strcmp(argv[1], "baud") == 0)
		r = by_baud(argv[2], argv[3], &e);
	else if (argc == 3 && strcmp(argv[1], "stuff") == 0)
		r = by_stuff(argv[2], &e);
	if (r != -1)
		return r;
	fprintf(stderr, "mpf-ports: %s\n", e.msg);
	return 1;
}
