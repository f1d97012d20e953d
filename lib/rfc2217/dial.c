/* SPDX-License-Identifier: MIT */
#include "rfc2217/dial.h"

#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "rfc2217/rfc2217.h"

#define DIAL_MS	10000

static int
open_socket(const struct addrinfo *a)
{
	static const int on = 1;
	const int fd = socket(a->ai_family,
	    SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, a->ai_protocol);

	if (fd == -1)
		return -1;
	/* A request waits for its answer: nothing may be held back. */
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof(on));
	return fd;
}

/* 0, or errno. */
static int
connect_to(int fd, const struct addrinfo *a, int64_t deadline)
{
	struct pollfd p = { .fd = fd, .events = POLLOUT };
	socklen_t len = sizeof(int);
	int eno = 0, n;

	if (connect(fd, a->ai_addr, a->ai_addrlen) == 0)
		return 0;
	if (errno != EINPROGRESS)
		return errno;
	do
		n = poll(&p, 1, clock_left_ms(deadline));
	while (n == -1 && errno == EINTR);
	if (n <= 0)
		return n == 0 ? ETIMEDOUT : errno;
	return getsockopt(fd, SOL_SOCKET, SO_ERROR, &eno, &len) == -1 ?
	    errno : eno;
}

static int
no_server(const char *address, const char *why, int refused, struct err *e)
{
	err_set(e, ERR_NETWORK, "%s: %s", address, why);
	return err_hint(e, "%s", refused ? "start an RFC 2217 server there, "
	    "such as ser2net or esp_rfc2217_server.py" :
	    "check the name, and that this computer reaches it");
}

int
dial(const char *address, int *out, struct err *e)
{
	const struct addrinfo how = { .ai_socktype = SOCK_STREAM };
	const int64_t deadline = clock_ms() + DIAL_MS;
	struct addrinfo *list = NULL;
	char *host = NULL, *port = NULL;
	int fd = -1, eno = EADDRNOTAVAIL, r = -1, why;

	if (rfc2217_parse(address, &host, &port, e) == -1)
		return -1;
	why = getaddrinfo(host, port, &how, &list);
	if (why != 0) {
		no_server(address, gai_strerror(why), 0, e);
		goto out;
	}
	for (const struct addrinfo *a = list; a != NULL; a = a->ai_next) {
		fd = open_socket(a);
		eno = fd == -1 ? errno : connect_to(fd, a, deadline);
		if (eno == 0)
			break;
		if (fd != -1)
			close(fd);
	}
	if (eno == 0) {
		*out = fd;
		r = 0;
	} else {
		no_server(address, strerror(eno), eno == ECONNREFUSED, e);
	}
out:
	if (list != NULL)
		freeaddrinfo(list);
	free(host);
	free(port);
	return r;
}
