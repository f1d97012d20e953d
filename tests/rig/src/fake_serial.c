/* SPDX-License-Identifier: MIT */

/*
 * fake_serial: a board with native USB and a CDC ACM port, whose firmware is
 * a command on a raw pty:
 *
 *	fake_serial SERIAL COMMAND ARG...
 *
 * What the firmware says while DTR is low is lost, as on the boards.  The exit
 * status is the firmware's (12: into the bootloader), 3 if the host let go.
 */

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include "vdev.h"

#define HOST_LET_GO	3
#define QUEUE_MAX	8192		/* bytes on their way to the host */
#define DTR		1

/* Endpoints: 0x81 notifications, 0x02 and 0x82 data. */
static const uint8_t config[] = {
	9, 2, 75, 0, 2, 1, 0, 0x80, 125,
	8, 11, 0, 2, 2, 2, 0, 0,
	9, 4, 0, 0, 1, 2, 2, 0, 4,
	5, 0x24, 0, 0x20, 1, 5, 0x24, 1, 0, 1, 4, 0x24, 2, 6, 5, 0x24, 6, 0, 1,
	7, 5, 0x81, 3, 8, 0, 16,
	9, 4, 1, 0, 2, 10, 0, 0, 0,
	7, 5, 0x02, 2, 64, 0, 0, 7, 5, 0x82, 2, 64, 0, 0,
};
static const uint8_t device[] = { 18, 1, 0, 2, 0xef, 2, 1, 64, 0x8a, 0x2e,
	0x05, 0x00, 0, 1, 1, 2, 3, 1 };

struct board {
	struct vdev	*v;
	int		 pty;
	pid_t		 pid;
	uint8_t		 coding[7];	/* speed and frame */
	unsigned	 lines;		/* DTR and RTS */
	const uint8_t	*partial;	/* a transfer, taken in part */
	size_t		 done;
};

/* CDC PSTN 1.2, section 6.3. */
static int
control(void *ctx, const struct vdev_setup *s, uint8_t *b)
{
	struct board *board = ctx;

	if ((s->type & 0x7f) != 0x21)
		return VDEV_STALL;
	switch (s->request) {
	case 0x20:			/* SET_LINE_CODING */
		memcpy(board->coding, b, sizeof(board->coding));
		vdev_log("baud %u", (unsigned)b[0] | (unsigned)b[1] << 8 |
		    (unsigned)b[2] << 16 | (unsigned)b[3] << 24);
		return 0;
	case 0x21:
		memcpy(b, board->coding, sizeof(board->coding));
		return sizeof(board->coding);
	case 0x22:			/* SET_CONTROL_LINE_STATE */
		board->lines = s->value & 3;
		if ((board->lines & DTR) == 0)
			vdev_in_drop(board->v, 2);
		return 0;
	default:
		return VDEV_STALL;
	}
}

static int
out(void *ctx, int ep, const uint8_t *p, size_t n)
{
	struct board *b = ctx;
	ssize_t k;

	(void)ep;
	if (p != b->partial)
		b->done = 0;
	b->partial = p;
	while (b->done < n) {
		k = write(b->pty, p + b->done, n - b->done);
		if (k == -1 && errno == EAGAIN)
			return VDEV_NAK;
		if (k <= 0)
			break;		/* the firmware is about to end */
		b->done += (size_t)k;
	}
	b->partial = NULL;
	return 0;
}

static int
start(struct board *b, char *argv[])
{
	struct termios t;

	memset(&t, 0, sizeof(t));
	cfmakeraw(&t);
	t.c_cflag |= CREAD;
	t.c_cc[VMIN] = 1;
	b->pid = forkpty(&b->pty, NULL, &t, NULL);
	if (b->pid == 0) {
		execvp(argv[0], argv);
		_exit(127);
	}
	return b->pid == -1 ? -1 : fcntl(b->pty, F_SETFL, O_RDWR | O_NONBLOCK);
}

/* What the firmware says; its exit status when it has ended, else -1. */
static int
hear(struct board *b)
{
	uint8_t some[2048];
	ssize_t n = read(b->pty, some, sizeof(some));
	int status;

	if (n > 0 && b->lines & DTR)
		vdev_in(b->v, 2, some, (size_t)n);
	if (n > 0 || (n == -1 && errno == EAGAIN) ||
	    waitpid(b->pid, &status, 0) != b->pid)
		return -1;
	return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}

int
main(int argc, char *argv[])
{
	const char *strings[] = { "MicroPython", "Board in FS mode",
		argc > 1 ? argv[1] : "", "Board CDC", NULL };
	const struct vdev_desc d = { device, config, strings };
	const struct vdev_ops ops = { control, out };
	struct board b = { .coding = { 0x80, 0x25, 0, 0, 0, 0, 8 } };
	int status = -1;

	if (argc < 3 || start(&b, argv + 2) == -1 ||
	    (b.v = vdev_plug(&d, &ops, &b)) == NULL) {
		fputs("usage: fake_serial SERIAL COMMAND ARG...\n", stderr);
		return 1;
	}
	vdev_log("a tty: %s", argv[1]);
	while (status == -1) {
		struct pollfd p[2] = { { vdev_fd(b.v), POLLIN, 0 },
			{ b.pty, POLLIN, 0 } };

		if (vdev_in_queued(b.v, 2) >= QUEUE_MAX)
			p[1].fd = -1;
		poll(p, 2, 20);
		if (p[1].revents != 0)
			status = hear(&b);
		if (p[0].revents != 0 && vdev_step(b.v) == -1)
			status = HOST_LET_GO;
		vdev_kick(b.v);
	}
	vdev_unplug(b.v);
	vdev_log("gone: status %d", status);
	return status;
}
