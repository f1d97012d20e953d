/* SPDX-License-Identifier: MIT */

/* Who opens a simulated tty, and who closes it, however fast. */
#include <fcntl.h>
#include <termios.h>
#include <unistd.h>

#include "../tests/unit/tap.h"
#include "sim/port.h"

/* Opens it, sets the speed, writes, and closes it again. */
static void
touch(const char *tty, speed_t baud, const char *text)
{
	struct termios t;
	const int fd = open(tty, O_RDWR | O_NOCTTY);
	const ssize_t n = (ssize_t)strlen(text);

	OK(fd != -1 && tcgetattr(fd, &t) == 0 && cfsetspeed(&t, baud) == 0 &&
	    tcsetattr(fd, TCSANOW, &t) == 0 && write(fd, text, strlen(text)) ==
	    n && close(fd) == 0);
}

static void
test_came_and_went(struct sim_port *p)
{
	char some[8];
	bool left;

	OK(sim_port_read(p, some, sizeof(some), &left) == 0 && !left);
	touch(p->tty, B1200, "");		/* between two looks */
#ifdef __linux__
	OK(sim_port_read(p, some, sizeof(some), &left) == 0 && left);
	OK(sim_port_baud(p) == 1200 && !p->attached);
#endif
	OK(sim_port_read(p, some, sizeof(some), &left) == 0 && !left);
}

static void
test_said_and_went(struct sim_port *p)
{
	char some[8];
	bool left;

	touch(p->tty, B115200, "hi");
	OK(sim_port_read(p, some, sizeof(some), &left) == 2 && !left);
	OK(sim_port_read(p, some, sizeof(some), &left) == 0 && left);
	OK(sim_port_baud(p) == 115200);
	OK(sim_port_read(p, some, sizeof(some), &left) == 0 && !left);
}

static void
test_stays(struct sim_port *p)
{
	char some[8];
	bool left;
	const int fd = open(p->tty, O_RDWR | O_NOCTTY);

	touch(p->tty, B1200, "");		/* beside one who stays */
	OK(sim_port_read(p, some, sizeof(some), &left) == 0 && !left);
	OK(p->attached);
	close(fd);
	OK(sim_port_read(p, some, sizeof(some), &left) == 0 && left);
}

int
main(void)
{
	struct sim_port p = SIM_PORT_INIT;
	struct err e = ERR_INIT;

	OK(sim_port_open_pty(&p, &e) == 0);
	test_came_and_went(&p);
	test_said_and_went(&p);
	test_stays(&p);
	sim_port_close(&p);
	sim_port_close(&p);
	return tap_done();
}
