/* SPDX-License-Identifier: MIT */
#include "fetch/http.h"

#include <poll.h>
#include <stdlib.h>
#include <string.h>

#include <curl/curl.h>

#include "base/mem.h"

#define ERROR_PAGE	65536u	/* of one more is not worth reading */

/*
 * Debian's libcurl brings GnuTLS along, for RTMP, whose constructor tries all
 * its ciphers at each start: a tenth of our memory, and of a start's time.
 * Asked so, it leaves that to gnutls_global_init(), which all who do use it
 * call (GNUTLS_SKIP_GLOBAL_INIT in gnutls/gnutls.h).
 */
int	_gnutls_global_init_skip(void);

int
_gnutls_global_init_skip(void)
{
	return 1;
}

struct http {
	CURLM		*multi;
	struct transfer	*first;
	char		*cacert;
	int64_t		 connect_ms, stall_ms;
	bool		 global;	/* curl_global_init was called */
};

/* One request, through all its redirects. */
struct transfer {
	struct transfer	*next;
	struct http	*h;
	CURL		*easy;
	struct curl_slist *headers;
	struct curl_slist *first;	/* the same, and those of rq */
	struct http_request rq;
	char		*url;
	int		 redirects;
	size_t		 got;
	struct err	 e;		/* of body, or ours; code 0: none */
	char		 why[CURL_ERROR_SIZE];
};

static void
transfer_free(struct transfer *t)
{
	struct transfer **p;

	for (p = &t->h->first; *p != NULL; p = &(*p)->next) {
		if (*p == t) {
			*p = t->next;
			break;
		}
	}
	if (t->easy != NULL) {
		curl_multi_remove_handle(t->h->multi, t->easy);
		curl_easy_cleanup(t->easy);
	}
	curl_slist_free_all(t->headers);
	curl_slist_free_all(t->first);
	free(t->url);
	free(t);
}

void
http_drop(struct http *h)
{
	while (h->first != NULL)
		transfer_free(h->first);
}

void
http_close(struct http *h)
{
	if (h == NULL)
		return;
	http_drop(h);
	curl_multi_cleanup(h->multi);
	if (h->global)
		curl_global_cleanup();
	free(h->cacert);
	free(h);
}

int
http_open(const struct http_opts *o, struct http **out, struct err *e)
{
	struct http *h = mem_alloc(sizeof(*h));

	h->global = curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK;
	h->multi = h->global ? curl_multi_init() : NULL;
	if (h->multi == NULL) {
		http_close(h);
		return err_set(e, ERR_INTERNAL, "libcurl does not start");
	}
	h->cacert = mem_str(o->cacert);
	h->connect_ms = o->timeout_ms > 0 ? o->timeout_ms : HTTP_CONNECT_MS;
	h->stall_ms = o->timeout_ms > 0 ? o->timeout_ms : HTTP_STALL_MS;
	curl_multi_setopt(h->multi, CURLMOPT_MAX_HOST_CONNECTIONS,
	    (long)HTTP_CONNECTIONS);
	*out = h;
	return 0;
}

/* The status of an answer; a file that could be opened is 200. */
static int
status_of(struct transfer *t)
{
	long code = 0;

	curl_easy_getinfo(t->easy, CURLINFO_RESPONSE_CODE, &code);
	return code == 0 && http_kind(t->url) == HTTP_FILE ? 200 : (int)code;
}

static size_t
on_body(char *p, size_t size, size_t n, void *ctx)
{
	struct transfer *t = ctx;
	curl_off_t total = -1;

	n *= size;
	t->got += n;
	if (status_of(t) != 200)
		return t->got > ERROR_PAGE ? 0 : n;
	if (t->got > t->rq.max) {
		err_set(&t->e, ERR_INPUT, "%s: larger than %zu bytes", t->url,
		    t->rq.max);
		return 0;
	}
	curl_easy_getinfo(t->easy, CURLINFO_CONTENT_LENGTH_DOWNLOAD_T, &total);
	return t->rq.body(p, n, total, t->rq.ctx, &t->e) == -1 ? 0 : n;
}

static void
add_line(struct curl_slist **list, const char *line)
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
	add_line(&t->headers, line);
	add_line(&t->first, line);
	free(line);
}

static void
set_times(const struct http *h, CURL *c)
{
	curl_easy_setopt(c, CURLOPT_CONNECTTIMEOUT_MS, (long)h->connect_ms);
	curl_easy_setopt(c, CURLOPT_LOW_SPEED_LIMIT, (long)HTTP_SLOW);
	curl_easy_setopt(c, CURLOPT_LOW_SPEED_TIME,
	    (long)((h->stall_ms + 999) / 1000));
}

/* One connection's worth: redirects come back to us, and are looked at. */
static int
start(struct transfer *t, struct err *e)
{
	CURL *c = t->easy = curl_easy_init();

	if (c == NULL)
		return err_set(e, ERR_INTERNAL, "%s: libcurl has no handle",
		    t->url);
	curl_easy_setopt(c, CURLOPT_URL, t->url);
	curl_easy_setopt(c, CURLOPT_PRIVATE, t);
	curl_easy_setopt(c, CURLOPT_ERRORBUFFER, t->why);
	curl_easy_setopt(c, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(c, CURLOPT_PROTOCOLS_STR, "https,http,file");
	curl_easy_setopt(c, CURLOPT_FOLLOWLOCATION, 0L);
	curl_easy_setopt(c, CURLOPT_HTTP_VERSION,
	    (long)CURL_HTTP_VERSION_2TLS);
	curl_easy_setopt(c, CURLOPT_PIPEWAIT, 1L);
	curl_easy_setopt(c, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
	curl_easy_setopt(c, CURLOPT_USERAGENT, "mpf/" MPF_VERSION);
	curl_easy_setopt(c, CURLOPT_WRITEFUNCTION, on_body);
	curl_easy_setopt(c, CURLOPT_WRITEDATA, t);
	curl_easy_setopt(c, CURLOPT_HTTPHEADER, t->redirects == 0 ?
	    t->first : t->headers);
	curl_easy_setopt(c, CURLOPT_MAXFILESIZE_LARGE,
	    (curl_off_t)t->rq.max);
	set_times(t->h, c);
	if (t->h->cacert != NULL)
		curl_easy_setopt(c, CURLOPT_CAINFO, t->h->cacert);
	if (t->rq.text)
		curl_easy_setopt(c, CURLOPT_ACCEPT_ENCODING, "");
	if (http_kind(t->url) == HTTP_LOOPBACK)
		curl_easy_setopt(c, CURLOPT_PROXY, "");
	if (curl_multi_add_handle(t->h->multi, c) != CURLM_OK)
		return err_set(e, ERR_INTERNAL, "%s: libcurl does not take it",
		    t->url);
	return 0;
}

int
http_get(struct http *h, const struct http_request *rq, struct err *e)
{
	struct transfer *t;
	size_t i;

	if (http_kind(rq->url) == HTTP_NO) {
		err_set(e, ERR_USAGE, "%s: not an address to download from",
		    rq->url);
		return err_hint(e, "https, file, or http to this machine");
	}
	t = mem_alloc(sizeof(*t));
	t->h = h;
	t->rq = *rq;
	t->url = mem_str(rq->url);
	add_header(t, "If-None-Match", rq->etag);
	add_header(t, "If-Modified-Since", rq->last_modified);
	for (i = 0; rq->headers != NULL && rq->headers[i] != NULL; i++)
		add_line(&t->first, rq->headers[i]);
	t->next = h->first;
	h->first = t;
	if (start(t, e) == -1) {
		transfer_free(t);
		return -1;
	}
	return 0;
}

/* What libcurl says, in our words; what is not here is ERR_NETWORK. */
static const struct {
	CURLcode	 code;
	enum err_code	 err;
	bool		 retry;
	const char	*hint;
} failures[] = {
	{ CURLE_FILE_COULDNT_READ_FILE, ERR_NOT_FOUND, false, "" },
	{ CURLE_PEER_FAILED_VERIFICATION, ERR_NETWORK, false,
	    "if the server's certificate is from an authority of your own, "
	    "name it with --cacert" },
	{ CURLE_SSL_CACERT_BADFILE, ERR_USAGE, false,
	    "--cacert takes a file of certificates in PEM" },
	{ CURLE_COULDNT_RESOLVE_HOST, ERR_NETWORK, true,
	    "is there a network? --offline does with what is here" },
	{ CURLE_COULDNT_CONNECT, ERR_NETWORK, true,
	    "is there a network? --offline does with what is here" },
	{ CURLE_FILESIZE_EXCEEDED, ERR_INPUT, false, "" },
};

static void
set_failure(struct transfer *t, CURLcode code)
{
	const char *why = t->why[0] != '\0' ? t->why :
	    curl_easy_strerror(code);
	size_t i;

	for (i = 0; i < sizeof(failures) / sizeof(failures[0]); i++) {
		if (failures[i].code != code)
			continue;
		err_set(&t->e, failures[i].err, "%s: %s", t->url, why);
		t->e.retry = failures[i].retry;
		if (failures[i].hint[0] != '\0')
			err_hint(&t->e, "%s", failures[i].hint);
		return;
	}
	err_set(&t->e, ERR_NETWORK, "%s: %s", t->url, why);
}

static void
set_status(struct transfer *t, int status)
{
	if (status == 404 || status == 410) {
		err_set(&t->e, ERR_NOT_FOUND, "%s: not there (%d)", t->url,
		    status);
		t->e.retry = false;
		return;
	}
	err_set(&t->e, ERR_NETWORK, "%s: the server answers %d", t->url,
	    status);
	t->e.retry = status == 408 || status == 429 || status >= 500;
}

/* May from lead to there? */
static bool
leads(const char *from, const char *to)
{
	const enum http_kind kind = http_kind(to);

	return kind == HTTP_HTTPS ||
	    (kind == HTTP_LOOPBACK && http_kind(from) == HTTP_LOOPBACK);
}

/* True: it goes on elsewhere. */
static bool
redirected(struct transfer *t, int status)
{
	char *to = NULL;

	if (status < 300 || status > 399 || status == 304)
		return false;
	curl_easy_getinfo(t->easy, CURLINFO_REDIRECT_URL, &to);
	if (to == NULL) {
		set_status(t, status);
		return false;
	}
	if (!leads(t->url, to) || ++t->redirects > HTTP_REDIRECTS) {
		err_set(&t->e, ERR_NETWORK, t->redirects > HTTP_REDIRECTS ?
		    "%s: leads on to %s, and on and on" :
		    "%s: leads to %s, which is not safe", t->url, to);
		t->e.retry = false;
		return false;
	}
	to = mem_str(to);
	curl_multi_remove_handle(t->h->multi, t->easy);
	curl_easy_cleanup(t->easy);
	t->easy = NULL;
	free(t->url);
	t->url = to;
	t->got = 0;
	return start(t, &t->e) == 0;
}

static const char *
header(struct transfer *t, const char *name)
{
	struct curl_header *h;

	return curl_easy_header(t->easy, name, 0, CURLH_HEADER, -1, &h) ==
	    CURLHE_OK ? h->value : NULL;
}

static void
finish(struct transfer *t, CURLcode code)
{
	struct http_reply reply = { .url = t->url };
	const int status = status_of(t);

	if (t->e.code == ERR_NONE && code == CURLE_OK) {
		if (redirected(t, status))
			return;
		if (t->e.code == ERR_NONE && status != 200 && status != 304)
			set_status(t, status);
	} else if (t->e.code == ERR_NONE) {
		if (code == CURLE_WRITE_ERROR && status != 200)
			set_status(t, status);
		else
			set_failure(t, code);
	}
	if (t->easy != NULL) {
		reply.status = status;
		reply.etag = header(t, "ETag");
		reply.last_modified = header(t, "Last-Modified");
	}
	t->rq.done(&reply, t->e.code == ERR_NONE ? NULL : &t->e, t->rq.ctx);
	transfer_free(t);
}

int
http_turn(struct http *h, int in_fd, int wait_ms, struct err *e)
{
	struct curl_waitfd in = { .fd = in_fd, .events = CURL_WAIT_POLLIN };
	struct transfer *t;
	CURLMcode m;
	CURLMsg *msg;
	int running, left;

	m = curl_multi_perform(h->multi, &running);
	if (m == CURLM_OK && running > 0)
		m = curl_multi_poll(h->multi, &in, in_fd == -1 ? 0 : 1,
		    wait_ms, NULL);
	if (m == CURLM_OK)
		m = curl_multi_perform(h->multi, &running);
	if (m != CURLM_OK)
		return err_set(e, ERR_INTERNAL, "libcurl: %s",
		    curl_multi_strerror(m));
	while ((msg = curl_multi_info_read(h->multi, &left)) != NULL) {
		const CURLcode code = msg->data.result;

		if (msg->msg != CURLMSG_DONE)
			continue;
		curl_easy_getinfo(msg->easy_handle, CURLINFO_PRIVATE, &t);
		finish(t, code);
	}
	return 0;
}
