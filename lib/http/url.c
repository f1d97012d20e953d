/* SPDX-License-Identifier: MIT */
#include "http/http.h"

#include <arpa/inet.h>
#include <string.h>
#include <strings.h>

#include <curl/curl.h>

/* The name that curl never asks a server about, or an address. */
static bool
is_loopback(const char *host)
{
	struct in_addr a;

	if (strcasecmp(host, "localhost") == 0 || strcmp(host, "[::1]") == 0)
		return true;
	return inet_pton(AF_INET, host, &a) == 1 &&
	    ntohl(a.s_addr) >> 24 == IN_LOOPBACKNET;
}

static enum http_kind
url_kind(const char *scheme, const char *host)
{
	if (strcasecmp(scheme, "https") == 0 && host != NULL && *host != '\0')
		return HTTP_HTTPS;
	if (strcasecmp(scheme, "file") == 0 && (host == NULL || *host == '\0'))
		return HTTP_FILE;
	if (strcasecmp(scheme, "http") == 0 && host != NULL &&
	    is_loopback(host))
		return HTTP_LOOPBACK;
	return HTTP_NO;
}

enum http_kind
http_kind(const char *url)
{
	enum http_kind kind = HTTP_NO;
	char *scheme = NULL, *host = NULL;
	CURLU *u = curl_url();

	if (u != NULL && curl_url_set(u, CURLUPART_URL, url, 0) == CURLUE_OK &&
	    curl_url_get(u, CURLUPART_SCHEME, &scheme, 0) == CURLUE_OK) {
		curl_url_get(u, CURLUPART_HOST, &host, 0);
		kind = url_kind(scheme, host);
	}
	curl_free(scheme);
	curl_free(host);
	curl_url_cleanup(u);
	return kind;
}

const char *
url_file(const char *url)
{
	const char *slash = strrchr(url, '/');

	return slash == NULL ? url : slash + 1;
}
