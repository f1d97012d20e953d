/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE		/* POLLRDHUP */
#include "www.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#define PAGE	"<!DOCTYPE html>\n<html><head><title>Oops</title></head>\n" \
		"<body><h1>Not what you wanted</h1></body></html>\n"

struct request {
	const char	*root;
	int		 fd;
	char		 path[512];
	char		 etag[128];	/* If-None-Match; "" none */
	bool		 token;		/* it came with an Authorization */
};

static void
die(const char *what)
{
	perror(what);
	exit(1);
}

static void
put(int fd, const void *p, size_t n)
{
	const char *c = p;
	ssize_t r;

	for (; n > 0; c += r, n -= (size_t)r)
		if ((r = write(fd, c, n)) <= 0)
			exit(0);	/* the client has left */
}

static void
log_line(const struct request *rq, int status)
{
	char name[512], line[600];
	int fd, n;

	snprintf(name, sizeof(name), "%s/.log", rq->root);
	n = snprintf(line, sizeof(line), "GET %s %d%s\n", rq->path, status,
	    rq->token ? " authorized" : "");
	fd = open(name, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0644);
	if (fd == -1 || write(fd, line, (size_t)n) != n)
		die(name);
	close(fd);
}

/* Status, length (-1: none) and more header lines, which end in \r\n. */
static void
head(const struct request *rq, int status, long length, const char *more)
{
	char text[1024], len[64] = "";
	int n;

	if (length >= 0)
		snprintf(len, sizeof(len), "Content-Length: %ld\r\n", length);
	n = snprintf(text, sizeof(text), "HTTP/1.1 %d Test\r\n"
	    "Connection: close\r\n%s%s\r\n", status, len, more);
	log_line(rq, status);
	put(rq->fd, text, (size_t)n);
}

static void
page(const struct request *rq, int status)
{
	head(rq, status, sizeof(PAGE) - 1, "Content-Type: text/html\r\n");
	put(rq->fd, PAGE, sizeof(PAGE) - 1);
}

static void
wait_leave(int fd)
{
	struct pollfd p = { .fd = fd, .events = POLLRDHUP };

	while (poll(&p, 1, -1) <= 0 ||
	    (p.revents & (POLLRDHUP | POLLHUP | POLLERR)) == 0)
		;
}

static void
wait_file(int fd, const char *file)
{
	struct pollfd p = { .fd = fd, .events = POLLRDHUP };

	while (access(file, F_OK) == -1)
		if (poll(&p, 1, 10) > 0)
			exit(0);
}

static void
put_headers(const struct request *rq, long kb)
{
	char line[1024 + 1];

	put(rq->fd, "HTTP/1.1 200 Test\r\n", 19);
	memset(line, 'x', sizeof(line));
	memcpy(line, "X-Much: ", 8);
	memcpy(line + 1022, "\r\n", 2);
	while (kb-- > 0)
		put(rq->fd, line, 1024);
	log_line(rq, 200);
}

/* What is to be answered: the file (p NULL: there is none) and the fault. */
struct answer {
	const char	*p;
	long		 n;
	const char	*etag;
	struct fault	 f;
};

static void
do_status(const struct request *rq, const struct answer *a)
{
	page(rq, (int)a->f.n);
}

static void
do_html(const struct request *rq, const struct answer *a)
{
	(void)a;
	page(rq, 200);
}

static void
do_short(const struct request *rq, const struct answer *a)
{
	head(rq, 200, a->n, "");
	put(rq->fd, a->p, (size_t)a->f.n);
}

static void
do_long(const struct request *rq, const struct answer *a)
{
	head(rq, 200, a->n + a->f.n, "");
	put(rq->fd, a->p, (size_t)a->n);
}

static void
do_nolength(const struct request *rq, const struct answer *a)
{
	head(rq, 200, -1, "");
	put(rq->fd, a->p, (size_t)a->n);
}

static void
do_cut(const struct request *rq, const struct answer *a)
{
	char size[32];

	head(rq, 200, -1, "Transfer-Encoding: chunked\r\n");
	put(rq->fd, size, (size_t)snprintf(size, sizeof(size), "%lx\r\n",
	    a->f.n));
	put(rq->fd, a->p, (size_t)a->f.n);
}

static void
do_stall(const struct request *rq, const struct answer *a)
{
	do_short(rq, a);
	wait_leave(rq->fd);
}

static void
do_hold(const struct request *rq, const struct answer *a)
{
	const long half = a->n / 2;

	head(rq, 200, a->n, "");
	put(rq->fd, a->p, (size_t)half);
	wait_file(rq->fd, a->f.arg);
	put(rq->fd, a->p + half, (size_t)(a->n - half));
}

static void
do_partial(const struct request *rq, const struct answer *a)
{
	char line[128];

	snprintf(line, sizeof(line), "Content-Range: bytes 0-%ld/%ld\r\n",
	    a->n / 2 - 1, a->n);
	head(rq, 206, a->n / 2, line);
	put(rq->fd, a->p, (size_t)a->n / 2);
}

static void
do_redirect(const struct request *rq, const struct answer *a)
{
	char line[700];

	snprintf(line, sizeof(line), "Location: %s\r\n", a->f.arg);
	head(rq, 302, sizeof(PAGE) - 1, line);
	put(rq->fd, PAGE, sizeof(PAGE) - 1);
}

static void
do_headers(const struct request *rq, const struct answer *a)
{
	put_headers(rq, a->f.n);
	put(rq->fd, "\r\n", 2);
	put(rq->fd, a->p, (size_t)a->n);
}

static void
do_right(const struct request *rq, const struct answer *a)
{
	char line[200];

	if (a->p == NULL) {
		page(rq, 404);
	} else if (strcmp(rq->etag, a->etag) == 0) {
		head(rq, 304, -1, "");
	} else {
		snprintf(line, sizeof(line), "ETag: %s\r\n", a->etag);
		head(rq, 200, a->n, line);
		put(rq->fd, a->p, (size_t)a->n);
	}
}

static const struct {
	const char	*kind;
	void		(*answer)(const struct request *rq,
			    const struct answer *a);
} faults[] = {
	{ "status", do_status },   { "html", do_html },
	{ "short", do_short },	   { "long", do_long },
	{ "nolength", do_nolength }, { "cut", do_cut },
	{ "stall", do_stall },	   { "hold", do_hold },
	{ "partial", do_partial }, { "redirect", do_redirect },
	{ "headers", do_headers }, { "", do_right },
};

static void
answer(const struct request *rq, struct answer *a)
{
	size_t i = 0;

	www_fault(rq->root, rq->path, &a->f);
	while (strcmp(faults[i].kind, a->f.kind) != 0)
		if (faults[i++].kind[0] == '\0')
			die(a->f.kind);
	faults[i].answer(rq, a);
}

static void
serve_file(const struct request *rq)
{
	char name[1100], etag[128] = "";
	struct stat st = { 0 };
	struct answer a = { 0 };
	int fd;

	snprintf(name, sizeof(name), "%s%s%s", rq->root, rq->path,
	    rq->path[strlen(rq->path) - 1] == '/' ? "index.html" : "");
	fd = open(name, O_RDONLY | O_CLOEXEC);
	if (fd != -1 && fstat(fd, &st) == 0 && S_ISREG(st.st_mode)) {
		a.n = (long)st.st_size;
		a.p = a.n == 0 ? "" : mmap(NULL, (size_t)a.n, PROT_READ,
		    MAP_PRIVATE, fd, 0);
		if (a.p == MAP_FAILED)
			die(name);
		snprintf(etag, sizeof(etag), "\"%lld-%lld.%ld\"",
		    (long long)st.st_size, (long long)st.st_mtim.tv_sec,
		    st.st_mtim.tv_nsec);
	}
	a.etag = etag;
	answer(rq, &a);
}

/* Reads "GET PATH HTTP/1.1" and the headers up to the empty line. */
static void
serve(const char *root, int fd)
{
	struct request rq = { .root = root, .fd = fd };
	FILE *f = fdopen(dup(fd), "r");
	char line[4096], *end;

	if (f == NULL || fgets(line, sizeof(line), f) == NULL ||
	    strncmp(line, "GET /", 5) != 0 || strstr(line, "..") != NULL)
		return;
	end = strchr(line + 4, ' ');
	if (end == NULL)
		return;
	snprintf(rq.path, sizeof(rq.path), "%.*s", (int)(end - line - 4),
	    line + 4);
	while (fgets(line, sizeof(line), f) != NULL && line[0] != '\r') {
		if (strncasecmp(line, "Authorization: ", 15) == 0)
			rq.token = true;
		if (strncasecmp(line, "If-None-Match: ", 15) == 0)
			snprintf(rq.etag, sizeof(rq.etag), "%.*s",
			    (int)strcspn(line + 15, "\r\n"), line + 15);
	}
	serve_file(&rq);
	shutdown(fd, SHUT_WR);
}

/* The port, under its final name at once, so that whoever waits can read. */
static void
tell_port(const char *root, int port)
{
	char name[512], tmp[520];
	FILE *f;

	snprintf(name, sizeof(name), "%s/.port", root);
	snprintf(tmp, sizeof(tmp), "%s.new", name);
	f = fopen(tmp, "w");
	if (f == NULL || fprintf(f, "%d\n", port) < 0 || fclose(f) != 0 ||
	    rename(tmp, name) == -1)
		die(name);
}

int
main(int argc, char *argv[])
{
	struct sockaddr_in a = { .sin_family = AF_INET };
	socklen_t len = sizeof(a);
	int s, fd;

	if (argc != 2) {
		fprintf(stderr, "usage: www FOLDER\n");
		return 2;
	}
	signal(SIGCHLD, SIG_IGN);
	signal(SIGPIPE, SIG_IGN);
	prctl(PR_SET_PDEATHSIG, SIGTERM);	/* a test that was killed */
	a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	s = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (s == -1 || bind(s, (struct sockaddr *)&a, sizeof(a)) == -1 ||
	    listen(s, 64) == -1 ||
	    getsockname(s, (struct sockaddr *)&a, &len) == -1)
		die("socket");
	tell_port(argv[1], ntohs(a.sin_port));
	while ((fd = accept4(s, NULL, NULL, SOCK_CLOEXEC)) != -1) {
		if (fork() == 0) {
			prctl(PR_SET_PDEATHSIG, SIGTERM);
			close(s);
			serve(argv[1], fd);
			return 0;
		}
		close(fd);
	}
	die("accept");
}
