/* SPDX-License-Identifier: MIT */
#include "http/http_impl.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/mem.h"

#define ERROR_PAGE	65536u	/* of one more is not worth reading */

/* The status of an answer; a file that could be opened is 200. */
static int
status_of(struct transfer *t)
{
	long code = 0;

	curl_easy_getinfo(t->easy, CURLINFO_RESPONSE_CODE, &code);
	return code == 0 && http_kind(t->url) == HTTP_FILE ? 200 : (int)code;
}

static const char *
reply_header(struct transfer *t, const char *name)
{
	struct curl_header *h;

	return curl_easy_header(t->easy, name, 0, CURLH_HEADER, -1, &h) ==
	    CURLHE_OK ? h->value : NULL;
}

struct http_reply
transfer_reply(struct transfer *t)
{
	struct http_reply reply = { .url = t->url };

	if (t->easy != NULL) {
		reply.status = status_of(t);
		reply.etag = reply_header(t, "ETag");
		reply.last_modified = reply_header(t, "Last-Modified");
	}
	return reply;
}

/* A 206: is it what was asked for, of what is there? */
static bool
range_goes_on(struct transfer *t, int64_t *total)
{
	const char *range = reply_header(t, "Content-Range");
	const char *etag = reply_header(t, "ETag");
	int64_t from, to;

	return range != NULL && http_content_range(range, &from, &to, total) &&
	    from == t->from && (*total == -1 || to == *total - 1) &&
	    (etag == NULL || strcmp(etag, t->rq.if_range) == 0);
}

/*
 * Later tries go on from here if the server can say what "here" is; what fits
 * into memory comes again.
 */
static void
note_etag(struct transfer *t, const char *etag)
{
	char *copy = NULL;

	if (!t->rq.text && t->rq.into == NULL && http_etag_strong(etag))
		copy = mem_str(etag);
	free((char *)t->rq.if_range);
	t->rq.if_range = copy;
}

static int
begin_body(struct transfer *t)
{
	const struct http_reply reply = transfer_reply(t);
	const char *coding = reply_header(t, "Content-Encoding");
	curl_off_t length = -1;
	int64_t total;

	t->begun = true;
	if (!t->rq.text && coding != NULL &&
	    strcasecmp(coding, "identity") != 0)
		return err_set(&t->e, ERR_INPUT, "%s: compressed (%.20s), "
		    "which was not asked for", t->url, coding);
	curl_easy_getinfo(t->easy, CURLINFO_CONTENT_LENGTH_DOWNLOAD_T,
	    &length);
	total = length;
	if (reply.status == 206 && !range_goes_on(t, &total))
		return HTTP_ANEW;
	if (reply.status == 200)
		note_etag(t, reply.etag);
	t->got = reply.status == 206 ? t->from : 0;
	if (t->rq.into != NULL)
		buf_clear(t->rq.into);
	return t->rq.begin == NULL ? 0 : t->rq.begin(t->got, total, &reply,
	    t->rq.ctx, &t->e);
}

/* Is there a body that is wanted in an answer of that status? */
static bool
wants_body(const struct transfer *t, int status)
{
	return status == 200 || (status == 206 && t->from > 0);
}

/*
 * libcurl's own limit would read a whole firmware before it looks at the
 * clock.  Here, what is above the rate is paid for with time.
 */
static void
count_received(struct http *h, int64_t n)
{
	const int64_t now = clock_ms() * 1000;

	h->got += n;
	http_moved(h);
	if (h->rate == 0)
		return;
	if (h->paid_us < now)
		h->paid_us = now;
	h->paid_us += n * 1000000 / h->rate;
}

static size_t
on_curl_body(char *p, size_t size, size_t n, void *ctx)
{
	struct transfer *t = ctx;
	int r = 0;

	n *= size;
	/* It failed while libcurl let go of what had been held back. */
	if (t->e.code != ERR_NONE || t->again_whole)
		return 0;
	t->paused = t->h->paid_us / 1000 > clock_ms();
	if (t->paused)
		return CURL_WRITEFUNC_PAUSE;	/* it will come again */
	if (!wants_body(t, status_of(t))) {
		t->error_page += n;
		return t->error_page > ERROR_PAGE ? 0 : n;
	}
	if (!t->begun)
		r = begin_body(t);
	t->got += (int64_t)n;
	count_received(t->h, (int64_t)n);
	if (r == 0 && t->got > (int64_t)t->rq.max)
		r = err_set(&t->e, ERR_INPUT, "%s: larger than %zu bytes",
		    t->url, t->rq.max);
	if (r == 0)
		r = t->rq.into != NULL ? buf_add(t->rq.into, p, n) :
		    t->rq.body(p, n, t->rq.ctx, &t->e);
	t->again_whole = r == HTTP_ANEW;
	return r == 0 ? n : 0;
}

/* Each line, also of a proxy's answer and of those before the last (1xx). */
static size_t
on_header(char *p, size_t size, size_t n, void *ctx)
{
	struct transfer *t = ctx;

	(void)p;
	n *= size;
	t->headers_len += n;
	t->n_headers++;
	if (t->headers_len <= HTTP_HEADERS_BYTES &&
	    t->n_headers <= HTTP_HEADERS)
		return n;
	transfer_headers(t);
	return 0;
}

/* It is connected, and about to ask: from here on it may stall. */
static int
on_request(void *ctx, char *ip, char *local_ip, int port, int local_port)
{
	struct transfer *t = ctx;

	(void)ip;
	(void)local_ip;
	(void)port;
	(void)local_port;
	t->mark_ms = clock_ms();
	t->mark_own = t->got;
	t->mark_all = t->h->got;
	return CURL_PREREQFUNC_OK;
}

void
transfer_add_line(struct curl_slist **list, const char *line)
{
	struct curl_slist *more = curl_slist_append(*list, line);

	if (more != NULL)
		*list = more;
}

static void
add_header(struct transfer *t, const char *name, const char *value)
{
	char *line;

	if (value == NULL)
		return;
	line = mem_printf("%s: %s", name, value);
	transfer_add_line(&t->headers, line);
	free(line);
}

static void
set_headers(struct transfer *t)
{
	const struct curl_slist *own = t->redirects == 0 ? t->own : NULL;
	char *range;

	for (; own != NULL; own = own->next)
		transfer_add_line(&t->headers, own->data);
	add_header(t, "If-None-Match", t->rq.etag);
	add_header(t, "If-Modified-Since", t->rq.last_modified);
	t->from = t->rq.if_range == NULL || http_kind(t->url) == HTTP_FILE ?
	    0 : t->rq.have - HTTP_OVERLAP;
	if (t->from <= 0) {
		t->from = 0;
		return;
	}
	range = mem_printf("bytes=%" PRId64 "-", t->from);
	add_header(t, "Range", range);
	add_header(t, "If-Range", t->rq.if_range);
	free(range);
}

static void
set_options(struct transfer *t)
{
	const struct http *h = t->h;
	CURL *c = t->easy;

	curl_easy_setopt(c, CURLOPT_URL, t->url);
	curl_easy_setopt(c, CURLOPT_PRIVATE, t);
	curl_easy_setopt(c, CURLOPT_ERRORBUFFER, t->why);
	curl_easy_setopt(c, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(c, CURLOPT_PROTOCOLS_STR, "https,http,file");
	curl_easy_setopt(c, CURLOPT_FOLLOWLOCATION, 0L);
	/* With HTTP/2 libcurl takes in, and keeps, what is held back. */
	curl_easy_setopt(c, CURLOPT_HTTP_VERSION, h->rate > 0 ?
	    (long)CURL_HTTP_VERSION_1_1 : (long)CURL_HTTP_VERSION_2TLS);
	curl_easy_setopt(c, CURLOPT_PIPEWAIT, 1L);
	curl_easy_setopt(c, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
	curl_easy_setopt(c, CURLOPT_USERAGENT, "mpf/" MPF_VERSION);
	curl_easy_setopt(c, CURLOPT_WRITEFUNCTION, on_curl_body);
	curl_easy_setopt(c, CURLOPT_WRITEDATA, t);
	curl_easy_setopt(c, CURLOPT_HEADERFUNCTION, on_header);
	curl_easy_setopt(c, CURLOPT_HEADERDATA, t);
	curl_easy_setopt(c, CURLOPT_PREREQFUNCTION, on_request);
	curl_easy_setopt(c, CURLOPT_PREREQDATA, t);
	curl_easy_setopt(c, CURLOPT_HTTPHEADER, t->headers);
	curl_easy_setopt(c, CURLOPT_MAXFILESIZE_LARGE, (curl_off_t)t->rq.max);
	curl_easy_setopt(c, CURLOPT_CONNECTTIMEOUT_MS, (long)h->connect_ms);
	if (h->cacert != NULL)
		curl_easy_setopt(c, CURLOPT_CAINFO, h->cacert);
	curl_easy_setopt(c, CURLOPT_NETRC, h->netrc_how);
	curl_easy_setopt(c, CURLOPT_NETRC_FILE, h->netrc);
	if (t->rq.text)
		curl_easy_setopt(c, CURLOPT_ACCEPT_ENCODING, "");
	if (http_kind(t->url) == HTTP_LOOPBACK)
		curl_easy_setopt(c, CURLOPT_PROXY, "");
}

/* libcurl would wait for what comes through a pipe. */
static int
check_file_url(const char *url, struct err *e)
{
	CURLU *u = curl_url();
	char *path = NULL;
	int r = 0;

	if (u != NULL &&
	    curl_url_set(u, CURLUPART_URL, url, 0) == CURLUE_OK &&
	    curl_url_get(u, CURLUPART_PATH, &path, CURLU_URLDECODE) ==
	    CURLUE_OK)
		r = file_check_kind(path, e);
	curl_free(path);
	curl_url_cleanup(u);
	return r;
}

int
transfer_start(struct transfer *t, struct err *e)
{
	if (http_kind(t->url) == HTTP_FILE && check_file_url(t->url, e) == -1)
		return -1;
	t->easy = curl_easy_init();
	if (t->easy == NULL)
		return err_set(e, ERR_INTERNAL, "%s: libcurl has no handle",
		    t->url);
	t->begun = t->again_whole = t->paused = false;
	t->mark_ms = 0;
	t->error_page = t->headers_len = t->n_headers = 0;
	t->why[0] = '\0';
	set_headers(t);
	t->got = t->from;
	set_options(t);
	if (curl_multi_add_handle(t->h->multi, t->easy) == CURLM_OK) {
		t->h->running++;
		http_moved(t->h);
		return 0;
	}
	curl_easy_cleanup(t->easy);
	t->easy = NULL;
	return err_set(e, ERR_INTERNAL, "%s: libcurl does not take it", t->url);
}

void
transfer_stop(struct transfer *t)
{
	if (t->easy != NULL) {
		curl_multi_remove_handle(t->h->multi, t->easy);
		curl_easy_cleanup(t->easy);
		t->h->running--;
	}
	t->easy = NULL;
	t->paused = false;
	curl_slist_free_all(t->headers);
	t->headers = NULL;
}

/* May from lead to there? */
static bool
leads(const char *from, const char *to)
{
	const enum http_kind kind = http_kind(to);

	return kind == HTTP_HTTPS ||
	    (kind == HTTP_LOOPBACK && http_kind(from) == HTTP_LOOPBACK);
}

static bool
redirected(struct transfer *t, int status)
{
	char *to = NULL;

	if (status < 300 || status > 399 || status == 304)
		return false;
	curl_easy_getinfo(t->easy, CURLINFO_REDIRECT_URL, &to);
	if (to == NULL) {
		transfer_status(t, status);
		return false;
	}
	if (!leads(t->url, to) || ++t->redirects > HTTP_REDIRECTS) {
		err_set(&t->e, ERR_NETWORK, t->redirects > HTTP_REDIRECTS ?
		    "%s: too many redirects, the last to %.*s" :
		    "%s: leads to %.*s, which is not safe", t->url,
		    (int)strcspn(to, "?"), to);
		t->e.retry = false;
		return false;
	}
	to = mem_str(to);
	transfer_stop(t);
	free(t->url);
	t->url = to;
	return transfer_start(t, &t->e) == 0;
}

/* It came whole, or at least libcurl has nothing to say against it. */
static bool
judge_answer(struct transfer *t)
{
	const int status = status_of(t);
	int r = 0;

	if (redirected(t, status))
		return true;
	if (t->e.code != ERR_NONE)
		return false;
	if (status == 416 && t->from > 0)
		r = HTTP_ANEW;		/* it is smaller now */
	else if (status == 304 ? t->rq.etag == NULL &&
	    t->rq.last_modified == NULL : !wants_body(t, status))
		transfer_status(t, status);
	else if (status != 304 && !t->begun)
		r = begin_body(t);		/* of no bytes */
	t->again_whole = r == HTTP_ANEW;
	return false;
}

bool
transfer_judge(struct transfer *t, CURLcode code)
{
	if (t->e.code != ERR_NONE || t->again_whole)
		return false;
	if (code == CURLE_OK)
		return judge_answer(t);
	if (code == CURLE_WRITE_ERROR && !wants_body(t, status_of(t)))
		transfer_status(t, status_of(t));
	else
		transfer_fail(t, code);
	return false;
}
