/* SPDX-License-Identifier: MIT */

/*
 * lag PORT MS: a way to the server at PORT of this machine that takes MS for
 * each direction, as if it were far away.  Prints its own port, and ends with
 * whoever started it.  To connect costs as long as it would there.
 */
#define _GNU_SOURCE		/* ppoll */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define PIECE	65536

struct piece {
	struct piece	*next;
	long		 due_us;
	size_t		 n;
	char		 bytes[];
};

/* One direction. */
struct way {
	int		 from, to;
	long		 extra_us;	/* for its first bytes */
	struct piece	*first, **last;
	bool		 ended;
};

static void
die(const char *what)
{
	perror(what);
	exit(1);
}

static long
now_us(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

static int
listen_here(int *port)
{
	struct sockaddr_in a = { .sin_family = AF_INET,
	    .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t len = sizeof(a);
	const int s = socket(AF_INET, SOCK_STREAM, 0);

	if (s == -1 || bind(s, (struct sockaddr *)&a, sizeof(a)) == -1 ||
	    listen(s, 64) == -1 ||
	    getsockname(s, (struct sockaddr *)&a, &len) == -1)
		die("listen");
	*port = ntohs(a.sin_port);
	return s;
}

static int
connect_to(int port)
{
	struct sockaddr_in a = { .sin_family = AF_INET,
	    .sin_port = htons((unsigned short)port),
	    .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	const int s = socket(AF_INET, SOCK_STREAM, 0);

	if (s == -1 || connect(s, (struct sockaddr *)&a, sizeof(a)) == -1)
		die("connect");
	return s;
}

static void
take(struct way *w, long lag_us)
{
	struct piece *p = malloc(sizeof(*p) + PIECE);
	const ssize_t n = p == NULL ? -1 : read(w->from, p->bytes, PIECE);

	if (n <= 0) {
		free(p);
		w->ended = true;
		return;
	}
	p->next = NULL;
	p->n = (size_t)n;
	p->due_us = now_us() + lag_us + w->extra_us;
	w->extra_us = 0;
	*w->last = p;
	w->last = &p->next;
}

/* What is due, out; the microseconds until the next is, or -1. */
static long
give(struct way *w)
{
	struct piece *p;
	size_t done;
	ssize_t n;
	long left;

	while ((p = w->first) != NULL && p->due_us <= now_us()) {
		for (done = 0; done < p->n; done += (size_t)n)
			if ((n = write(w->to, p->bytes + done,
			    p->n - done)) <= 0)
				exit(0);
		w->first = p->next;
		if (w->first == NULL)
			w->last = &w->first;
		free(p);
	}
	if (p == NULL && w->ended)
		exit(0);
	left = p == NULL ? -1 : p->due_us - now_us();
	return p != NULL && left < 0 ? 0 : left;
}

static void
relay(int client, int server, long lag_us)
{
	struct way ways[2] = {
		{ .from = client, .to = server, .extra_us = 2 * lag_us },
		{ .from = server, .to = client },
	};
	const int one = 1;

	for (int i = 0; i < 2; i++) {
		ways[i].last = &ways[i].first;
		setsockopt(ways[i].to, IPPROTO_TCP, TCP_NODELAY, &one,
		    sizeof(one));
	}
	for (;;) {
		struct pollfd p[2];
		const long a = give(&ways[0]), b = give(&ways[1]);
		long wait = a == -1 || (b != -1 && b < a) ? b : a;
		struct timespec t = { .tv_nsec = wait < 0 ? 0 : wait * 1000 };

		for (int i = 0; i < 2; i++)
			p[i] = (struct pollfd){ .fd = ways[i].ended ? -1 :
			    ways[i].from, .events = POLLIN };
		if (ppoll(p, 2, wait == -1 ? NULL : &t, NULL) == -1)
			continue;
		for (int i = 0; i < 2; i++)
			if (p[i].revents != 0)
				take(&ways[i], lag_us);
	}
}

int
main(int argc, char *argv[])
{
	int s, fd, port;

	if (argc != 3) {
		fprintf(stderr, "usage: lag PORT MS\n");
		return 2;
	}
	signal(SIGCHLD, SIG_IGN);
	signal(SIGPIPE, SIG_IGN);
	prctl(PR_SET_PDEATHSIG, SIGTERM);
	s = listen_here(&port);
	printf("%d\n", port);
	fflush(stdout);
	while ((fd = accept(s, NULL, NULL)) != -1) {
		if (fork() == 0) {
			prctl(PR_SET_PDEATHSIG, SIGTERM);
			relay(fd, connect_to((int)strtol(argv[1], NULL, 10)),
			    strtol(argv[2], NULL, 10) * 1000);
		}
		close(fd);
	}
	die("accept");
}
