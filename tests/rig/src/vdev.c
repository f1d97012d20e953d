/* SPDX-License-Identifier: MIT */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/mem.h"
#include "vdev_impl.h"

#define VHCI		"/sys/devices/platform/vhci_hcd.0/"
#define PORT_FREE	4		/* in its status file */
#define FULL_SPEED	2
#define PLUG_MS		5000		/* for the port to become free */
#define POLL_MS		20
#define ANSWER_MAX	65536u		/* to a control request */

enum { CMD_SUBMIT = 1, CMD_UNLINK, RET_SUBMIT, RET_UNLINK };

/* The 48 bytes before every USB/IP message; all fields are big-endian. */
struct msg {
	uint32_t	 command, seq, devid, in, ep;
	uint32_t	 a, b, c, d, e;	/* their meaning depends on command */
	uint8_t		 setup[8];
};

/* A transfer that the host waits for. */
struct urb {
	struct urb	*next;
	uint32_t	 seq;
	size_t		 len;
	uint8_t		*data;		/* OUT only */
};

/* Data that the device has queued. */
struct chunk {
	struct chunk	*next;
	size_t		 off, len;
	uint8_t		 data[];
};

void
vdev_log(const char *fmt, ...)
{
	static int64_t start;
	const int64_t now = clock_ms();
	va_list ap;

	if (start == 0)
		start = now;
	fprintf(stderr, "%6lld ", (long long)(now - start));
	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fputc('\n', stderr);
}

static int
get(int fd, void *p, size_t n)
{
	ssize_t k;

	for (uint8_t *b = p; n > 0; b += k, n -= (size_t)k) {
		k = read(fd, b, n);
		if (k == -1 && errno == EINTR)
			k = 0;
		else if (k <= 0)
			return -1;
	}
	return 0;
}

/* That the host has gone is seen by the next get. */
static void
put(int fd, const void *p, size_t n)
{
	ssize_t k;

	for (const uint8_t *b = p; n > 0; b += k, n -= (size_t)k) {
		k = send(fd, b, n, MSG_NOSIGNAL);
		if (k == -1 && errno == EINTR)
			k = 0;
		else if (k <= 0)
			return;
	}
}

/* len: what the host is told was moved; data follows if it goes to the host. */
static void
reply(struct vdev *v, uint32_t seq, int status, const void *data, size_t len)
{
	struct msg m = { .command = htonl(RET_SUBMIT), .seq = htonl(seq),
		.a = htonl((uint32_t)status), .b = htonl((uint32_t)len) };

	put(v->fd, &m, sizeof(m));
	if (data != NULL)
		put(v->fd, data, len);
}

static void
append(struct urb **list, struct urb *u)
{
	while (*list != NULL)
		list = &(*list)->next;
	*list = u;
}

static void
shift(struct urb **list)
{
	struct urb *u = *list;

	*list = u->next;
	free(u->data);
	free(u);
}

/* Brings transfers that wait and data that is queued together. */
static void
serve_in(struct vdev *v, int ep)
{
	struct chunk *c;
	size_t n;

	for (; v->in[ep] != NULL; shift(&v->in[ep])) {
		c = v->queue[ep];
		if (v->halted[1][ep]) {
			reply(v, v->in[ep]->seq, -EPIPE, NULL, 0);
			continue;
		}
		if (c == NULL)
			return;
		n = c->len - c->off;
		if (n > v->in[ep]->len)
			n = v->in[ep]->len;
		reply(v, v->in[ep]->seq, 0, c->data + c->off, n);
		c->off += n;
		if (c->off == c->len) {
			v->queue[ep] = c->next;
			free(c);
		}
	}
}

static void
serve_out(struct vdev *v, int ep)
{
	struct urb *u;
	int r;

	for (; (u = v->out[ep]) != NULL; shift(&v->out[ep])) {
		r = v->halted[0][ep] ? VDEV_STALL :
		    v->ops.out(v->ctx, ep, u->data, u->len);
		if (r == VDEV_NAK)
			return;
		reply(v, u->seq, r == VDEV_STALL ? -EPIPE : 0, NULL,
		    r == VDEV_STALL ? 0 : u->len);
	}
}

void
vdev_kick(struct vdev *v)
{
	for (int ep = 1; ep < VDEV_EPS; ep++)
		serve_out(v, ep);
}

void
vdev_in(struct vdev *v, int ep, const void *data, size_t len)
{
	struct chunk *c = mem_alloc(sizeof(*c) + len);
	struct chunk **last = &v->queue[ep];

	c->len = len;
	memcpy(c->data, data, len);
	while (*last != NULL)
		last = &(*last)->next;
	*last = c;
	serve_in(v, ep);
}

size_t
vdev_in_queued(const struct vdev *v, int ep)
{
	size_t n = 0;

	for (const struct chunk *c = v->queue[ep]; c != NULL; c = c->next)
		n += c->len - c->off;
	return n;
}

void
vdev_in_drop(struct vdev *v, int ep)
{
	struct chunk *c;

	while ((c = v->queue[ep]) != NULL) {
		v->queue[ep] = c->next;
		free(c);
	}
}

void
vdev_in_halt(struct vdev *v, int ep)
{
	v->halted[1][ep] = 1;
	serve_in(v, ep);
}

/* What comes after the data that is looked at now is refused. */
void
vdev_out_halt(struct vdev *v, int ep)
{
	v->halted[0][ep] = 1;
}

/* A request that gets no answer waits until the host cancels it. */
static void
hold(struct vdev *v, const struct msg *m)
{
	struct urb *u = mem_alloc(sizeof(*u));

	u->seq = ntohl(m->seq);
	append(&v->in[0], u);
}

static void
control(struct vdev *v, const struct msg *m, uint8_t *buf)
{
	const uint8_t *p = m->setup;
	const struct vdev_setup s = { p[0], p[1], (uint16_t)(p[2] | p[3] << 8),
		(uint16_t)(p[4] | p[5] << 8), (uint16_t)(p[6] | p[7] << 8) };
	int n = VDEV_STALL;

	if ((s.type & 0x60) == 0)
		n = vdev_standard(v, &s, buf);
	if (n == VDEV_STALL)
		n = v->ops.control(v->ctx, &s, buf);
	if (n == VDEV_NAK)
		hold(v, m);
	else if (n < 0)
		reply(v, ntohl(m->seq), -EPIPE, NULL, 0);
	else if (s.type & 0x80)
		reply(v, ntohl(m->seq), 0, buf, n < s.length ? (size_t)n :
		    s.length);
	else
		reply(v, ntohl(m->seq), 0, NULL, s.length);
}

static int
forget(struct urb **list, uint32_t seq)
{
	for (; *list != NULL; list = &(*list)->next)
		if ((*list)->seq == seq) {
			shift(list);
			return 1;
		}
	return 0;
}

/* The host no longer wants this transfer. */
static void
cancel(struct vdev *v, const struct msg *asked)
{
	struct msg m = { .command = htonl(RET_UNLINK), .seq = asked->seq };
	int found = 0;

	for (int ep = 0; ep < VDEV_EPS && !found; ep++)
		found = forget(&v->in[ep], ntohl(asked->a)) ||
		    forget(&v->out[ep], ntohl(asked->a));
	if (found)
		m.a = htonl((uint32_t)-ECONNRESET);
	put(v->fd, &m, sizeof(m));
}

int
vdev_step(struct vdev *v)
{
	struct msg m;
	struct urb *u;
	uint8_t *buf;
	uint32_t len;
	int ep;

	if (get(v->fd, &m, sizeof(m)) == -1)
		return -1;
	if (ntohl(m.command) == CMD_UNLINK) {
		cancel(v, &m);
		return 0;
	}
	ep = ntohl(m.ep) % VDEV_EPS;
	len = ntohl(m.b);
	buf = mem_alloc(len + (ep == 0 ? ANSWER_MAX : 1));
	if (m.in == 0 && len > 0 && get(v->fd, buf, len) == -1) {
		free(buf);
		return -1;
	}
	if (ep == 0) {
		control(v, &m, buf);
		free(buf);
		return 0;
	}
	u = mem_alloc(sizeof(*u));
	u->seq = ntohl(m.seq);
	u->len = len;
	u->data = buf;
	append(m.in != 0 ? &v->in[ep] : &v->out[ep], u);
	if (m.in != 0)
		serve_in(v, ep);
	else
		serve_out(v, ep);
	return 0;
}

/* Lines are "hs  PORT STATE ...", and likewise "ss". */
static int
is_free(long port)
{
	FILE *f = fopen(VHCI "status", "r");
	char line[128], *end;
	int found = 0;

	if (f == NULL)
		return 0;
	while (fgets(line, sizeof(line), f) != NULL)
		if (strncmp(line, "hs", 2) == 0 &&
		    strtol(line + 2, &end, 10) == port)
			found = strtol(end, NULL, 10) == PORT_FREE;
	fclose(f);
	return found;
}

/* Gives the kernel one end of the socket pair. */
static int
attach(long port, int sock)
{
	char cmd[64];
	const int n = snprintf(cmd, sizeof(cmd), "%ld %d %ld %d", port, sock,
	    1l << 16 | (port + 2), FULL_SPEED);
	const int fd = open(VHCI "attach", O_WRONLY | O_CLOEXEC);
	int r;

	if (fd == -1)
		return -1;
	r = write(fd, cmd, (size_t)n) == n ? 0 : -1;
	close(fd);
	return r;
}

struct vdev *
vdev_plug(const struct vdev_desc *desc, const struct vdev_ops *ops, void *ctx)
{
	const char *text = getenv("VDEV_PORT");
	const long port = text != NULL ? strtol(text, NULL, 10) : 0;
	const int64_t deadline = clock_ms() + PLUG_MS;
	struct vdev *v = mem_alloc(sizeof(*v));
	int pair[2] = { -1, -1 };

	while (!is_free(port) && clock_ms() < deadline)
		clock_sleep_ms(POLL_MS);
	v->desc = *desc;
	v->ops = *ops;
	v->ctx = ctx;
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) == -1 ||
	    attach(port, pair[1]) == -1) {
		fprintf(stderr, "vdev: root port %ld: %s\n", port,
		    strerror(errno));
		close(pair[0]);
		close(pair[1]);
		free(v);
		return NULL;
	}
	close(pair[1]);
	v->fd = pair[0];
	return v;
}

int
vdev_fd(const struct vdev *v)
{
	return v->fd;
}

void
vdev_unplug(struct vdev *v)
{
	shutdown(v->fd, SHUT_RDWR);
	close(v->fd);
	/* What is still queued goes with the process. */
	free(v);
}
