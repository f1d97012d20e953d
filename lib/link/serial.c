/* SPDX-License-Identifier: MIT */
/*
 * Serial ports by libserialport, which knows all speeds, and ptys, which it
 * refuses, by termios(3).  Bytes go through the descriptor either way.
 *
 * sp_open changes settings before anybody can ask for a lock, and turns HUPCL
 * on (so that closing drops DTR, which resets or reboots many boards): hence
 * the port is open and locked before, and is made raw our way after.
 */
#include <errno.h>
#include <fcntl.h>
#include <libserialport.h>
#include <limits.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/mem.h"
#include "link/closer.h"
#include "link/latency.h"
#include "link/node.h"
#include "link/ops.h"

#define BAUD_DEFAULT	115200u

struct serial {
	struct link	 link;
	int		 fd;
	int		 lock;		/* the port once more; or -1 */
	struct sp_port	*port;		/* NULL: a pty */
};

static const struct {
	unsigned	 baud;
	speed_t		 speed;
} speeds[] = {
	{ 1200, B1200 },	{ 9600, B9600 },	{ 19200, B19200 },
	{ 38400, B38400 },	{ 57600, B57600 },	{ 115200, B115200 },
	{ 230400, B230400 },
#ifdef B460800
	{ 460800, B460800 },	{ 921600, B921600 },
#endif
#ifdef B1000000
	{ 500000, B500000 },	{ 1000000, B1000000 },
	{ 1500000, B1500000 },	{ 2000000, B2000000 },
	{ 3000000, B3000000 },
#endif
};

#define N_SPEEDS	(sizeof(speeds) / sizeof(speeds[0]))

static int
fail_serial(struct link *l, const char *what, struct err *e)
{
	if (node_is_gone(errno))
		return link_gone(l, e);
	return err_sys(e, "%s: %s", l->name, what);
}

/* Waits for events: 1, or 0 when the deadline passes, or -1. */
static int
wait_for_serial(struct serial *s, short events, int64_t deadline, struct err *e)
{
	struct pollfd p = { .fd = s->fd, .events = events };
	int n;

	do
		n = poll(&p, 1, clock_left_ms(deadline));
	while (n == -1 && errno == EINTR);
	if (n == -1)
		return fail_serial(&s->link, "poll", e);
	/* What came in before it left is still there to read. */
	if (n > 0 && (p.revents & events) == 0)
		return link_gone(&s->link, e);
	return n;
}

static int
serial_read(struct link *l, void *p, size_t max, int64_t deadline,
    size_t *got, struct err *e)
{
	struct serial *s = (struct serial *)l;
	ssize_t n;
	int r;

	for (;;) {
		n = read(s->fd, p, max);
		if (n > 0)
			break;
		if (n == 0 && max > 0)
			return link_gone(l, e);
		if (n == 0)
			break;
		if (errno != EAGAIN && errno != EINTR)
			return fail_serial(l, "read", e);
		r = wait_for_serial(s, POLLIN, deadline, e);
		if (r == -1)
			return -1;
		if (r == 0)
			return err_set(e, ERR_TIMEOUT, "%s: no answer",
			    l->name);
	}
	*got = (size_t)n;
	return 0;
}

static int
serial_write(struct link *l, const void *p, size_t n, int64_t deadline,
    struct err *e)
{
	struct serial *s = (struct serial *)l;
	const char *c = p;
	ssize_t done;
	int r;

	while (n > 0) {
		r = wait_for_serial(s, POLLOUT, deadline, e);
		if (r == -1)
			return -1;
		if (r == 0)
			return err_set(e, ERR_TIMEOUT,
			    "%s: takes no more, %zu bytes left", l->name, n);
		done = write(s->fd, c, n);
		if (done == -1 && errno != EAGAIN && errno != EINTR)
			return fail_serial(l, "write", e);
		if (done > 0) {
			c += done;
			n -= (size_t)done;
		}
	}
	return 0;
}

/* A pty has no wire: a speed that termios has no name for is as good. */
static int
pty_baud(struct serial *s, unsigned baud, struct err *e)
{
	struct termios t;
	size_t i = 0;

	while (i < N_SPEEDS && speeds[i].baud != baud)
		i++;
	if (i == N_SPEEDS)
		return 0;
	if (tcgetattr(s->fd, &t) == -1)
		return fail_serial(&s->link, "settings", e);
	cfsetispeed(&t, speeds[i].speed);
	cfsetospeed(&t, speeds[i].speed);
	if (tcsetattr(s->fd, TCSANOW, &t) == -1)
		return fail_serial(&s->link, "speed", e);
	return 0;
}

static int
serial_baud(struct link *l, unsigned baud, struct err *e)
{
	struct serial *s = (struct serial *)l;

	if (s->port == NULL)
		return pty_baud(s, baud, e);
	switch (baud <= INT_MAX ? sp_set_baudrate(s->port, (int)baud) :
	    SP_ERR_ARG) {
	case SP_OK:
		return 0;
	case SP_ERR_FAIL:
		errno = sp_last_error_code();
		return fail_serial(l, "speed", e);
	default:
		return err_set(e, ERR_UNSUPPORTED, "%s: no such speed: %u baud",
		    l->name, baud);
	}
}

/*
 * A pty has no modem lines.  Its TIOCEXCL would outlive a holder that was
 * killed, for as long as the other end is open; flock ends with the process.
 */
static bool
is_pty(int fd)
{
	int bits;

	return ioctl(fd, TIOCMGET, &bits) == -1 &&
	    (errno == ENOTTY || errno == EINVAL);
}

static int
serial_lines(struct link *l, bool dtr, bool rts, struct err *e)
{
	const int fd = ((struct serial *)l)->fd;
	int bits;

	if (is_pty(fd))
		return 0;
	if (ioctl(fd, TIOCMGET, &bits) == 0) {
		bits &= ~(TIOCM_DTR | TIOCM_RTS);
		bits |= (dtr ? TIOCM_DTR : 0) | (rts ? TIOCM_RTS : 0);
		if (ioctl(fd, TIOCMSET, &bits) == 0)
			return 0;
	}
	return fail_serial(l, "modem lines", e);
}

static void
serial_flush(struct link *l)
{
	tcflush(((struct serial *)l)->fd, TCIFLUSH);
}

static void
serial_close(struct link *l)
{
	struct serial *s = (struct serial *)l;

	if (s->lock != -1)
		close(s->lock);
	if (s->fd != -1)
		closer_close(s->fd);	/* sp_close would wait */
	if (s->port != NULL)
		sp_free_port(s->port);
	free(s);
}

static const struct link_ops serial_ops = {
	.read = serial_read,
	.write = serial_write,
	.baud = serial_baud,
	.lines = serial_lines,
	.flush = serial_flush,
	.close = serial_close,
};

/* Nothing is changed before we know that nobody else works with it. */
static int
claim(struct serial *s, dev_t rdev, struct err *e)
{
	if (!isatty(s->fd))
		return err_set(e, ERR_UNSUPPORTED, "%s: not a serial port",
		    s->link.name);
	if (flock(s->fd, LOCK_EX | LOCK_NB) == -1 && errno == EWOULDBLOCK)
		return node_busy(s->link.name, rdev, e);
	return 0;
}

/* Once more, by libserialport; the first descriptor keeps the lock. */
static int
open_sp_port(struct serial *s, struct err *e)
{
	char *real = realpath(s->link.name, NULL);
	enum sp_return res = SP_ERR_FAIL;
	int fd, eno;

	if (real != NULL)
		res = sp_get_port_by_name(real, &s->port);
	if (res == SP_OK)
		res = sp_open(s->port, SP_MODE_READ_WRITE);
	if (res == SP_OK)
		res = sp_get_port_handle(s->port, &fd);
	eno = errno;
	free(real);
	errno = eno;
	if (res == SP_ERR_FAIL)
		return fail_serial(&s->link, "open", e);
	if (res != SP_OK)
		return err_set(e, ERR_UNSUPPORTED, "%s: not a serial port",
		    s->link.name);
	s->lock = s->fd;
	s->fd = fd;
	if (ioctl(s->fd, TIOCEXCL) == -1)
		return fail_serial(&s->link, "exclusive use", e);
	return 0;
}

static int
make_serial_raw(struct serial *s, unsigned baud, struct err *e)
{
	struct termios t;

	if (tcgetattr(s->fd, &t) == -1)
		return fail_serial(&s->link, "settings", e);
	cfmakeraw(&t);
	t.c_cflag |= CLOCAL | CREAD;
	t.c_cflag &= ~(tcflag_t)(HUPCL | CSTOPB);
#ifdef CRTSCTS
	t.c_cflag &= ~(tcflag_t)CRTSCTS;
#endif
	t.c_cc[VMIN] = 1;	/* so that reading 0 bytes means: gone */
	t.c_cc[VTIME] = 0;
	if (tcsetattr(s->fd, TCSANOW, &t) == -1)
		return fail_serial(&s->link, "settings", e);
	serial_low_latency(s->fd);
	tcflush(s->fd, TCIOFLUSH);
	return serial_baud(&s->link, baud, e);
}

int
link_open(const char *path, const struct link_opts *opts, struct link **out,
    struct err *e)
{
	const unsigned baud = opts != NULL && opts->baud != 0 ? opts->baud :
	    BAUD_DEFAULT;
	struct serial *s;
	struct stat st;
	int fd;

	if (node_open(path, &fd, &st, e) == -1)
		return -1;
	s = mem_alloc(sizeof(*s));
	s->link.ops = &serial_ops;
	s->link.name = mem_str(path);
	s->fd = fd;
	s->lock = -1;
	if (claim(s, st.st_rdev, e) == -1) {
		close(s->fd);		/* another's: leave it as it is */
		s->fd = -1;
		link_close(&s->link);
		return -1;
	}
	if ((!is_pty(fd) && open_sp_port(s, e) == -1) ||
	    make_serial_raw(s, baud, e) == -1) {
		link_close(&s->link);
		return -1;
	}
	*out = &s->link;
	return 0;
}
