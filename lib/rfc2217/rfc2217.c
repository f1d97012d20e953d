/* SPDX-License-Identifier: MIT */
#include "rfc2217/rfc2217.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/mem.h"
#include "link/ops.h"
#include "rfc2217/dial.h"
#include "rfc2217/telnet.h"

#define BAUD_DEFAULT	115200u
#define ANSWER_MS	3000		/* for a new speed */
/*
 * For the first answer: a server that serves one client after the other may
 * still let go of the last.
 */
#define FIRST_MS	8000
#define SEND_MS		3000
#define READ_BYTES	4096u

enum line { LINE_UNKNOWN, LINE_OFF, LINE_ON };

struct remote {
	struct link	 link;
	int		 fd;
	struct telnet	 telnet;
	struct buf	 in;		/* data that nobody has read yet */
	size_t		 in_pos;
	struct buf	 out;		/* to be sent */
	enum line	 dtr, rts;	/* as we have set them */
	struct telnet_options options;
	bool		 agreed, refused; /* com port control */
	unsigned	 told_baud;	/* the last speed that it told; 0 */
};

/* --- sending --- */

static int
fail_remote(struct remote *r, const char *what, struct err *e)
{
	if (errno == ECONNRESET || errno == EPIPE || errno == ENOTCONN ||
	    errno == ETIMEDOUT)
		return link_gone(&r->link, e);
	return err_sys(e, "%s: %s", r->link.name, what);
}

/* 1; 0: the deadline has passed. */
static int
wait_for_remote(struct remote *r, short events, int64_t deadline, struct err *e)
{
	struct pollfd p = { .fd = r->fd, .events = events };
	int n;

	do
		n = poll(&p, 1, clock_left_ms(deadline));
	while (n == -1 && errno == EINTR);
	return n == -1 ? fail_remote(r, "poll", e) : n;
}

/* What does not go now stays in r->out: half a command must not be lost. */
static int
send_out(struct remote *r, int64_t deadline, struct err *e)
{
	ssize_t n;
	int ready;

	while (r->out.len > 0) {
		n = send(r->fd, r->out.data, r->out.len, MSG_NOSIGNAL);
		if (n > 0) {
			buf_drop(&r->out, (size_t)n);
			continue;
		}
		if (n == -1 && errno != EAGAIN && errno != EINTR)
			return fail_remote(r, "send", e);
		ready = wait_for_remote(r, POLLOUT, deadline, e);
		if (ready == -1)
			return -1;
		if (ready == 0)
			return err_set(e, ERR_TIMEOUT, "%s: takes no more, "
			    "%zu bytes left", r->link.name, r->out.len);
	}
	return 0;
}

/* --- what the server says --- */

static void
take_com_port(struct remote *r, const struct telnet_command *c)
{
	if (c->n == 5 && c->data[0] == COM_BAUDRATE + COM_BY_SERVER)
		r->told_baud = (unsigned)c->data[1] << 24 |
		    (unsigned)c->data[2] << 16 | (unsigned)c->data[3] << 8 |
		    c->data[4];
}

static void
take_telnet(struct remote *r, const struct telnet_command *c)
{
	if (c->verb == TELNET_SB) {
		if (c->option == TELNET_COM_PORT)
			take_com_port(r, c);
		return;
	}
	if (c->option == TELNET_COM_PORT && c->verb == TELNET_DO)
		r->agreed = true;
	else if (c->option == TELNET_COM_PORT && c->verb == TELNET_DONT)
		r->refused = true;
	telnet_answer(&r->options, c, &r->out);
}

/* --- receiving --- */

/* Whatever comes next, as data and as commands, which are answered. */
static int
receive(struct remote *r, int64_t deadline, struct err *e)
{
	uint8_t raw[READ_BYTES];
	struct telnet_command c;
	ssize_t n;
	int ready;

	while ((n = recv(r->fd, raw, sizeof(raw), 0)) <= 0) {
		if (n == 0)
			return link_gone(&r->link, e);
		if (errno != EAGAIN && errno != EINTR)
			return fail_remote(r, "receive", e);
		ready = wait_for_remote(r, POLLIN, deadline, e);
		if (ready == -1)
			return -1;
		if (ready == 0)
			return err_set(e, ERR_TIMEOUT, "%s: no answer",
			    r->link.name);
	}
	for (ssize_t i = 0; i < n; i++)
		if (telnet_feed(&r->telnet, raw[i], &r->in, &c))
			take_telnet(r, &c);
	return send_out(r, clock_ms() + SEND_MS, e);
}

static int
remote_read(struct link *l, void *p, size_t max, int64_t deadline,
    size_t *got, struct err *e)
{
	struct remote *r = (struct remote *)l;
	size_t n;

	while (r->in_pos == r->in.len) {
		buf_clear(&r->in);
		r->in_pos = 0;
		if (receive(r, deadline, e) == -1)
			return -1;
	}
	n = r->in.len - r->in_pos;
	n = n < max ? n : max;
	memcpy(p, r->in.data + r->in_pos, n);
	r->in_pos += n;
	*got = n;
	return 0;
}

static int
remote_write(struct link *l, const void *p, size_t n, int64_t deadline,
    struct err *e)
{
	struct remote *r = (struct remote *)l;

	telnet_add(&r->out, p, n);
	return send_out(r, deadline, e);
}

static void
remote_flush(struct link *l)
{
	struct remote *r = (struct remote *)l;
	struct err ignored = ERR_INIT;

	while (receive(r, 0, &ignored) == 0)
		;
	buf_clear(&r->in);
	r->in_pos = 0;
}

/* --- settings --- */

/* The server says which speed it has set, which may be another one. */
static int
remote_baud(struct link *l, unsigned baud, struct err *e)
{
	struct remote *r = (struct remote *)l;
	const uint8_t speed[] = { (uint8_t)(baud >> 24),
		(uint8_t)(baud >> 16), (uint8_t)(baud >> 8), (uint8_t)baud };
	const int64_t until = clock_ms() + ANSWER_MS;
	struct err why = ERR_INIT;

	r->told_baud = 0;
	telnet_add_com_port(&r->out, COM_BAUDRATE, speed, sizeof(speed));
	if (send_out(r, until, e) == -1)
		return -1;
	while (r->told_baud == 0)
		if (receive(r, until, &why) == -1) {
			if (why.code != ERR_TIMEOUT) {
				*e = why;
				return -1;
			}
			return err_set(e, ERR_PROTOCOL, "%s: does not say "
			    "which speed it has set", l->name);
		}
	return r->told_baud == baud ? 0 : err_set(e, ERR_UNSUPPORTED,
	    "%s: no such speed: %u baud (it has set %u)", l->name, baud,
	    r->told_baud);
}

static void
add_control_line(struct remote *r, enum line *was, bool on, bool turn_on,
    uint8_t on_value)
{
	const enum line want = on ? LINE_ON : LINE_OFF;
	const uint8_t value = on ? on_value : on_value + 1;

	if (on != turn_on || *was == want)
		return;
	telnet_add_com_port(&r->out, COM_CONTROL, &value, 1);
	*was = want;
}

static int
remote_lines(struct link *l, bool dtr, bool rts, struct err *e)
{
	struct remote *r = (struct remote *)l;

	add_control_line(r, &r->dtr, dtr, true, CONTROL_DTR_ON);
	add_control_line(r, &r->rts, rts, true, CONTROL_RTS_ON);
	add_control_line(r, &r->rts, rts, false, CONTROL_RTS_ON);
	add_control_line(r, &r->dtr, dtr, false, CONTROL_DTR_ON);
	return send_out(r, clock_ms() + SEND_MS, e);
}

/* --- open and close --- */

static void
remote_close(struct link *l)
{
	struct remote *r = (struct remote *)l;

	if (r->fd != -1)
		close(r->fd);
	buf_release(&r->in);
	buf_release(&r->out);
	free(r);
}

static const struct link_ops remote_ops = {
	.read = remote_read, .write = remote_write, .baud = remote_baud,
	.lines = remote_lines, .flush = remote_flush, .close = remote_close,
};

static void
offer_options(struct remote *r)
{
	telnet_offer(&r->options, TELNET_WILL, TELNET_COM_PORT, &r->out);
	telnet_offer(&r->options, TELNET_WILL, TELNET_BINARY, &r->out);
	telnet_offer(&r->options, TELNET_DO, TELNET_BINARY, &r->out);
	telnet_offer(&r->options, TELNET_WILL, TELNET_GO_AHEAD, &r->out);
	telnet_offer(&r->options, TELNET_DO, TELNET_GO_AHEAD, &r->out);
}

static int
not_2217(const struct remote *r, struct err *e)
{
	err_set(e, ERR_UNSUPPORTED, "%s: no RFC 2217 server", r->link.name);
	return err_hint(e, "start one there, such as ser2net or "
	    "esp_rfc2217_server.py");
}

static int
negotiate(struct remote *r, unsigned baud, struct err *e)
{
	static const uint8_t eight[] = { 8 }, one[] = { 1 };
	static const uint8_t no_flow[] = { CONTROL_NO_FLOW };
	const int64_t until = clock_ms() + FIRST_MS;
	struct err why = ERR_INIT;

	offer_options(r);
	if (send_out(r, until, e) == -1)
		return -1;
	while (!r->agreed && !r->refused)
		if (receive(r, until, &why) == -1)
			break;
	if (why.code == ERR_NOT_FOUND) {
		err_set(e, ERR_NETWORK, "%s: the other end closes the "
		    "connection", r->link.name);
		return err_hint(e, "is it in use by another program?");
	}
	if (!r->agreed)
		return not_2217(r, e);
	telnet_add_com_port(&r->out, COM_DATASIZE, eight, 1);
	telnet_add_com_port(&r->out, COM_PARITY, one, 1);
	telnet_add_com_port(&r->out, COM_STOPSIZE, one, 1);
	telnet_add_com_port(&r->out, COM_CONTROL, no_flow, 1);
	return remote_baud(&r->link, baud, e);
}

static int
remote_open(const char *name, const struct link_opts *opts,
    struct link **out, struct err *e)
{
	const unsigned baud = opts != NULL && opts->baud != 0 ? opts->baud :
	    BAUD_DEFAULT;
	struct remote *r;
	int fd;

	if (dial(name, &fd, e) == -1)
		return -1;
	r = mem_alloc(sizeof(*r));
	r->link.ops = &remote_ops;
	r->link.name = mem_str(name);
	r->fd = fd;
	r->in = r->out = (struct buf)BUF_INIT;
	if (negotiate(r, baud, e) == -1) {
		link_close(&r->link);
		return -1;
	}
	*out = &r->link;
	return 0;
}

const struct link_kind link_rfc2217 = { "rfc2217", remote_open };
