/* SPDX-License-Identifier: MIT */
#include "www.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* What comes from one goes to the other; false: it ends. */
static bool
pass(int from, int to)
{
	char bytes[16384];
	const ssize_t n = read(from, bytes, sizeof(bytes));

	if (n <= 0)
		return false;
	www_put(to, bytes, (size_t)n);
	return true;
}

static int
connect_here(int port)
{
	struct sockaddr_in a = { .sin_family = AF_INET,
	    .sin_port = htons((uint16_t)port),
	    .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	const int s = socket(AF_INET, SOCK_STREAM, 0);

	if (s == -1 || connect(s, (struct sockaddr *)&a, sizeof(a)) == -1)
		www_die("connect");
	return s;
}

void
www_connect(const struct request *rq, FILE *f, const char *to)
{
	static const char yes[] = "HTTP/1.1 200 Connected\r\n\r\n";
	const char *colon = strchr(to, ':');
	struct request log = *rq;
	struct fault fault;
	struct pollfd p[2] = { { .fd = rq->fd, .events = POLLIN },
	    { .events = POLLIN } };
	char line[4096];
	bool on = true;

	while (fgets(line, sizeof(line), f) != NULL && line[0] != '\r')
		;
	if (colon == NULL)
		return;
	snprintf(log.path, sizeof(log.path), "%.*s",
	    (int)strcspn(to, " \r\n"), to);
	www_fault(rq->root, "CONNECT", &fault);
	if (strcmp(fault.kind, "status") == 0) {
		snprintf(line, sizeof(line), "HTTP/1.1 %ld No\r\n"
		    "Content-Length: 0\r\n\r\n", fault.n);
		www_log(&log, "CONNECT", (int)fault.n);
		www_put(rq->fd, line, strlen(line));
		return;
	}
	www_log(&log, "CONNECT", 200);
	p[1].fd = connect_here((int)strtol(colon + 1, NULL, 10));
	www_put(rq->fd, yes, sizeof(yes) - 1);
	while (on && poll(p, 2, -1) > 0) {
		if (p[0].revents != 0)
			on = pass(p[0].fd, p[1].fd);
		if (on && p[1].revents != 0)
			on = pass(p[1].fd, p[0].fd);
	}
}
