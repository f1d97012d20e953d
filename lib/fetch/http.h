/* SPDX-License-Identifier: MIT */
#ifndef MPF_FETCH_HTTP_H
#define MPF_FETCH_HTTP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

/*
 * http: many GETs at once.  With http_url.c the only home of libcurl.
 *
 * https with the certificate checked, http to the loopback alone, and file.
 * At most HTTP_CONNECTIONS at a time to one host, HTTP/2 where the server
 * has it.  A redirect leads to https, or from the loopback to the loopback.
 * Only the body of an answer with status 200 is ever handed out, so that an
 * error page can not become a file.
 */

#define HTTP_CONNECTIONS	6
#define HTTP_CONNECT_MS		10000	/* to connect, if not told otherwise */
#define HTTP_STALL_MS		30000	/* below HTTP_SLOW for so long: dead */
#define HTTP_SLOW		1024	/* bytes a second */
#define HTTP_REDIRECTS		5

struct http;

struct http_opts {
	const char	*cacert;	/* PEM file; NULL: the system's */
	int64_t		 timeout_ms;	/* in place of both times; 0: not */
};

/* Nothing of it outlives the call of done. */
struct http_reply {
	int		 status;	/* 200 or 304; 0: never came */
	const char	*url;		/* after redirects */
	const char	*etag;		/* NULL: none */
	const char	*last_modified;
};

struct http_request {
	const char	*url;
	size_t		 max;		/* bytes of body; more is ERR_INPUT */
	bool		 text;		/* may come compressed */
	const char	*etag;		/* the one we have: 304 if it is that */
	const char	*last_modified;
	/* More header lines, for this address alone; ends with NULL; NULL. */
	const char *const *headers;
	/* A piece of the body; total -1: unknown.  -1 ends the transfer. */
	int		(*body)(const void *p, size_t n, int64_t total,
			    void *ctx, struct err *e);
	/* The end, once; e NULL: well.  It may begin other requests. */
	void		(*done)(const struct http_reply *reply,
			    const struct err *e, void *ctx);
	void		*ctx;
};

int	http_open(const struct http_opts *o, struct http **out, struct err *e);
/* What still runs is dropped without a word.  NULL is fine. */
void	http_close(struct http *h);

/*
 * Begins it; all strings are copied.  ERR_USAGE on an address that is not one
 * of those above; then done is not called.  Later failures go to done:
 * ERR_NETWORK (retry says whether that may help), ERR_NOT_FOUND (404, 410),
 * ERR_INPUT (more than max), or what body said.
 */
int	http_get(struct http *h, const struct http_request *rq, struct err *e);
/*
 * Works until something happened: a piece came, a request ended, a signal,
 * or there is input on in_fd (-1: none), and at most for wait_ms.
 */
int	http_turn(struct http *h, int in_fd, int wait_ms, struct err *e);
/* Ends all that runs, without a word. */
void	http_drop(struct http *h);

enum http_kind { HTTP_NO, HTTP_HTTPS, HTTP_LOOPBACK, HTTP_FILE };

/* What an address is; HTTP_NO: none that may be asked. */
enum http_kind	http_kind(const char *url);

#endif
