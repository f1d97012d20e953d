/* SPDX-License-Identifier: MIT */
#include "vdev.h"

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

#define VHCI		"/sys/devices/platform/vhci_hcd.0/"
#define PORT_FREE	4		/* in VHCI status */
#define PORT_WAIT_MS	5000
#define FULL_SPEED	2
#define ENDPOINTS	16
enum { CMD_SUBMIT = 1, CMD_UNLINK, RET_SUBMIT, RET_UNLINK };

/* The 48 bytes before every USB/IP message; all numbers big-endian. */
struct msg {
	uint32_t	command, seq, devid, in, ep;
	uint32_t	a, b, c, d, e;	/* by the command */
	uint8_t		setup[8];
};

/* A transfer that the host waits for. */
struct urb {
	struct urb	*next;
	uint32_t	 seq;
	size_t		 len;
	uint8_t		*data;		/* of an OUT transfer */
};

/* What the device has for the host. */
struct chunk {
	struct chunk	*next;
	size_t		 off, len;
	uint8_t		*data;
};

struct vdev {
	int			 fd;
	struct vdev_desc	 d;
	struct vdev_ops		 ops;
	void			*ctx;
	struct urb		*in[ENDPOINTS], *out[ENDPOINTS];
	struct chunk		*q[ENDPOINTS];
};

void
vdev_log(const char *fmt, ...)
{
	va_list ap;

	fputs("dev: ", stderr);
	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fputc('\n', stderr);
}

static int
read_all(int fd, void *p, size_t n)
{
	char *at = p;
	ssize_t k;

	for (; n > 0; at += k, n -= (size_t)k) {
		k = read(fd, at, n);
		if (k < 0 && errno == EINTR)
			k = 0;
		else if (k <= 0)
			return -1;
	}
	return 0;
}

static void
send_all(int fd, const void *p, size_t n)
{
	const char *at = p;
	ssize_t k;

	for (; n > 0; at += k, n -= (size_t)k) {
		k = send(fd, at, n, MSG_NOSIGNAL);
		if (k < 0 && errno == EINTR)
			k = 0;
		else if (k <= 0)
			return;		/* vdev_step will find out */
	}
}

static void
reply(struct vdev *v, uint32_t seq, int status, const void *p, size_t sent,
    size_t len)
{
	struct msg m = { .command = htonl(RET_SUBMIT), .seq = htonl(seq),
	    .a = htonl((uint32_t)status), .b = htonl((uint32_t)len) };

	send_all(v->fd, &m, sizeof(m));
	send_all(v->fd, p, sent);
}

static void
append(struct urb **l, struct urb *u)
{
	while (*l != NULL)
		l = &(*l)->next;
	*l = u;
}

static void
drop_first(struct urb **l)
{
	struct urb *u = *l;

	*l = u->next;
	free(u->data);
	free(u);
}

/* IN transfers that wait get what is queued. */
static void
serve_in(struct vdev *v, int ep)
{
	struct chunk *c;
	size_t n;

	while (v->in[ep] != NULL && (c = v->q[ep]) != NULL) {
		n = c->len - c->off;
		if (n > v->in[ep]->len)
			n = v->in[ep]->len;
		reply(v, v->in[ep]->seq, 0, c->data + c->off, n, n);
		c->off += n;
		if (c->off == c->len) {
			v->q[ep] = c->next;
			free(c->data);
			free(c);
		}
		drop_first(&v->in[ep]);
	}
}

static void
serve_out(struct vdev *v, int ep)
{
	const struct urb *u;
	int r;

	while ((u = v->out[ep]) != NULL) {
		r = v->ops.out(v->ctx, ep, u->data, u->len);
		if (r == VDEV_NAK)
			return;
		reply(v, u->seq, r == VDEV_STALL ? -EPIPE : 0, NULL, 0,
		    r == VDEV_STALL ? 0 : u->len);
		drop_first(&v->out[ep]);
	}
}

void
vdev_kick(struct vdev *v)
{
	for (int i = 1; i < ENDPOINTS; i++)
		serve_out(v, i);
}

void
vdev_in(struct vdev *v, int ep, const void *p, size_t n)
{
	struct chunk *c = mem_alloc(sizeof(*c)), **l = &v->q[ep];

	c->len = n;
	c->data = mem_alloc(n + 1);
	if (n > 0)
		memcpy(c->data, p, n);
	while (*l != NULL)
		l = &(*l)->next;
	*l = c;
	serve_in(v, ep);
}

size_t
vdev_in_queued(const struct vdev *v, int ep)
{
	size_t n = 0;

	for (const struct chunk *c = v->q[ep]; c != NULL; c = c->next)
		n += c->len - c->off;
	return n;
}

void
vdev_in_drop(struct vdev *v, int ep)
{
	struct chunk *c;

	while ((c = v->q[ep]) != NULL) {
		v->q[ep] = c->next;
		free(c->data);
		free(c);
	}
}

static int
string_descriptor(const struct vdev *v, int i, uint8_t *b)
{
	size_t n;

	if (i == 0) {
		memcpy(b, "\4\3\11\4", 4);	/* English */
		return 4;
	}
	for (int k = 0; k < i; k++)
		if (v->d.strings[k] == NULL)
			return VDEV_STALL;
	n = strlen(v->d.strings[i - 1]);
	if (n > 126)
		n = 126;
	b[0] = (uint8_t)(2 + 2 * n);
	b[1] = 3;
	for (size_t k = 0; k < n; k++) {
		b[2 + 2 * k] = (uint8_t)v->d.strings[i - 1][k];
		b[3 + 2 * k] = 0;
	}
	return b[0];
}

/* Chapter 9's requests. */
static int
standard(struct vdev *v, const struct vdev_setup *s, uint8_t *b)
{
	int n;

	switch (s->request) {
	case 0:				/* GET_STATUS */
		b[0] = b[1] = 0;
		return 2;
	case 1:				/* CLEAR_FEATURE, SET_INTERFACE */
	case 11:
		return 0;
	case 6:				/* GET_DESCRIPTOR */
		if (s->value >> 8 == 3)
			return string_descriptor(v, s->value & 255, b);
		if (s->value >> 8 != 1 && s->value >> 8 != 2)
			return VDEV_STALL;
		n = s->value >> 8 == 1 ? 18 :
		    v->d.config[2] | v->d.config[3] << 8;
		memcpy(b, n == 18 ? v->d.device : v->d.config, (size_t)n);
		return n;
	case 9:				/* SET_CONFIGURATION */
		return 0;
	default:
		return VDEV_STALL;
	}
}

static void
control(struct vdev *v, const struct msg *m, uint8_t *buf)
{
	const uint8_t *p = m->setup;
	const struct vdev_setup s = { p[0], p[1],
	    (uint16_t)(p[2] | p[3] << 8), (uint16_t)(p[4] | p[5] << 8),
	    (uint16_t)(p[6] | p[7] << 8) };
	const uint32_t seq = ntohl(m->seq);
	int n = VDEV_STALL;
	size_t len;

	if ((s.type & 0x60) == 0)
		n = standard(v, &s, buf);
	if (n == VDEV_STALL)
		n = v->ops.control(v->ctx, &s, buf);
	len = n < s.length ? (size_t)(n < 0 ? 0 : n) : s.length;
	if (n < 0)
		reply(v, seq, -EPIPE, NULL, 0, 0);
	else if (s.type & 0x80)
		reply(v, seq, 0, buf, len, len);
	else
		reply(v, seq, 0, NULL, 0, s.length);
}

static void
unlink_urb(struct vdev *v, uint32_t seq, uint32_t victim)
{
	struct msg m = { .command = htonl(RET_UNLINK), .seq = htonl(seq) };

	for (int i = 0; i < 2 * ENDPOINTS; i++) {
		struct urb **l = i < ENDPOINTS ? &v->in[i] :
		    &v->out[i - ENDPOINTS];

		while (*l != NULL && (*l)->seq != victim)
			l = &(*l)->next;
		if (*l != NULL) {
			drop_first(l);
			m.a = htonl((uint32_t)-ECONNRESET);
		}
	}
	send_all(v->fd, &m, sizeof(m));
}

int
vdev_step(struct vdev *v)
{
	struct msg m;
	struct urb *u;
	uint8_t *buf;
	size_t len;
	int ep;

	if (read_all(v->fd, &m, sizeof(m)) == -1)
		return -1;
	if (ntohl(m.command) == CMD_UNLINK) {
		unlink_urb(v, ntohl(m.seq), ntohl(m.a));
		return 0;
	}
	ep = (int)(ntohl(m.ep) % ENDPOINTS);
	len = ntohl(m.b);
	buf = mem_alloc(len + VDEV_ANSWER);
	if (ntohl(m.in) == 0 && read_all(v->fd, buf, len) == -1) {
		free(buf);
		return -1;
	}
	if (ep == 0) {
		control(v, &m, buf);
		free(buf);
		return 0;
	}
	u = mem_alloc(sizeof(*u));
	*u = (struct urb){ NULL, ntohl(m.seq), len, buf };
	append(ntohl(m.in) != 0 ? &v->in[ep] : &v->out[ep], u);
	serve_in(v, ep);
	serve_out(v, ep);
	return 0;
}

/* Lines "hs  0000 004 ...": is that port free? */
static int
port_is_free(int port)
{
	FILE *f = fopen(VHCI "status", "r");
	char line[128], *end;
	int found = 0;

	while (f != NULL && fgets(line, sizeof(line), f) != NULL)
		if (strncmp(line, "hs", 2) == 0 &&
		    strtol(line + 2, &end, 10) == port)
			found = strtol(end, NULL, 10) == PORT_FREE;
	if (f != NULL)
		fclose(f);
	return found;
}

struct vdev *
vdev_plug(const struct vdev_desc *d, const struct vdev_ops *ops, void *ctx)
{
	const int64_t end = clock_ms() + PORT_WAIT_MS;
	const char *where = getenv("VDEV_PORT");
	const int port = where != NULL ? (int)strtol(where, NULL, 10) : 0;
	struct vdev *v = mem_alloc(sizeof(*v));
	char text[64];
	int sv[2] = { -1, -1 }, fd, n;

	while (!port_is_free(port) && clock_ms() < end)
		clock_sleep_ms(20);
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, sv) == -1)
		goto bad;
	*v = (struct vdev){ .fd = sv[0], .d = *d, .ops = *ops, .ctx = ctx };
	n = snprintf(text, sizeof(text), "%d %d %d %d", port, sv[1],
	    1 << 16 | (port + 2), FULL_SPEED);
	fd = open(VHCI "attach", O_WRONLY | O_CLOEXEC);
	if (fd == -1 || write(fd, text, (size_t)n) != n)
		goto bad;
	close(fd);
	close(sv[1]);
	return v;
bad:
	vdev_log("port %d of " VHCI ": %s", port, strerror(errno));
	free(v);
	return NULL;
}

/* What is still queued goes with the process. */
void
vdev_unplug(struct vdev *v)
{
	shutdown(v->fd, SHUT_RDWR);
	close(v->fd);
	free(v);
}

int
vdev_fd(const struct vdev *v)
{
	return v->fd;
}
