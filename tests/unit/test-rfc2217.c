/* SPDX-License-Identifier: MIT */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/select.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "rfc2217/rfc2217.h"
#include "sim/net.h"
#include "tap.h"

/* --- addresses --- */

static const struct {
	const char	*address, *host, *port;	/* NULL: it is refused */
} addresses[] = {
	{ "rfc2217://localhost:4000", "localhost", "4000" },
	{ "rfc2217://192.168.1.7:1", "192.168.1.7", "1" },
	{ "rfc2217://[fe80::1]:65535", "fe80::1", "65535" },
	{ "rfc2217://localhost", NULL, NULL },
	{ "rfc2217://localhost:", NULL, NULL },
	{ "rfc2217://localhost:0", NULL, NULL },
	{ "rfc2217://localhost:65536", NULL, NULL },
	{ "rfc2217://localhost:4000/", NULL, NULL },
	{ "rfc2217://localhost:4000?ign_set_control", NULL, NULL },
	{ "rfc2217://localhost:+4", NULL, NULL },
	{ "rfc2217://:4000", NULL, NULL },
	{ "rfc2217://me@host:4000", NULL, NULL },
	{ "rfc2217://[]:4000", NULL, NULL },
	{ "rfc2217://[::1:4000", NULL, NULL },
	{ "rfc2217://[::1]4000", NULL, NULL },
	{ "socket://localhost:4000", NULL, NULL },
	{ "/dev/ttyUSB0", NULL, NULL },
};

static void
test_addresses(void)
{
	for (size_t i = 0; i < sizeof(addresses) / sizeof(addresses[0]); i++) {
		char *host = NULL, *port = NULL;
		struct err e = ERR_INIT;
		const int r = rfc2217_parse(addresses[i].address, &host,
		    &port, &e);

		OK(r == (addresses[i].host != NULL ? 0 : -1));
		OK(r == 0 || e.code == ERR_USAGE);
		if (r == 0) {
			IS_STR(host, addresses[i].host);
			IS_STR(port, addresses[i].port);
		}
		free(host);
		free(port);
	}
}

/* --- a server in another process --- */

struct server {
	pid_t	 pid;
	char	 address[64];
	int	 log;		/* what it has seen, as text */
};

static void
log_lines(void *ctx, bool dtr, bool rts)
{
	const int *fd = ctx;

	dprintf(*fd, "%d%d ", dtr, rts);
}

/* Sends back what it gets, and its speed where that is a '?'. */
static void
serve(struct sim_net *n, int log)
{
	char some[4096], text[16];
	bool left = false;
	size_t k;

	n->lines = log_lines;
	n->ctx = &log;
	while (!left) {
		fd_set in;
		const int fd = n->fd != -1 ? n->fd : n->listener;

		FD_ZERO(&in);
		FD_SET(fd, &in);
		select(fd + 1, &in, NULL, NULL, NULL);
		while ((k = sim_net_read(n, some, sizeof(some), &left)) > 0) {
			snprintf(text, sizeof(text), "%u", n->baud);
			if (k == 1 && some[0] == '?')
				sim_net_write(n, text, strlen(text));
			else
				sim_net_write(n, some, k);
		}
	}
	sim_net_close(n);
}

static void
start_server(struct server *s)
{
	struct sim_net n = SIM_NET_INIT;
	struct err e = ERR_INIT;
	int log[2];

	if (pipe(log) == -1 || sim_net_open(&n, 0, &e) == -1)
		abort();
	snprintf(s->address, sizeof(s->address), "rfc2217://127.0.0.1:%u",
	    n.port);
	s->log = log[0];
	s->pid = fork();
	if (s->pid == 0) {
		serve(&n, log[1]);
		_exit(0);
	}
	close(log[1]);
	sim_net_close(&n);
}

/* What it has logged, once it has ended. */
static void
stop_server(struct server *s, char out[256])
{
	size_t n = 0;
	ssize_t k;

	while (n < 255 && (k = read(s->log, out + n, 255 - n)) > 0)
		n += (size_t)k;
	out[n] = '\0';
	close(s->log);
	waitpid(s->pid, NULL, 0);
}

static int
read_all(struct link *l, void *p, size_t n, struct err *e)
{
	char *to = p;
	size_t got;

	for (; n > 0; to += got, n -= got)
		if (link_read(l, to, n, clock_ms() + 5000, &got, e) == -1)
			return -1;
	return 0;
}

static void
test_session(void)
{
	struct link_addr to = { .kind = &link_rfc2217 };
	struct server s;
	struct link *l = NULL;
	struct err e = ERR_INIT;
	uint8_t sent[700], got[700];
	char text[256];
	size_t n;

	start_server(&s);
	to.name = s.address;
	OK(link_connect(&to, NULL, &l, &e) == 0);
	for (size_t i = 0; i < sizeof(sent); i++)
		sent[i] = (uint8_t)(i < 300 ? 0xff : i);
	OK(link_write(l, sent, sizeof(sent), clock_ms() + 5000, &e) == 0);
	OK(read_all(l, got, sizeof(got), &e) == 0 &&
	    memcmp(sent, got, sizeof(got)) == 0);
	/* A speed with a byte that has to be doubled. */
	OK(link_baud(l, 0xff00, &e) == 0);
	OK(link_write(l, "?", 1, clock_ms() + 5000, &e) == 0 &&
	    read_all(l, got, 5, &e) == 0 && memcmp(got, "65280", 5) == 0);
	OK(link_baud(l, 0, &e) == -1 && e.code == ERR_UNSUPPORTED);
	/* What is turned on goes first, and what stays is not sent. */
	OK(link_lines(l, false, true, &e) == 0);
	OK(link_lines(l, true, false, &e) == 0);
	OK(link_lines(l, true, false, &e) == 0);
	OK(link_lines(l, false, false, &e) == 0);
	OK(link_read(l, got, 1, clock_ms() + 20, &n, &e) == -1 &&
	    e.code == ERR_TIMEOUT);
	link_close(l);
	stop_server(&s, text);
	IS_STR(text, "11 11 01 11 10 00 00 ");
}

/* The server is killed: the device has left. */
static void
test_gone(void)
{
	struct link_addr to = { .kind = &link_rfc2217 };
	struct server s;
	struct link *l = NULL;
	struct err e = ERR_INIT;
	char text[256];
	size_t n;

	start_server(&s);
	to.name = s.address;
	OK(link_connect(&to, NULL, &l, &e) == 0);
	kill(s.pid, SIGKILL);
	stop_server(&s, text);
	OK(link_read(l, text, 1, clock_ms() + 5000, &n, &e) == -1 &&
	    e.code == ERR_NOT_FOUND);
	OK(link_write(l, "x", 1, clock_ms() + 5000, &e) == -1 &&
	    e.code == ERR_NOT_FOUND);
	link_close(l);
	OK(link_connect(&to, NULL, &l, &e) == -1 && e.code == ERR_NETWORK);
}

int
main(void)
{
	signal(SIGPIPE, SIG_IGN);
	test_addresses();
	test_session();
	test_gone();
	return tap_done();
}
