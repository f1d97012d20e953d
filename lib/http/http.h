/* SPDX-License-Identifier: MIT */
#ifndef MPF_HTTP_H
#define MPF_HTTP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"

/*
 * http: many GETs at once.  With http_*.c the only home of libcurl.
 *
 * https with the certificate checked, http to the loopback alone, and file.
 * At most HTTP_CONNECTIONS at a time to one host, HTTP/2 where the server
 * has it.  A redirect leads to https, or from the loopback to the loopback.
 * Only the body of an answer with status 200 is ever handed out, or of a 206
 * that goes on where it was asked to, so that an error page can not become a
 * file.
 *
 * Names and passwords for hosts are those of $NETRC or ~/.netrc, as curl(1)
 * reads it, unless other users may read or write that file.  Each goes to its
 * host alone, wherever a redirect leads.  No message shows a password, or what
 * stands behind the "?" of an address.
 *
 * What may pass is tried again by itself, after a while: a connection that
 * broke or stood still, and the statuses 408, 429 and 5xx.  Retry-After is
 * heeded up to HTTP_PATIENCE_MS.  Where the server gave a strong ETag the
 * next try goes on from where the last one ended (RFC 9110, 13.1.5 and 14).
 */

#define HTTP_CONNECTIONS	6
#define HTTP_RETRIES		3	/* what the tools do, unless told */
#define HTTP_RETRY_MS		500	/* before the second try; then twice */
#define HTTP_CONNECT_MS		10000	/* to connect, if not told otherwise */
#define HTTP_STALL_MS		30000	/* below HTTP_SLOW for so long: dead */
#define HTTP_SLOW		1024	/* bytes a second, of all together */
#define HTTP_REDIRECTS		5
#define HTTP_HEADERS_BYTES	65536	/* of one answer; real ones: a tenth */
#define HTTP_HEADERS		1000	/* and so many lines */
#define HTTP_PATIENCE_MS	60000	/* the longest wait for another try */
/*
 * So many bytes are asked for a second time where a body goes on, to be
 * compared with those that are there: a server may say that nothing changed,
 * and be wrong.
 */
#define HTTP_OVERLAP		4096

struct http;

struct http_opts {
	const char	*cacert;	/* PEM file; NULL: the system's */
	int64_t		 timeout_ms;	/* in place of both times; 0: not */
	int64_t		 retries;	/* 0: the first try is the only one */
	int64_t		 retry_ms;	/* before the second; then twice */
	int64_t		 rate;		/* bytes a second, of all, and no
					 * HTTP/2; 0: any */
	/* That there will be another try, and why; NULL: to nobody. */
	void		(*say)(const char *fmt, ...);
};

/* Nothing of it outlives the call that it is given to. */
struct http_reply {
	int		 status;	/* 200, 206, 304; 0: never came */
	const char	*url;		/* after redirects */
	const char	*etag;		/* NULL: none */
	const char	*last_modified;
};

/* From begin and body: what is there is not the beginning of that. */
#define HTTP_ANEW	1

struct http_request {
	const char	*url;
	/*
	 * Where a body goes, instead of begin and body: cleared when one
	 * begins, so that each try begins anew; its ceiling is max, and have
	 * is for others.  Borrowed until done; NULL: they are called.
	 */
	struct buf	*into;
	size_t		 max;		/* bytes of body; more is ERR_INPUT */
	bool		 text;		/* may come compressed */
	const char	*etag;		/* the one we have: 304 if it is that */
	const char	*last_modified;
	/* More header lines, for this address alone; ends with NULL; NULL. */
	const char *const *headers;
	int64_t		 have;		/* bytes there, of what has this ... */
	const char	*if_range;	/* ... strong ETag, or NULL */
	/*
	 * A body begins, at byte from: 0, or at most HTTP_OVERLAP below what
	 * is there; total -1: unknown.  Called anew at each try.  NULL: never
	 * mind.
	 */
	int		(*begin)(int64_t from, int64_t total,
			    const struct http_reply *reply, void *ctx,
			    struct err *e);
	/* A piece of it.  Both: -1 ends it, HTTP_ANEW asks for all of it. */
	int		(*body)(const void *p, size_t n, void *ctx,
			    struct err *e);
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
 * ERR_NETWORK and ERR_TIMEOUT (retry says whether that may help),
 * ERR_NOT_FOUND (404, 410), ERR_INPUT (more than max), or what begin or body
 * said.
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

/* The last part of an address: what stands behind the last "/". */
const char	*url_file(const char *url);

/* "bytes 0-499/1234"; total -1 for "*".  False: not one, or impossible. */
bool	http_content_range(const char *value, int64_t *from, int64_t *to,
	    int64_t *total);
/* A strong ETag (RFC 9110, 8.8.3), fit for a header and a line of text. */
bool	http_etag_strong(const char *etag);

#endif
