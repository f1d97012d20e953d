/* SPDX-License-Identifier: MIT */
#include "http/http_impl.h"

#include <arpa/inet.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/wait.h>

#include "../tests/unit/tap.h"
#include "../tests/unit/tmp.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/mem.h"
#include "site/source.h"

#define HEAD		"HTTP/1.1 200 Test\r\nConnection: close\r\n"
#define BUSY		"HTTP/1.1 503 Test\r\nConnection: close\r\n" \
			"Content-Length: 4\r\n"
#define GONE		BUSY "\r\nbusy"

static struct err e;

/* --- a server of answers that are written here --- */

static pid_t server;
static int asked_fd;			/* what it was asked, all of it */
static char url[64];

/* To one connection; nobody minds if the other side has left. */
static void
answer(int fd, const char *text, int log)
{
	struct buf rq = BUF_INIT;
	struct err ignored;
	char c;

	while (strstr(rq.data, "\r\n\r\n") == NULL && read(fd, &c, 1) == 1)
		buf_addc(&rq, c);
	file_write_all(log, rq.data, rq.len, "log", &ignored);
	send(fd, text, strlen(text), MSG_NOSIGNAL);
	shutdown(fd, SHUT_WR);
	while (read(fd, &c, 1) == 1)
		;
	close(fd);
	buf_release(&rq);
}

static void
serve(const char *const *text)
{
	struct sockaddr_in a = { .sin_family = AF_INET };
	socklen_t len = sizeof(a);
	int s = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), p[2];

	a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	if (s == -1 || bind(s, (struct sockaddr *)&a, sizeof(a)) == -1 ||
	    listen(s, 8) == -1 || pipe(p) == -1 ||
	    getsockname(s, (struct sockaddr *)&a, &len) == -1) {
		perror("serve");
		exit(2);
	}
	snprintf(url, sizeof(url), "http://127.0.0.1:%d/x", ntohs(a.sin_port));
	server = fork();
	if (server == 0) {
		for (close(p[0]); *text != NULL; text++)
			answer(accept(s, NULL, NULL), *text, p[1]);
		_exit(0);
	}
	close(p[1]);
	close(s);
	asked_fd = p[0];
}

/* What it was asked, which it says before it answers; and its end. */
static void
asked(struct buf *out)
{
	char c;

	kill(server, SIGTERM);
	while (read(asked_fd, &c, 1) == 1)
		buf_addc(out, c);
	close(asked_fd);
	waitpid(server, NULL, 0);
}

static int
count(const char *text, const char *what)
{
	int n = 0;

	for (; (text = strstr(text, what)) != NULL; text++)
		n++;
	return n;
}

/* --- a request, and a clock of our own --- */

static char said[512];
static bool ended;
static struct err end;
static int end_status;

static void __attribute__((format(printf, 1, 2)))
on_say(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(said, sizeof(said), fmt, ap);
	va_end(ap);
}

static void
on_done(const struct http_reply *reply, const struct err *failure, void *ctx)
{
	(void)ctx;
	ended = true;
	end = (struct err)ERR_INIT;
	if (failure != NULL)
		end = *failure;
	end_status = reply->status;
}

static struct http *
begin(const char *from, struct buf *into, int64_t retries)
{
	const struct http_opts o = { .retries = retries, .retry_ms = 1000,
	    .say = on_say };
	const struct http_request rq = { .url = from, .into = into,
	    .done = on_done };
	struct http *h = NULL;

	ended = false;
	OK(http_open(&o, &h, &e) == 0 && http_get(h, &rq, &e) == 0);
	return h;
}

/* Until it has to wait for the next try: how long; -1: it has ended. */
static int64_t
pause_of(struct http *h)
{
	said[0] = '\0';
	while (said[0] == '\0' && !ended)
		if (http_turn(h, -1, 1000, &e) == -1)
			return -2;
	return ended ? -1 : h->first->wake_ms - clock_ms();
}

/* Until its end; the clock goes on by itself. */
static void
finish(struct http *h)
{
	int64_t ms;

	while ((ms = pause_of(h)) >= 0)
		clock_sleep_ms(ms);
	http_close(h);
}

/* --- the tests --- */

static void
test_into(void)
{
	struct buf b = BUF_MAX(5);
	char *name = mem_printf("%s/five", tmp_path);
	char *file = source_url(name);

	OK(file_write("five", "12345", 5, 0644, &e) == 0);
	buf_adds(&b, "old");
	finish(begin(file, &b, 0));
	OK(ended && end.code == ERR_NONE && end_status == 200);
	IS_STR(b.data, "12345");
	buf_release(&b);
	b = (struct buf)BUF_MAX(4);
	finish(begin(file, &b, 0));
	OK(ended && end.code == ERR_INPUT);
	OK(strstr(end.msg, "larger than 4 bytes") != NULL);
	buf_release(&b);
	free(file);
	free(name);
}

/* What a try has left is not in the way of the next; nor is an error page. */
static void
test_into_anew(void)
{
	const size_t n = 3 * HTTP_OVERLAP;
	char *body = mem_alloc(n + 1);
	char *whole, *part;
	struct buf b = BUF_MAX(n), rq = BUF_INIT;

	memset(body, 'x', n);
	whole = mem_printf(HEAD "ETag: \"1\"\r\nContent-Length: %zu\r\n\r\n%s",
	    n, body);
	part = mem_printf("%.*s", (int)(strlen(whole) - HTTP_OVERLAP), whole);
	serve((const char *const[]){ part, GONE, whole, NULL });
	finish(begin(url, &b, 2));
	asked(&rq);
	OK(end.code == ERR_NONE);
	IS_STR(b.data, body);
	OK(count(rq.data, "GET /x ") == 3 && count(rq.data, "Range") == 0);
	buf_release(&b);
	buf_release(&rq);
	free(body);
	free(whole);
	free(part);
}

/* Of no bytes: what was there before goes all the same. */
static void
test_into_empty(void)
{
	const char *const text[] = { HEAD "Content-Length: 0\r\n\r\n", NULL };
	struct buf b = BUF_MAX(10), rq = BUF_INIT;

	buf_adds(&b, "old");
	serve(text);
	finish(begin(url, &b, 0));
	asked(&rq);
	OK(end.code == ERR_NONE && b.len == 0);
	buf_release(&b);
	buf_release(&rq);
}

/* Twice as long each time, and no longer than 30 s; and not a ms too soon. */
static void
test_back_off(void)
{
	const char *const text[] = { GONE, GONE, GONE, GONE, GONE, GONE, GONE,
	    GONE, NULL };
	struct buf b = BUF_MAX(10), rq = BUF_INIT;
	int64_t want = 1000, before = 0, ms;
	struct http *h;

	serve(text);
	h = begin(url, &b, 7);
	for (int i = 0; i < 7; i++) {
		ms = pause_of(h);
		OK(ms <= want && ms >= want * 3 / 4);
		OK(before == 0 || want == 30000 || ms >= 2 * before - 2);
		before = ms;
		want = want >= 15000 ? 30000 : 2 * want;
		OK(strstr(said, "answers 503: trying again in ") != NULL);
		clock_sleep_ms(ms - 1);
		OK(http_turn(h, -1, 0, &e) == 0 && h->running == 0);
		clock_sleep_ms(1);
	}
	finish(h);
	asked(&rq);
	OK(end.code == ERR_NETWORK && end.retry && end_status == 503);
	OK(count(rq.data, "GET /x ") == 8);
	buf_release(&b);
	buf_release(&rq);
}

/* What is waited for after a 503 with that Retry-After. */
static int64_t
told(const char *value)
{
	char *first = mem_printf(BUSY "Retry-After: %s\r\n\r\nbusy", value);
	const char *const text[] = { first,
	    HEAD "Content-Length: 2\r\n\r\nok", NULL };
	struct buf b = BUF_MAX(10), rq = BUF_INIT;
	struct http *h;
	int64_t ms;

	serve(text);
	h = begin(url, &b, 1);
	ms = pause_of(h);
	clock_sleep_ms(ms);
	finish(h);
	asked(&rq);
	OK(ms == -1 || (end.code == ERR_NONE && strcmp(b.data, "ok") == 0));
	buf_release(&b);
	buf_release(&rq);
	free(first);
	return ms;
}

static bool
own_time(int64_t ms)
{
	return ms >= 750 && ms <= 1000;
}

static void
test_retry_after(void)
{
	OK(told("7") == 7000);
	OK(told("60") == 60000);
	OK(own_time(told("0")));
	OK(own_time(told("-5")));
	OK(own_time(told("soon")));
	OK(told("61") == -1);
	OK(end.code == ERR_NETWORK && end.retry);
	OK(strstr(end.hint, "run it again later") != NULL);
	OK(told("999999999999999999") == -1);
}

/* "Wed, 25 Nov 2026 19:00:00 GMT", RFC 9110, 5.6.7 */
static const char *
date(time_t t, char out[64])
{
	struct tm tm;

	if (gmtime_r(&t, &tm) == NULL ||
	    strftime(out, 64, "%a, %d %b %Y %H:%M:%S GMT", &tm) == 0)
		exit(2);
	return out;
}

/* libcurl reckons with the real time, which goes on meanwhile. */
static void
test_retry_after_date(time_t now)
{
	char text[64];
	int64_t ms;

	ms = told(date(now + 58, text));
	OK(ms % 1000 == 0 && ms > 1000 && ms <= 58000);
	OK(own_time(told(date(now - 3600, text))));
	OK(told(date(now + 7200, text)) == -1);
}

/* line so often, behind start: is that fine? */
static void
test_headers_of(const char *start, const char *line, size_t n, bool fine)
{
	struct buf b = BUF_MAX(10), rq = BUF_INIT, text = BUF_INIT;
	const char *all[2] = { NULL, NULL };

	buf_adds(&text, start);
	while (n-- > 0)
		buf_adds(&text, line);
	buf_adds(&text, text.data[text.len - 1] == '\n' ? "\r\nok" :
	    "\r\n\r\nok");
	all[0] = text.data;
	serve(all);
	finish(begin(url, &b, 3));
	asked(&rq);
	OK(count(rq.data, "GET /x ") == 1);
	OK(fine ? end.code == ERR_NONE : end.code == ERR_NETWORK &&
	    !end.retry && end.hint[0] != '\0' &&
	    strstr(end.msg, "more headers than any site") != NULL);
	IS_STR(b.data, fine ? "ok" : "");
	buf_release(&b);
	buf_release(&rq);
	buf_release(&text);
}

static void
test_headers(void)
{
	test_headers_of(HEAD, "A: b\r\n", 900, true);
	test_headers_of(HEAD, "A: b\r\n", 1200, false);
	test_headers_of(HEAD "A: ", "0123456789", 6000, true);
	test_headers_of(HEAD "A: \r\nB: ", "0123456789", 7000, false);
	test_headers_of(HEAD "A: ", "0123456789", 20000, false);
	test_headers_of("", "HTTP/1.1 100 Continue\r\n\r\n", 1000, false);
}

int
main(void)
{
	const time_t now = clock_wall();

	clock_fake(1000000);
	tmp_enter();
	test_into();
	test_into_anew();
	test_into_empty();
	test_back_off();
	test_retry_after();
	test_retry_after_date(now);
	test_headers();
	tmp_leave();
	return tap_done();
}
