/* SPDX-License-Identifier: MIT */
#include "sim/port.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <termios.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/mem.h"

/* Without echo, or the board would read its own banner. */
static void
make_pty_raw(int fd)
{
	struct termios t;

	if (tcgetattr(fd, &t) == -1)
		return;
	cfmakeraw(&t);
	tcsetattr(fd, TCSANOW, &t);
}

int
sim_port_open_pty(struct sim_port *p, struct err *e)
{
	const char *name;
	int tty;

	p->in = p->out = posix_openpt(O_RDWR | O_NOCTTY);
	if (p->in == -1 || grantpt(p->in) == -1 || unlockpt(p->in) == -1 ||
	    (name = ptsname(p->in)) == NULL) {
		err_sys(e, "pty");
		goto fail;
	}
	snprintf(p->tty, sizeof(p->tty), "%s", name);
	fcntl(p->in, F_SETFD, FD_CLOEXEC);
	fcntl(p->in, F_SETFL, O_RDWR | O_NONBLOCK);
	make_pty_raw(p->in);
	/* Only after a first close does the master say that nobody is there. */
	tty = open(p->tty, O_RDWR | O_NOCTTY | O_CLOEXEC);
	if (tty == -1) {
		err_sys(e, "%s", p->tty);
		goto fail;
	}
	make_pty_raw(tty);
	close(tty);
	sim_watch_open(&p->watch, p->tty, SIM_WATCH_OPEN);
	return 0;
fail:
	sim_port_close(p);
	return -1;
}

/* Nothing is lost if a symlink takes this name. */
static int
is_free(const char *link, struct err *e)
{
	struct stat st;

	if (lstat(link, &st) == -1)
		return errno == ENOENT ? 0 : err_sys(e, "%s", link);
	if (S_ISLNK(st.st_mode))
		return 0;
	err_set(e, ERR_USAGE, "%s: exists and is not a link", link);
	return err_hint(e, "choose another name for --link");
}

int
sim_port_link(const struct sim_port *p, const char *link, struct err *e)
{
	char *tmp = mem_printf("%s.%ld", link, (long)getpid());
	int r = -1;

	if (is_free(link, e) == -1 || is_free(tmp, e) == -1)
		goto out;
	unlink(tmp);
	if (symlink(p->tty, tmp) == -1 || rename(tmp, link) == -1) {
		err_sys(e, "%s", link);
		goto out;
	}
	r = 0;
out:
	free(tmp);
	return r;
}

void
sim_port_unlink(const struct sim_port *p, const char *link)
{
	char to[SIM_TTY_MAX];
	const ssize_t n = readlink(link, to, sizeof(to));

	if (n > 0 && (size_t)n == strlen(p->tty) &&
	    memcmp(to, p->tty, (size_t)n) == 0)
		unlink(link);
}

void
sim_port_open_stdio(struct sim_port *p)
{
	p->in = STDIN_FILENO;
	p->out = STDOUT_FILENO;
	p->tty[0] = '\0';
	p->attached = true;
	if (isatty(p->in))
		make_pty_raw(p->in);
}

int
sim_port_open_net(struct sim_port *p, unsigned tcp, struct err *e)
{
	p->tty[0] = '\0';
	return sim_net_open(&p->net, tcp, e);
}

bool
sim_port_is_net(const struct sim_port *p)
{
	return p->net.listener != -1;
}

int
sim_port_reads(const struct sim_port *p)
{
	if (sim_port_is_net(p))
		return p->net.fd != -1 ? p->net.fd : p->net.listener;
	/* A pty that nobody has open would say "hung up" for ever. */
	return p->attached && p->pace.held.len == 0 ? p->in : -1;
}

int
sim_port_writes(const struct sim_port *p)
{
	if (sim_port_is_net(p))
		return sim_net_pending(&p->net) ? p->net.fd : -1;
	return p->queue.len > 0 && p->pace.out_mark == 0 ? p->out : -1;
}

void
sim_port_close(struct sim_port *p)
{
	sim_net_close(&p->net);
	if (p->in > STDERR_FILENO)
		close(p->in);
	sim_watch_close(&p->watch);
	sim_pace_release(&p->pace);
	p->in = p->out = -1;
	p->attached = false;
	buf_release(&p->queue);
}

static short
poll_in(const struct sim_port *p)
{
	struct pollfd fd = { .fd = p->in, .events = POLLIN };

	return poll(&fd, 1, 0) == 1 ? fd.revents : 0;
}

/* Others may share standard input, so it stays as it is: blocking. */
static size_t
read_stdin(struct sim_port *p, void *buf, size_t max, bool *left)
{
	ssize_t n;

	if (poll_in(p) == 0)
		return 0;
	n = read(p->in, buf, max);
	*left = n == 0 || (n == -1 && errno != EINTR);
	return n > 0 ? (size_t)n : 0;
}

static size_t
read_port(struct sim_port *p, void *buf, size_t max, bool *left)
{
	bool closed;
	size_t got;
	ssize_t n;

	*left = false;
	if (sim_port_is_net(p)) {
		got = sim_net_read(&p->net, buf, max, left);
		p->attached = sim_net_attached(&p->net);
		return got;
	}
	if (p->in == -1)
		return 0;
	if (p->tty[0] == '\0')
		return read_stdin(p, buf, max, left);
	closed = sim_watch_drain(&p->watch);
	n = read(p->in, buf, max);
	if (n > 0 || (n == -1 && (errno == EAGAIN || errno == EINTR)) ||
	    (poll_in(p) & POLLHUP) == 0) {
		p->attached = true;	/* or came just after read(2) */
		return n > 0 ? (size_t)n : 0;
	}
	/* Who came and went since the last time has left, too. */
	*left = p->attached || closed;
	p->attached = false;
	return 0;
}

size_t
sim_port_read(struct sim_port *p, void *buf, size_t max, bool *left)
{
	const unsigned baud = p->pace.on ? sim_port_baud(p) : 0;
	size_t n;

	*left = false;
	if (p->pace.held.len == 0) {
		n = read_port(p, buf, max, left);
		if (n == 0 || baud == 0)
			return n;
		sim_pace_in(&p->pace, buf, n, baud, clock_ms());
	}
	return sim_pace_take(&p->pace, buf, max, clock_ms());
}

int64_t
sim_port_due(const struct sim_port *p)
{
	return sim_pace_due(&p->pace);
}

/* Bytes of the queue that a paced line has moved by now. */
static size_t
ready_to_send(struct sim_port *p)
{
	const unsigned baud = p->pace.on ? sim_port_baud(p) : 0;

	return baud == 0 ? p->queue.len : p->sent + sim_pace_out(&p->pace,
	    p->queue.len - p->sent, baud, clock_ms());
}

void
sim_port_flush(struct sim_port *p)
{
	size_t ready;
	ssize_t n;

	if (sim_port_is_net(p)) {
		sim_net_write(&p->net, p->queue.data, p->queue.len);
		buf_clear(&p->queue);
		return;
	}
	if (p->out == -1)
		return;
	ready = ready_to_send(p);
	while (p->attached && p->sent < ready) {
		n = write(p->out, p->queue.data + p->sent, ready - p->sent);
		if (n <= 0)
			return;
		p->sent += (size_t)n;
		sim_pace_sent(&p->pace, (size_t)n);
	}
	if (p->attached && p->sent < p->queue.len)
		return;			/* it is on its way */
	buf_clear(&p->queue);
	p->sent = p->pace.out_mark = 0;
}

unsigned
sim_port_baud(const struct sim_port *p)
{
	static const struct {
		speed_t		 name;
		unsigned	 baud;
	} speeds[] = {
		{ B1200, 1200 }, { B9600, 9600 }, { B115200, 115200 },
		{ B230400, 230400 }, { B460800, 460800 }, { B921600, 921600 },
		{ B1000000, 1000000 }, { B1500000, 1500000 },
		{ B2000000, 2000000 }, { B3000000, 3000000 },
	};
	struct termios t;

	if (sim_port_is_net(p))
		return p->net.baud;
	if (p->tty[0] == '\0' || p->in == -1 || tcgetattr(p->in, &t) == -1)
		return 0;
	for (size_t i = 0; i < sizeof(speeds) / sizeof(speeds[0]); i++)
		if (cfgetospeed(&t) == speeds[i].name)
			return speeds[i].baud;
	return 0;			/* one without a name */
}
