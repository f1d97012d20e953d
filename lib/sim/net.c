/* SPDX-License-Identifier: MIT */
#include "sim/net.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define READ_BYTES	4096u
#define BAUD		115200u
#define MODEM_STATE	0xb0u		/* CTS, DSR and CD are on */

int
sim_net_parse(const char *text, unsigned *out, struct err *e)
{
	char *end;
	const unsigned long n = strtoul(text, &end, 10);

	if (text[0] < '0' || text[0] > '9' || *end != '\0' || n > 65535)
		return err_set(e, ERR_USAGE, "--rfc2217 %s: not a number from "
		    "0 to 65535", text);
	*out = (unsigned)n;
	return 0;
}

int
sim_net_open(struct sim_net *n, unsigned port, struct err *e)
{
	struct sockaddr_in at = { .sin_family = AF_INET,
		.sin_port = htons((uint16_t)port),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t len = sizeof(at);
	static const int on = 1;

	n->baud = BAUD;
	n->listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK |
	    SOCK_CLOEXEC, 0);
	if (n->listener == -1 ||
	    setsockopt(n->listener, SOL_SOCKET, SO_REUSEADDR, &on,
	    sizeof(on)) == -1 ||
	    bind(n->listener, (struct sockaddr *)&at, sizeof(at)) == -1 ||
	    listen(n->listener, 1) == -1 ||
	    getsockname(n->listener, (struct sockaddr *)&at, &len) == -1) {
		err_sys(e, "port %u", port);
		sim_net_close(n);
		return -1;
	}
	n->port = ntohs(at.sin_port);
	return 0;
}

static void
set_net_lines(struct sim_net *n, bool dtr, bool rts)
{
	n->dtr = dtr;
	n->rts = rts;
	if (n->lines != NULL)
		n->lines(n->ctx, dtr, rts);
}

/* A kernel turns both lines on as a port is opened, and off at its close. */
static void
hang_up(struct sim_net *n)
{
	set_net_lines(n, false, false);
	close(n->fd);
	n->fd = -1;
	n->telnet = (struct telnet)TELNET_INIT;
	n->options = (struct telnet_options){ 0 };
	n->held = false;
	buf_clear(&n->raw);
	buf_clear(&n->out);
}

void
sim_net_close(struct sim_net *n)
{
	if (n->fd != -1)
		hang_up(n);
	if (n->listener != -1)
		close(n->listener);
	n->listener = -1;
	buf_release(&n->raw);
	buf_release(&n->out);
}

static void
flush_out(struct sim_net *n)
{
	ssize_t k;

	while (n->fd != -1 && n->out.len > 0) {
		k = send(n->fd, n->out.data, n->out.len, MSG_NOSIGNAL);
		if (k <= 0)
			return;		/* later; or it is read that it left */
		buf_drop(&n->out, (size_t)k);
	}
}

bool
sim_net_attached(struct sim_net *n)
{
	static const int on = 1;

	if (n->fd == -1 && n->listener != -1) {
		n->fd = accept(n->listener, NULL, NULL);
		if (n->fd == -1)
			return false;
		set_net_lines(n, true, true);
		fcntl(n->fd, F_SETFD, FD_CLOEXEC);
		fcntl(n->fd, F_SETFL, O_NONBLOCK);
		setsockopt(n->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	}
	return n->fd != -1;
}

/* --- options and settings --- */

/* Clients such as pyserial want to know it before they go on. */
static void
tell_modem(struct sim_net *n)
{
	static const uint8_t state[] = { MODEM_STATE };

	telnet_add_com_port(&n->out, COM_NOTIFY_MODEM + COM_BY_SERVER, state,
	    sizeof(state));
}

static void
set_control(struct sim_net *n, uint8_t value)
{
	switch (value) {
	case CONTROL_DTR_ON:
	case CONTROL_DTR_OFF:
		set_net_lines(n, value == CONTROL_DTR_ON, n->rts);
		break;
	case CONTROL_RTS_ON:
	case CONTROL_RTS_OFF:
		set_net_lines(n, n->dtr, value == CONTROL_RTS_ON);
		break;
	default:
		break;
	}
}

static void
set_baud(struct sim_net *n, const uint8_t *p)
{
	const uint32_t baud = (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 |
	    (uint32_t)p[2] << 8 | p[3];
	uint8_t told[4];

	if (baud != 0)			/* 0 only asks */
		n->baud = baud;
	for (int i = 0; i < 4; i++)
		told[i] = (uint8_t)(n->baud >> 8 * (3 - i));
	telnet_add_com_port(&n->out, COM_BAUDRATE + COM_BY_SERVER, told, 4);
	tell_modem(n);
}

/* What it asks for is done, and said again with the server's number. */
static void
answer_com_port(struct sim_net *n, const struct telnet_command *c)
{
	const uint8_t *p = c->data;

	if (c->n == 0 || p[0] >= COM_BY_SERVER)
		return;
	if (p[0] == COM_BAUDRATE && c->n == 5) {
		set_baud(n, p + 1);
		return;
	}
	if (p[0] == COM_CONTROL && c->n == 2)
		set_control(n, p[1]);
	telnet_add_com_port(&n->out, (uint8_t)(p[0] + COM_BY_SERVER), p + 1,
	    c->n - 1);
	if (p[0] == COM_MODEM_MASK)
		tell_modem(n);
}

static void
take_net_command(struct sim_net *n, const struct telnet_command *c)
{
	if (c->verb != TELNET_SB)
		telnet_answer(&n->options, c, &n->out);
	else if (c->option == TELNET_COM_PORT)
		answer_com_port(n, c);
}

/* --- data --- */

/* Up to the first command that comes after data: that waits its turn. */
static void
feed_raw(struct sim_net *n, size_t max, struct buf *data)
{
	struct telnet_command c;
	size_t i = 0;

	if (n->held)
		take_net_command(n, &n->held_command);
	n->held = false;
	while (i < n->raw.len && data->len < max && !n->held) {
		if (!telnet_feed(&n->telnet, (uint8_t)n->raw.data[i++], data,
		    &c))
			continue;
		if (data->len == 0) {
			take_net_command(n, &c);
		} else {
			n->held_command = c;
			n->held = true;
		}
	}
	buf_drop(&n->raw, i);
}

size_t
sim_net_read(struct sim_net *n, void *buf, size_t max, bool *left)
{
	struct buf data = BUF_INIT;
	char some[READ_BYTES];
	bool gone = false;
	ssize_t k;
	size_t got;

	*left = false;
	if (!sim_net_attached(n))
		return 0;
	if (n->raw.len < READ_BYTES) {
		k = recv(n->fd, some, sizeof(some), 0);
		gone = k == 0 || (k == -1 && errno != EAGAIN &&
		    errno != EINTR);
		if (k > 0)
			buf_add(&n->raw, some, (size_t)k);
	}
	feed_raw(n, max, &data);
	flush_out(n);
	got = data.len;
	if (got > 0)
		memcpy(buf, data.data, got);
	buf_release(&data);
	*left = gone && got == 0 && !n->held && n->raw.len == 0;
	if (*left)
		hang_up(n);
	return got;
}

void
sim_net_write(struct sim_net *n, const void *p, size_t size)
{
	if (n->fd == -1)
		return;
	telnet_add(&n->out, p, size);
	flush_out(n);
}

bool
sim_net_pending(const struct sim_net *n)
{
	return n->fd != -1 && n->out.len > 0;
}
