/* SPDX-License-Identifier: MIT */

/*
 * fake_serial [-c CHIP] [-d VID:PID] [-m MANUFACTURER] [-p PRODUCT]
 *     [-n SERIAL] [-E] [-P FILE [-x]] [--] FIRMWARE [ARG...]
 *
 * A board with a serial port, as a USB device: native USB (acm, the default)
 * or behind a bridge (cp2102, ch340, ft232).  The firmware is a command that
 * runs on a raw pty whose other end is the port.
 *
 * What the host sets is logged.  A native port whose DTR falls at 1200 baud
 * ends the program (the "touch").  With -E, RTS and DTR drive EN and IO0
 * through the two-transistor circuit of ESP boards, and a reset starts the
 * firmware anew.  With -P the port is that of a debug probe, with a drive (see
 * probe.h) whose last file is kept in FILE, and the firmware then runs with
 * --image FILE.bin; with -x it takes no file.
 *
 * Exit status: 12 it was touched, 3 the host let the device go, 1 trouble,
 * else that of the firmware (mpf-sim's is 12 for machine.bootloader()).
 */

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include "base/mem.h"
#include "chips.h"
#include "probe.h"

#define TOUCHED		12
#define LET_GO		3
#define TOUCH_BAUD	1200
#define QUEUE_MAX	8192		/* bytes that the host has not read */
#define POLL_MS		20
#define FT232_PACKET	64		/* bytes, of which 2 are status */

struct port {
	const struct chip	*chip;
	struct chip_state	 st;
	struct vdev		*v;
	char			**firmware;
	size_t			 n_firmware;
	int			 pty;
	pid_t			 pid;
	bool			 esp;
	struct probe		 probe;		/* .keep NULL: there is none */
	int			 status;	/* -1: it goes on */
	const uint8_t		*partial;	/* taken by the pty in part */
	size_t			 done;
};

static const char usage[] =
	"usage: fake_serial [-c CHIP] [-d VID:PID] [-m MANUFACTURER]\n"
	"    [-p PRODUCT] [-n SERIAL] [-E] [-P FILE [-x]] [--] FIRMWARE "
	"[ARG...]\n";

static void
stop(struct port *p)
{
	if (p->pid > 0) {
		kill(p->pid, SIGKILL);
		waitpid(p->pid, NULL, 0);
		close(p->pty);
	}
	p->pid = p->pty = -1;
}

static int
start(struct port *p)
{
	struct termios t;

	memset(&t, 0, sizeof(t));
	cfmakeraw(&t);
	t.c_cflag |= CREAD;
	t.c_cc[VMIN] = 1;
	p->pid = forkpty(&p->pty, NULL, &t, NULL);
	if (p->pid == 0) {
		execvp(p->firmware[0], p->firmware);
		perror(p->firmware[0]);
		_exit(127);
	}
	if (p->pid == -1) {
		perror("fake_serial: forkpty");
		return -1;
	}
	fcntl(p->pty, F_SETFL, O_NONBLOCK);
	fcntl(p->pty, F_SETFD, FD_CLOEXEC);
	return 0;
}

static void
lines_changed(struct port *p, unsigned was)
{
	const unsigned now = p->st.lines;
	const bool native = p->chip == chips;

	vdev_log("dtr %u rts %u", now & 1, now >> 1);
	if (native && (now & CHIP_DTR) == 0)
		vdev_in_drop(p->v, CHIP_EP);
	if (native && p->st.baud == TOUCH_BAUD && (was & CHIP_DTR) != 0 &&
	    (now & CHIP_DTR) == 0)
		p->status = TOUCHED;
	if (!p->esp)
		return;
	/* EN is low while RTS alone is active. */
	if (now == CHIP_RTS) {
		vdev_log("reset");
		stop(p);
		vdev_in_drop(p->v, CHIP_EP);
	} else if (was == CHIP_RTS && start(p) == -1) {
		p->status = 1;
	}
}

static int
control(void *ctx, const struct vdev_setup *s, uint8_t *b)
{
	struct port *p = ctx;
	const struct chip_state was = p->st;
	int n = p->chip->control(&p->st, s, b);

	if (n == VDEV_STALL && p->probe.keep != NULL)
		n = probe_control(&p->probe, s, b);
	if (p->st.baud != was.baud)
		vdev_log("baud %u", p->st.baud);
	if (p->st.lines != was.lines)
		lines_changed(p, was.lines);
	return n;
}

/* What the pty took in part comes again, at the same address. */
static int
out(void *ctx, int ep, const uint8_t *data, size_t n)
{
	struct port *p = ctx;
	ssize_t k;

	if (p->probe.keep != NULL && ep == PROBE_OUT)
		return msc_out(&p->probe.msc, data, n);
	if (data != p->partial)
		p->done = 0;
	p->partial = data;
	while (p->pty != -1 && p->done < n) {
		k = write(p->pty, data + p->done, n - p->done);
		if (k == -1 && errno == EAGAIN)
			return VDEV_NAK;
		if (k <= 0)
			break;		/* as into a board that is in reset */
		p->done += (size_t)k;
	}
	p->partial = NULL;
	return 0;
}

/* Each packet of an FT232 starts with two bytes of status. */
static void
to_host(struct port *p, const uint8_t *data, size_t n)
{
	uint8_t packet[FT232_PACKET] = { 1, 0x60 };
	size_t k;

	if (strcmp(p->chip->name, "ft232") != 0) {
		vdev_in(p->v, CHIP_EP, data, n);
		return;
	}
	for (; n > 0; data += k, n -= k) {
		k = n < sizeof(packet) - 2 ? n : sizeof(packet) - 2;
		memcpy(packet + 2, data, k);
		vdev_in(p->v, CHIP_EP, packet, k + 2);
	}
}

/* Native USB loses what nobody listens to. */
static void
from_firmware(struct port *p)
{
	uint8_t b[2048];
	const ssize_t n = read(p->pty, b, sizeof(b));
	int status;

	if (n > 0) {
		if (p->chip != chips || (p->st.lines & CHIP_DTR) != 0)
			to_host(p, b, (size_t)n);
		return;
	}
	if (n == -1 && (errno == EAGAIN || errno == EINTR))
		return;
	waitpid(p->pid, &status, 0);
	close(p->pty);
	p->pid = p->pty = -1;
	p->status = WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}

/* The probe has programmed the board: that starts with what it was given. */
static void
run_image(struct port *p)
{
	char **argv = mem_grow(NULL, p->n_firmware + 3, sizeof(*argv));

	memcpy(argv, p->firmware, p->n_firmware * sizeof(*argv));
	argv[p->n_firmware] = mem_str("--image");
	argv[p->n_firmware + 1] = mem_printf("%s.bin", p->probe.keep);
	argv[p->n_firmware + 2] = NULL;
	stop(p);
	p->firmware = argv;		/* until the end */
	if (start(p) == -1)
		p->status = 1;
}

static void
play(struct port *p)
{
	struct pollfd fds[2] = { { .events = POLLIN }, { .events = POLLIN } };

	while (p->status == -1) {
		fds[0].fd = vdev_fd(p->v);
		fds[1].fd = vdev_in_queued(p->v, CHIP_EP) < QUEUE_MAX ?
		    p->pty : -1;
		fds[1].revents = 0;
		poll(fds, 2, POLL_MS);
		if (fds[1].fd != -1 && fds[1].revents != 0)
			from_firmware(p);
		if (fds[0].revents != 0 && vdev_step(p->v) == -1)
			p->status = LET_GO;
		vdev_kick(p->v);
		if (p->probe.keep != NULL && probe_look(&p->probe))
			run_image(p);
	}
}

/* The descriptors, and the device; -1 if it can not be plugged in. */
static int
plug(struct port *p, unsigned vid, unsigned pid, const char *strings[])
{
	static const struct vdev_ops ops = { .control = control, .out = out };
	const struct chip *c = p->chip;
	uint8_t dev[18] = { 18, 1, 0, 2, 0, 0, 0, 64, 0, 0, 0, 0, 0, 0, 1, 2,
		3, 1 };
	uint8_t cfg[256] = { 9, 2, (uint8_t)(9 + c->n_desc), 0,
		c->n_interfaces, 1, 0, 0x80, 125 };
	const struct vdev_desc desc = { dev, cfg, strings };

	memcpy(dev + 4, c->triple, sizeof(c->triple));
	vdev_put16(dev + 8, vid);
	vdev_put16(dev + 10, pid);
	vdev_put16(dev + 12, c->bcd);
	for (int i = 0; i < 3; i++)
		if (strings[i][0] == '\0')
			dev[14 + i] = 0;	/* it has none */
	memcpy(cfg + 9, c->desc, c->n_desc);
	if (p->probe.keep != NULL) {
		memcpy(cfg + cfg[2], probe_desc, sizeof(probe_desc));
		cfg[2] += (uint8_t)sizeof(probe_desc);
		cfg[4]++;
		probe_begin(&p->probe, "MICROBIT");
	}
	p->v = vdev_plug(&desc, &ops, p);
	if (p->v == NULL)
		return -1;
	p->probe.msc.v = p->v;
	vdev_log("plugged %s %04x:%04x", c->name, vid, pid);
	play(p);
	vdev_unplug(p->v);
	vdev_log("gone: status %d", p->status);
	return 0;
}

static const struct chip *
find(const char *name)
{
	const struct chip *c = chips;

	while (c->name != NULL && strcmp(c->name, name) != 0)
		c++;
	return c->name != NULL ? c : NULL;
}

int
main(int argc, char *argv[])
{
	struct port p = { .chip = chips, .pty = -1, .pid = -1, .status = -1 };
	const char *strings[5] = { NULL, NULL, NULL, "Board CDC", NULL };
	const char *id = NULL;
	unsigned long vid, pid;
	char *end;
	int ch;

	while ((ch = getopt(argc, argv, "+c:d:m:p:n:EP:x")) != -1) {
		if (ch == 'c')
			p.chip = find(optarg);
		else if (ch == 'd')
			id = optarg;
		else if (ch == 'E')
			p.esp = true;
		else if (ch == 'P')
			p.probe.keep = optarg;
		else if (ch == 'x')
			p.probe.fails = true;
		else if (ch != '?')
			strings[ch == 'm' ? 0 : ch == 'p' ? 1 : 2] = optarg;
		if (ch == '?' || p.chip == NULL)
			break;
	}
	if (ch != -1 || optind == argc) {
		fputs(usage, stderr);
		return 1;
	}
	p.firmware = argv + optind;
	p.n_firmware = (size_t)(argc - optind);
	vid = id != NULL ? strtoul(id, &end, 16) : p.chip->vid;
	pid = id != NULL ? strtoul(end + (*end == ':'), NULL, 16) :
	    p.chip->pid;
	strings[0] = strings[0] != NULL ? strings[0] : p.chip->manufacturer;
	strings[1] = strings[1] != NULL ? strings[1] : p.chip->product;
	strings[2] = strings[2] != NULL ? strings[2] : p.chip->serial;
	if (start(&p) == -1 ||
	    plug(&p, (unsigned)vid, (unsigned)pid, strings) == -1)
		p.status = 1;
	stop(&p);
	probe_end(&p.probe);
	return p.status;
}
