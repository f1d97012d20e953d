/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE		/* POLLRDHUP */
#include "www.h"

#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define PAGE	"<!DOCTYPE html>\n<html><head><title>Oops</title></head>\n" \
		"<body><h1>Not what you wanted</h1></body></html>\n"
#define PIECE	4096

void
www_put(int fd, const void *p, size_t n)
{
	const char *c = p;
	ssize_t r;

	for (; n > 0; c += r, n -= (size_t)r)
		if ((r = write(fd, c, n)) <= 0)
			_exit(0);	/* the client has left */
}

void
www_log(const struct request *rq, const char *method, int status)
{
	char name[512], line[700];
	int fd, n;

	snprintf(name, sizeof(name), "%s/.log", rq->root);
	n = snprintf(line, sizeof(line), "%s %s %d%s%s%s\n", method,
	    rq->path, status, rq->range[0] == '\0' ? "" : " ", rq->range,
	    rq->token ? " authorized" : "");
	fd = open(name, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0644);
	if (fd == -1 || write(fd, line, (size_t)n) != n)
		www_die(name);
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
	n = snprintf(text, sizeof(text), "HTTP/1.1 %d Test\r\n%s%s%s\r\n",
	    status, rq->close ? "Connection: close\r\n" : "", len, more);
	www_log(rq, "GET", status);
	www_put(rq->fd, text, (size_t)n);
}

static void
page(const struct request *rq, int status)
{
	head(rq, status, sizeof(PAGE) - 1, "Content-Type: text/html\r\n");
	www_put(rq->fd, PAGE, sizeof(PAGE) - 1);
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

	www_log(rq, "GET", 200);
	www_put(rq->fd, "HTTP/1.1 200 Test\r\n", 19);
	memset(line, 'x', sizeof(line));
	memcpy(line, "X-Much: ", 8);
	memcpy(line + 1022, "\r\n", 2);
	while (kb-- > 0)
		www_put(rq->fd, line, 1024);
}

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
	www_put(rq->fd, a->p, (size_t)a->f.n);
}

static void
do_long(const struct request *rq, const struct answer *a)
{
	head(rq, 200, a->n + a->f.n, "");
	www_put(rq->fd, a->p, (size_t)a->n);
}

static void
do_nolength(const struct request *rq, const struct answer *a)
{
	head(rq, 200, -1, "");
	www_put(rq->fd, a->p, (size_t)a->n);
}

static void
do_cut(const struct request *rq, const struct answer *a)
{
	char size[32];

	head(rq, 200, -1, "Transfer-Encoding: chunked\r\n");
	www_put(rq->fd, size, (size_t)snprintf(size, sizeof(size), "%lx\r\n",
	    a->f.n));
	www_put(rq->fd, a->p, (size_t)a->f.n);
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
	www_put(rq->fd, a->p, (size_t)half);
	wait_file(rq->fd, a->f.arg);
	www_put(rq->fd, a->p + half, (size_t)(a->n - half));
}

static void
do_partial(const struct request *rq, const struct answer *a)
{
	char line[128];

	snprintf(line, sizeof(line), "Content-Range: bytes 0-%ld/%ld\r\n",
	    a->n / 2 - 1, a->n);
	head(rq, 206, a->n / 2, line);
	www_put(rq->fd, a->p, (size_t)a->n / 2);
}

static void
do_redirect(const struct request *rq, const struct answer *a)
{
	char line[700];

	snprintf(line, sizeof(line), "Location: %s\r\n", a->f.arg);
	head(rq, 302, sizeof(PAGE) - 1, line);
	www_put(rq->fd, PAGE, sizeof(PAGE) - 1);
}

static void
do_headers(const struct request *rq, const struct answer *a)
{
	put_headers(rq, a->f.n);
	www_put(rq->fd, "\r\n", 2);
	www_put(rq->fd, a->p, (size_t)a->n);
}

static void
do_less(const struct request *rq, const struct answer *a)
{
	head(rq, 200, a->n - a->f.n, "");
	www_put(rq->fd, a->p, (size_t)a->n);
}

static void
do_retry(const struct request *rq, const struct answer *a)
{
	char line[64];

	snprintf(line, sizeof(line), "Retry-After: %ld\r\n", a->f.n);
	head(rq, 503, sizeof(PAGE) - 1, line);
	www_put(rq->fd, PAGE, sizeof(PAGE) - 1);
}

static void
do_endless(const struct request *rq, const struct answer *a)
{
	head(rq, 200, -1, "");
	for (;;)
		www_put(rq->fd, a->p, (size_t)a->n);
}

static void
do_drip(const struct request *rq, const struct answer *a)
{
	struct pollfd p = { .fd = rq->fd, .events = POLLRDHUP };
	long i;

	head(rq, 200, a->n, "");
	for (i = 0; i < a->n && poll(&p, 1, (int)a->f.n) == 0; i++)
		www_put(rq->fd, a->p + i, 1);
}

static void
do_gzip(const struct request *rq, const struct answer *a)
{
	head(rq, 200, a->n, "Content-Encoding: gzip\r\n");
	www_put(rq->fd, a->p, (size_t)a->n);
}

/*
 * The head for the rest, if that is asked for and may be had in parts, else
 * for all of it; where it begins, or -1: that is the whole answer.
 */
static long
send_head(const struct request *rq, const struct answer *a, bool ranges)
{
	char line[400];
	long from = 0;

	if (ranges && strncmp(rq->range, "bytes=", 6) == 0 &&
	    (rq->if_range[0] == '\0' || strcmp(rq->if_range, a->etag) == 0))
		from = strtol(rq->range + 6, NULL, 10);
	if (from >= a->n && from > 0) {
		head(rq, 416, 0, "");
		return -1;
	}
	snprintf(line, sizeof(line), "ETag: %s\r\n", a->etag);
	if (from > 0)
		snprintf(line, sizeof(line), "ETag: %s\r\nContent-Range: "
		    "bytes %ld-%ld/%ld\r\n", a->etag, from, a->n - 1, a->n);
	head(rq, from > 0 ? 206 : 200, a->n - from, line);
	return from;
}

static void
send_file(const struct request *rq, const struct answer *a, bool ranges)
{
	const long from = send_head(rq, a, ranges);

	if (from != -1)
		www_put(rq->fd, a->p + from, (size_t)(a->n - from));
}

static void
do_slow(const struct request *rq, const struct answer *a)
{
	struct pollfd p = { .fd = rq->fd, .events = POLLRDHUP };
	long i = send_head(rq, a, true), n;

	for (; i != -1 && i < a->n && poll(&p, 1, (int)a->f.n) == 0; i += n) {
		n = a->n - i < PIECE ? a->n - i : PIECE;
		www_put(rq->fd, a->p + i, (size_t)n);
	}
}

/* As its own, but with one ETag for ever. */
static void
do_etag(const struct request *rq, const struct answer *a)
{
	struct answer lie = *a;

	lie.etag = a->f.arg;
	send_file(rq, &lie, true);
}

/* A part of what the file is now, whatever was asked for. */
static void
do_changed(const struct request *rq, const struct answer *a)
{
	struct request any = *rq;

	any.if_range[0] = '\0';
	send_file(&any, a, true);
}

static void
do_broken(const struct request *rq, const struct answer *a)
{
	char line[200];

	snprintf(line, sizeof(line), "ETag: %s\r\n", a->etag);
	head(rq, 200, a->n, line);
	www_put(rq->fd, a->p, (size_t)a->f.n);
}

static void
do_norange(const struct request *rq, const struct answer *a)
{
	send_file(rq, a, false);
}

/* By its time alone. */
static void
do_dated(const struct request *rq, const struct answer *a)
{
	char at[48], line[80];

	snprintf(at, sizeof(at), "Tue, 24 Nov 2026 %02ld:00:00 GMT", a->f.n);
	if (strcmp(rq->since, at) == 0 && rq->none_match[0] == '\0') {
		head(rq, 304, -1, "");
		return;
	}
	snprintf(line, sizeof(line), "Last-Modified: %s\r\n", at);
	head(rq, 200, a->n, line);
	www_put(rq->fd, a->p, (size_t)a->n);
}

static void
do_right(const struct request *rq, const struct answer *a)
{
	if (a->p == NULL)
		page(rq, 404);
	else if (strcmp(rq->none_match, a->etag) == 0)
		head(rq, 304, -1, "");
	else
		send_file(rq, a, true);
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
	{ "headers", do_headers }, { "less", do_less },
	{ "retry", do_retry },	   { "endless", do_endless },
	{ "drip", do_drip },	   { "slow", do_slow },
	{ "gzip", do_gzip },
	{ "etag", do_etag },	   { "changed", do_changed },
	{ "broken", do_broken },   { "norange", do_norange },
	{ "dated", do_dated },
	{ "", do_right },
};

void
www_answer(struct request *rq, struct answer *a)
{
	size_t i = 0;

	www_fault(rq->root, rq->path, &a->f);
	while (strcmp(faults[i].kind, a->f.kind) != 0)
		if (faults[i++].kind[0] == '\0')
			www_die(a->f.kind);
	rq->close = a->f.kind[0] != '\0';
	faults[i].answer(rq, a);
}
