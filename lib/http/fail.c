/* SPDX-License-Identifier: MIT */
#include "http/http_impl.h"

#include <stdlib.h>

#include "base/mem.h"

/* Is that status of a server or a proxy a temporary failure? */
static bool
may_pass(long status)
{
	return status == 408 || status == 429 || status >= 500;
}

/* Nothing, or too little, came since the mark. */
static void
stalled(struct transfer *t, int64_t ms)
{
	const int64_t n = t->got - t->mark_own;

	if (n == 0)
		err_set(&t->e, ERR_TIMEOUT, "%s: nothing came for %lld ms",
		    t->url, (long long)ms);
	else
		err_set(&t->e, ERR_TIMEOUT, "%s: no more than %lld bytes came "
		    "in %lld ms", t->url, (long long)n, (long long)ms);
	t->e.retry = true;
}

/*
 * All share the line: one that gets nothing while others do is in a queue at
 * the server, and not dead.
 */
bool
transfer_stalled(struct transfer *t, int64_t now)
{
	const struct http *h = t->h;
	const int64_t ms = now - t->mark_ms;

	if (t->easy == NULL || t->mark_ms == 0 || ms < h->stall_ms)
		return false;
	if (h->got - t->mark_all < HTTP_SLOW * ms / 1000 &&
	    h->paid_us / 1000 <= now) {
		stalled(t, ms);
		return true;
	}
	t->mark_ms = now;
	t->mark_own = t->got;
	t->mark_all = h->got;
	return false;
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
	    "check the network, or use --offline" },
	{ CURLE_COULDNT_CONNECT, ERR_NETWORK, true,
	    "check the network, or use --offline" },
	{ CURLE_OPERATION_TIMEDOUT, ERR_TIMEOUT, true, "" },
};

void
transfer_headers(struct transfer *t)
{
	err_set(&t->e, ERR_NETWORK, "%s: more headers than any site of "
	    "firmware sends", t->url);
	t->e.retry = false;
	err_todo(&t->e, NEXT_CHECK_NETWORK,
	    "check the address, or name another site with --mirror");
}

/* What libcurl says of a single line that it has no room for. */
static bool
no_room(CURLcode code)
{
	const int too_large = 100;	/* CURLE_TOO_LARGE, since 8.6 */

	return code == CURLE_OUT_OF_MEMORY || (int)code == too_large;
}

/* "proxy.lan:3128", as libcurl finds it for https; the caller frees it. */
static char *
proxy_name(void)
{
	static const char *const names[] = { "https_proxy", "HTTPS_PROXY",
	    "all_proxy", "ALL_PROXY" };
	const char *v = NULL;
	char *host = NULL, *port = NULL, *name;
	CURLU *u = curl_url();

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (v == NULL || *v == '\0')
			v = getenv(names[i]);
	if (v != NULL && u != NULL && curl_url_set(u, CURLUPART_URL, v,
	    CURLU_DEFAULT_SCHEME | CURLU_NON_SUPPORT_SCHEME) == CURLUE_OK) {
		curl_url_get(u, CURLUPART_HOST, &host, 0);
		curl_url_get(u, CURLUPART_PORT, &port, 0);
	}
	name = mem_printf("%s%s%s", host != NULL ? host : "the proxy",
	    port != NULL ? ":" : "", port != NULL ? port : "");
	curl_free(port);
	curl_free(host);
	curl_url_cleanup(u);
	return name;
}

/* Did the proxy refuse to lead to the server? */
static bool
refused_by_proxy(struct transfer *t)
{
	char *proxy;
	long status = 0;

	curl_easy_getinfo(t->easy, CURLINFO_HTTP_CONNECTCODE, &status);
	if (status < 300)
		return false;
	proxy = proxy_name();
	err_set(&t->e, ERR_NETWORK, "%s: the proxy %s answers %ld", t->url,
	    proxy, status);
	t->e.retry = may_pass(status);
	if (status == 407)
		err_hint(&t->e, "put the proxy's user and password into "
		    "https_proxy: http://USER:PASSWORD@%s", proxy);
	else if (!t->e.retry)
		err_hint(&t->e, "let the proxy allow that server, or name "
		    "another server with --mirror");
	free(proxy);
	return true;
}

void
transfer_fail(struct transfer *t, CURLcode code)
{
	const char *why = t->why[0] != '\0' ? t->why :
	    curl_easy_strerror(code);
	size_t i;

	if (refused_by_proxy(t))
		return;
	if (code == CURLE_FILESIZE_EXCEEDED) {
		err_set(&t->e, ERR_INPUT, "%s: larger than %zu bytes", t->url,
		    t->rq.max);
		return;
	}
	if (!t->begun && no_room(code)) {
		transfer_headers(t);
		return;
	}
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

void
transfer_status(struct transfer *t, int status)
{
	if (status == 404 || status == 410) {
		err_set(&t->e, ERR_NOT_FOUND, "%s: not there (%d)", t->url,
		    status);
		t->e.retry = false;
		return;
	}
	err_set(&t->e, ERR_NETWORK, "%s: the server answers %d", t->url,
	    status);
	t->e.retry = may_pass(status);
	if (status == 401)
		http_netrc_hint(t->h, &t->e);
}
